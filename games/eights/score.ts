import { pointsIn } from "./cards.ts";
import type { Deal } from "./deal.ts";

/** Whoever has so many points has won the match. */
export const TARGET = 100;

/**
 * What a deal that is over comes to: the winner gets what the others still hold. Where nobody could go out, the
 * cheapest hand wins what the others hold beyond it; among equals the one who would play next.
 */
export function scoreOf({ hands, turn }: Pick<Deal, "hands" | "turn">): {
  readonly winner: number;
  readonly points: number;
} {
  const costs = hands.map(pointsIn);
  const cheapest = Math.min(...costs);
  const inOrder = costs.map((_, step) => (turn + step) % costs.length);
  const winner = inOrder.find((place) => costs[place] === cheapest) ?? 0;
  return { winner, points: costs.reduce((sum, cost) => sum + cost - cheapest, 0) };
}
