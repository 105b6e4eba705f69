import type { Clock, MonotonicMs } from "../shared/tick/clock.ts";
import type { ClusterPart } from "./cluster/cluster-part.ts";
import type { Matchmaker } from "./matchmaking/matchmaker.ts";
import { poll } from "./poll.ts";

/** Tells each room's players, and in its next tick its game, in how long the server closes it. */
export function tellOfDrain(matchmaker: Matchmaker, closesInMs: () => number): void {
  const secondsLeft = Math.round(closesInMs() / 1000);
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

/** How often it is looked whether the move is over. */
const LOOK_MS = 5;

/** In a cluster rooms need not end with this process. Resolves when all have moved that can, or the time is over. */
export async function moveRooms(
  matchmaker: Matchmaker,
  cluster: Pick<ClusterPart, "move"> | undefined,
  clock: Clock,
  deadline: MonotonicMs,
  isStopping: () => boolean,
): Promise<void> {
  let isMoving = cluster !== undefined;
  void cluster?.move([...matchmaker.rooms.values()], deadline).finally(() => {
    isMoving = false;
  });
  await poll(clock, () => !isMoving || isStopping(), deadline, LOOK_MS);
}

/** Whether nobody has a seat any more, is about to take one, or may return to one. */
export function everybodyLeft(matchmaker: Matchmaker): boolean {
  for (const { seats } of matchmaker.rooms.values()) if (seats.taken > 0) return false;
  return true;
}
