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
}

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
      const refusal = await restoreRoom(key, parts);
      if (refusal === undefined) continue;
      const room = { game: key.game, id: key.room };
      parts.bus.emit("checkpointRefused", { room, message: refusal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Why there is no such room, if so. */
export async function restoreRoom(key: CheckpointKey, parts: RestoreParts): Promise<string | undefined> {
  const { store, matchmaker, bus, timeOfDay } = parts;
  const subject = `The checkpoint of room ${key.room} of game "${key.game}"`;
  const found = await store.load(key).catch((error: Error) => ({
    state: "unusable" as const,
    reason: `${subject} could not be loaded: ${error.message}.`,
  }));
  if (found.state === "none") return `${subject} is gone.`;
  if (found.state === "unusable") return found.reason;
  const read = readCheckpoint(found.checkpoint.bytes);
  if (!read.ok) return `${subject} ${read.problem}`;
  const definition = matchmaker.definition(key.game);
  if (definition === undefined) return `${subject} is for a game that this server does not host.`;
  if (!isOf(definition, read.saved))
    return `${subject} was written for another version of the game, with another definition. It is left for a server of that version; players get a new room.`;

  const past = pastOf(read.saved, found.checkpoint.epoch, definition, timeOfDay());
  const outcome = await matchmaker.restore(definition, key.room, past, async () => {
    // From now on it is no exact image: the room goes on. Where that cannot be said, this is told, and it goes on, too.
    const going = writeCheckpoint(goingOn(read.saved, past, definition.game, timeOfDay()));
    const room = { game: key.game, id: key.room };
    try {
      if ((await store.save(key, { bytes: going, epoch: past.timeline })) === "saved") return true;
      bus.emit("checkpointFailed", { room, reason: "stale", message: "another server has the room by now." });
      return false;
    } catch (error) {
      const message = `the store failed: ${(error as Error).message}.`;
      bus.emit("checkpointFailed", { room, reason: "store", message });
      return true;
    }
  });
  if (typeof outcome === "string") return `${subject} was not restored: ${outcome}`;
  bus.emit("roomRestored", {
    room: outcome.name,
    tick: past.firstTick,
    timeline: past.timeline,
    kind: past.image.kind,
    players: past.image.seats.map(({ id }) => id),
    ageMs: Math.max(0, timeOfDay() - read.saved.savedAt),
  });
  return undefined;
}

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
  epoch: number,
  { game }: RoomDefinition,
  now: number,
): RoomPast {
  const unseenMs = Math.max(0, now - savedAt) + SLACK_MS;
  const unseenTicks = image.kind === "exact" ? 0 : Math.ceil(unseenMs / periodMs(game.spec.tickRate));
  return {
    image,
    // By the time of day, so that two lives from one checkpoint are two timelines.
    timeline: Math.max(image.timeline, epoch, Math.floor(now) - 1) + 1,
    firstTick: image.tick + 1 + unseenTicks,
  };
}
