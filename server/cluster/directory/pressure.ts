import type { NodeLoad, NodeRegistration } from "./node-record.ts";

/** A tick that is so late, p99, counts as much as a node that is full. */
const LATENESS_OF_A_FULL_NODE_MS = 50;

/**
 * How busy a node is, for placement: the least busy one makes the next room. 0 is idle, 1 is full by whichever of its
 * measures is the worst, so that a node with few heavy rooms counts as busy as one with many light ones.
 */
export function pressureOf(
  { rooms, players, eventLoopUse, tickLatenessMs }: NodeLoad,
  { maxRooms, maxPlayers }: Pick<NodeRegistration, "maxRooms" | "maxPlayers">,
): number {
  return Math.max(
    rooms / maxRooms,
    players / maxPlayers,
    eventLoopUse,
    tickLatenessMs / LATENESS_OF_A_FULL_NODE_MS,
  );
}
