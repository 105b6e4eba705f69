import type { Matchmaker } from "./matchmaking/matchmaker.ts";

/** Tells each room's players, and in its next tick its game, in how long the server closes it. */
export function tellOfDrain(matchmaker: Matchmaker, secondsLeft: number, closesInMs: () => number): void {
  for (const room of matchmaker.rooms.values()) {
    room.announceMaintenance(closesInMs);
    const drain = matchmaker.definition(room.name.game)?.config.drain;
    if (drain === undefined) continue;
    room.runInTick(
      () => void room.containment.run({ hook: "drain" }, () => drain(room.facade, secondsLeft)),
      { hook: "drain", secondsLeft },
    );
  }
}

/** Whether nobody has a seat any more, is about to take one, or may return to one. */
export function everybodyLeft(matchmaker: Matchmaker): boolean {
  for (const { seats } of matchmaker.rooms.values()) if (seats.taken > 0) return false;
  return true;
}
