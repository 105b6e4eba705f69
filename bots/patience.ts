import type { NetworkConditions } from "../shared/link/network-conditions.ts";

/** Longer than a room needs to catch up, and than the way to a server on the other side of the earth. */
const PATIENCE_MS = 1_000;

/**
 * How late a bot's next tick may be when the run ends, in milliseconds: from there on it never came. What a network
 * holds that the bots play through is on its way; one that is narrow or cuts connections may hold it for any time.
 */
export function patienceMs(network: NetworkConditions): number {
  const { latencyMs, jitterMs, bytesPerSecond, stallForMs, cutEveryMs } = network;
  if (Number.isFinite(bytesPerSecond) || Number.isFinite(cutEveryMs)) return Number.POSITIVE_INFINITY;
  return PATIENCE_MS + latencyMs + jitterMs + stallForMs;
}
