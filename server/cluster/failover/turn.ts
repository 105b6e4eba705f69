import { createHash } from "node:crypto";
import type { NodeRecord } from "../directory/node-record.ts";
import { pressureOf } from "../directory/pressure.ts";

/** A node that is full gets as much as one that has a hundredth of its places free. */
const LEAST_WEIGHT = 0.01;

/**
 * Whose turn it is to take a room over: everybody who sees the same nodes finds the same one, and each gets as large a
 * share of many rooms as it has room left (weighted rendezvous hashing: Schindelhauer and Schomaker, "Weighted
 * distributed hash tables", SPAA 2005).
 *
 * @returns `undefined` where there is no node
 */
export function turnOf(roomId: string, nodes: readonly NodeRecord[]): NodeRecord | undefined {
  let best: NodeRecord | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    const weight = Math.max(LEAST_WEIGHT, 1 - pressureOf(node.load, node));
    const score = weight / -Math.log(share(`${node.id} ${roomId}`));
    if (score <= bestScore) continue;
    best = node;
    bestScore = score;
  }
  return best;
}

/** A number above 0 and below 1 that depends on nothing but the text. */
function share(text: string): number {
  return (createHash("sha256").update(text).digest().readUInt32BE(0) + 0.5) / 2 ** 32;
}
