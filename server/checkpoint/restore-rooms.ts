import type { Game } from "../../shared/definition/game.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import type { TimeOfDay } from "../../shared/tick/clock.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { Bus } from "../bus.ts";
import type { Matchmaker } from "../matchmaking/matchmaker.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import { nextIdsOf } from "../room/image/restore-room.ts";
import type { RoomPast } from "../room/image/room-image.ts";
import { fitsTable } from "../room/image/table-columns.ts";
import { Lineage } from "../room/lineage.ts";
import { readCheckpoint, type SavedRoom, writeCheckpoint } from "./checkpoint-format.ts";
import type { CheckpointKey, CheckpointStore } from "./checkpoint-store.ts";

export interface RestoreParts {
  readonly store: CheckpointStore;
  readonly matchmaker: Matchmaker;
  readonly bus: Bus;
  readonly timeOfDay: TimeOfDay;
  /** By which right the room is restored. Absent: nobody else can. */
  readonly claim?: RestoreClaim;
}

/** Of several servers with one store, the one that may. */
export interface RestoreClaim {
  /** Rises with each owner, by whoever decides who that is: the new timeline and the store's epoch are it, at least. */
  readonly epoch: number;
  /** Asked behind the last thing that is waited for, before the room ticks. */
  readonly holds: () => boolean;
}

/**
 * - `restored`: it ticks
 * - `unusable`: there is nothing that can be restored here, nor will there be
 * - `later`: the store does not answer, or there is no place for it
 * - `not-ours`: another server has it by now
 */
export type RestoreOutcome =
  | { readonly state: "restored" }
  | { readonly state: "unusable" | "later" | "not-ours"; readonly message: string };

/** So many rooms are loaded at a time: `load` may wait for a database. */
const AT_ONCE = 8;

/** Clocks that were set, and ticks that began early: by so much more than the time that passed ticks may have run on. */
const SLACK_MS = 2_000;

/**
 * Opens every room that a store has of the games that are served. What cannot be restored is left where it is, and told in
 * a sentence: the players of that room are told that there is none.
 */
