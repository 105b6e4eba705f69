import type { NodeReport } from "./directory.ts";
import type { NodeRegistration } from "./node-record.ts";
import type { RoomQuery } from "./room-record.ts";

const ID = /^[A-Za-z0-9._-]{1,64}$/;
const GAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const MAX_EXCEPT = 16;
const MAX_SETTLED = 1_000;
const MAX_PAGE = 500;
const MAX_ORPHANS = 1_000;
const MAX_METADATA = 32;

/** What is wrong here is our own doing, not a peer's: it throws. */
export function validateNode(node: NodeRegistration): void {
  validateId("a node", node.id);
  if (node.games.length === 0) throw new RangeError(`node ${node.id} serves no game; name one at least`);
  for (const served of node.games) validateGame(served);
  validateCount("maxRooms", node.maxRooms, 1);
  validateCount("maxPlayers", node.maxPlayers, 1);
  validateEpoch(node.formerEpoch);
}

export function validateGame({ game, build }: { readonly game: string; readonly build: string }): void {
  if (!GAME.test(game)) throw new RangeError(`"${game}" is no name of a game: ${GAME}`);
  validateId("a build", build);
}

export function validateId(what: string, id: string): void {
  if (!ID.test(id)) throw new RangeError(`"${id}" is no id of ${what}: ${ID}`);
}

/** What of a room is the same wherever it comes from. */
export function validateRoom(room: {
  readonly id?: string;
  readonly seats?: number | undefined;
  readonly maxSeats?: number | undefined;
  readonly timeline?: number | undefined;
  readonly metadata?: object | undefined;
}): void {
  if (room.id !== undefined) validateId("a room", room.id);
  if (room.maxSeats !== undefined) validateCount("maxSeats", room.maxSeats, 1);
  if (room.seats !== undefined) validateCount("seats", room.seats, 0);
  if (room.timeline !== undefined) validateCount("timeline", room.timeline, 0);
  const entries = Object.keys(room.metadata ?? {}).length;
  if (entries > MAX_METADATA)
    throw new RangeError(`metadata has ${entries} entries; the directory indexes ${MAX_METADATA} at most`);
}

/** Lua in Redis writes numbers of JSON with 14 digits; milliseconds need those from the year 5138 on. */
export function validateEpoch(formerEpoch = 0): void {
  if (!(Number.isSafeInteger(formerEpoch) && formerEpoch >= 0 && formerEpoch < 1e14 - 1))
    throw new RangeError(`formerEpoch is ${formerEpoch}; it must be a whole number of at most 14 digits`);
}

export function validateExcept(except: readonly string[]): void {
  if (except.length > MAX_EXCEPT)
    throw new RangeError(`except names ${except.length} rooms; it may name ${MAX_EXCEPT}`);
  for (const id of except) validateId("a room", id);
}

export function validatePage({ game, limit = 50, after, metadata }: RoomQuery): number {
  validateGame({ game, build: "any" });
  if (after !== undefined) validateId("a room", after);
  validateRoom({ metadata });
  return bounded("limit", limit, MAX_PAGE);
}

export function validateOrphans(limit: number): number {
  return bounded("limit", limit, MAX_ORPHANS);
}

export function validateReport({ load, pressure }: NodeReport): void {
  for (const [name, measure] of Object.entries({ ...load, pressure }))
    if (!(Number.isFinite(measure) && measure >= 0))
      throw new RangeError(`${name} is ${measure}; it must be a number, 0 at least`);
}

export function validateSettled(holds: readonly string[]): void {
  if (holds.length > MAX_SETTLED)
    throw new RangeError(`settled names ${holds.length} holds; it may name ${MAX_SETTLED}`);
  for (const hold of holds) validateId("a hold", hold);
}

function bounded(name: string, count: number, most: number): number {
  validateCount(name, count, 1);
  if (count > most) throw new RangeError(`${name} is ${count}; it must be ${most} at most`);
  return count;
}

function validateCount(name: string, count: number, least: number): void {
  if (!(Number.isSafeInteger(count) && count >= least))
    throw new RangeError(`${name} is ${count}; it must be a whole number, ${least} at least`);
}