export async function restoreRooms(parts: RestoreParts): Promise<void> {
  const keys = [...(await parts.store.list())];
  const work = async (): Promise<void> => {
    for (let key = keys.shift(); key !== undefined; key = keys.shift()) {
      const outcome = await restoreRoom(key, parts);
      if (outcome.state === "restored") continue;
      const room = { game: key.game, id: key.room };
      parts.bus.emit("checkpointRefused", { room, message: outcome.message });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Opens rooms one by one, by right of a claim each. Without a store there is nothing to open. */
export function roomRestorer({
  store,
  timeOfDay,
  ...parts
}: Omit<RestoreParts, "claim" | "store" | "timeOfDay"> & Partial<RestoreParts>) {
  return async (key: CheckpointKey, claim: RestoreClaim): Promise<RestoreOutcome> =>
    store === undefined || timeOfDay === undefined
      ? { state: "unusable", message: "rooms are saved nowhere." }
      : restoreRoom(key, { ...parts, store, timeOfDay, claim });
}

/** Opens one room as it was saved. */
export async function restoreRoom(key: CheckpointKey, parts: RestoreParts): Promise<RestoreOutcome> {
  const { store, matchmaker, bus, timeOfDay, claim } = parts;
  const subject = `The checkpoint of room ${key.room} of game "${key.game}"`;
  const unusable = (message: string): RestoreOutcome => ({ state: "unusable", message });
  const found = await store.load(key).catch((error: Error) => ({
    state: "failed" as const,
    message: `${subject} could not be loaded: ${error.message}.`,
  }));
  if (found.state === "failed") return { state: "later", message: found.message };
  if (found.state === "none") return unusable(`${subject} is gone.`);
  if (found.state === "unusable") return unusable(found.reason);
  const read = readCheckpoint(found.checkpoint.bytes);
  if (!read.ok) return unusable(`${subject} ${read.problem}`);
  const definition = matchmaker.definition(key.game);
  if (definition === undefined) return unusable(`${subject} is for a game that this server does not host.`);
  if (!isOf(definition, read.saved))
    return unusable(
      `${subject} was written for another version of the game, with another definition. It is left for a server of that version; players get a new room.`,
    );

  const past = pastOf(read.saved, {
    definition,
    storedEpoch: found.checkpoint.epoch,
    now: timeOfDay(),
    claim,
  });
  const outcome = await matchmaker.restore(definition, key.room, past, async () => {
    // From now on it is no exact image: the room goes on. Where that cannot be said, this is told, and it goes on, too.
    const going = writeCheckpoint(goingOn(read.saved, past, definition.game, timeOfDay()));
    const room = { game: key.game, id: key.room };
    try {
      if ((await store.save(key, { bytes: going, epoch: past.timeline })) === "saved")
        return claim?.holds() ?? true;
      bus.emit("checkpointFailed", { room, reason: "stale", message: "another server has the room by now." });
      return false;
    } catch (error) {
      const message = `the store failed: ${(error as Error).message}.`;
      bus.emit("checkpointFailed", { room, reason: "store", message });
      return claim?.holds() ?? true;
    }
  });
  if ("why" in outcome)
    return { state: stateOf[outcome.why], message: `${subject} was not restored: ${outcome.message}` };
  bus.emit("roomRestored", {
    room: outcome.name,
    tick: past.firstTick,
    timeline: past.timeline,
    kind: past.image.kind,
    players: past.image.seats.map(({ id }) => id),
    ageMs: Math.max(0, timeOfDay() - read.saved.savedAt),
  });
  return { state: "restored" };
}

const stateOf = { full: "later", "not-ours": "not-ours", failed: "unusable" } as const;

/** What is known of a room that is about to tick again: enough to begin above all that it will tell and give. */
function goingOn({ hash, image, savedAt }: SavedRoom, past: RoomPast, game: Game, now: number): SavedRoom {
  const { timeline, ancestors } = Lineage.of(past);
  return {
    hash,
    // Behind a crash its ticks are ahead of the image by all the time since then, and by a part of one.
    savedAt: image.kind === "exact" ? now : savedAt - periodMs(game.spec.tickRate),
    image: {
      ...{ ...image, kind: "running", timeline, ancestors, events: [] },
      nextIds: nextIdsOf(image),
      seats: forgetful(past),
    },
  };
}

/** Seats without what was told in ticks that nobody can build upon once the room has gone on. */
function forgetful({ image }: RoomPast): RoomPast["image"]["seats"] {
  return image.seats.map((seat) => ({
    ...seat,
    knownSince: image.tick,
    told: [],
    replies: [...seat.told.flatMap(([, , replies]) => replies), ...seat.replies],
  }));
}

function isOf({ game }: RoomDefinition, { hash, image }: SavedRoom): boolean {
  if (hash !== game.hash) return false;
  const { tables } = gameLayout(game.description);
  return (
    image.tables.length === tables.length &&
    tables.every((table) => {
      const columns = image.tables[table.index];
      return columns !== undefined && fitsTable(columns, table, game.description);
    })
  );
}

/** Behind an exact image the room goes on with the next tick; otherwise beyond every tick that it can have published. */
function pastOf(
  { image, savedAt }: SavedRoom,
  {
    definition: { game },
    storedEpoch,
    now,
    claim,
  }: {
    readonly definition: RoomDefinition;
    readonly storedEpoch: number;
    readonly now: number;
    readonly claim: RestoreClaim | undefined;
  },
): RoomPast {
  const unseenMs = Math.max(0, now - savedAt) + SLACK_MS;
  const unseenTicks = image.kind === "exact" ? 0 : Math.ceil(unseenMs / periodMs(game.spec.tickRate));
  // By the time of day, so that two lives from one checkpoint are two timelines; where several servers may restore it, by
  // what was decided among them, for their times of day may differ.
  const least = claim?.epoch ?? Math.floor(now);
  return {
    image,
    timeline: Math.max(image.timeline + 1, storedEpoch + 1, least),
    firstTick: image.tick + 1 + unseenTicks,
  };
}
