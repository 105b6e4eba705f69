import type { CloseRetry } from "../shared/protocol/close-codes.ts";
import type { Random } from "../shared/random/seeded-random.ts";

const FIRST_MS = 250;
const MOST_MS = 5_000;
/** What does not mend in a moment is not tried in a moment. */
const LATER_MS = 1_000;

/**
 * How long to wait before attempt `attempt` (from 0) to connect again: "full jitter", anything from nothing to a
 * bound that doubles, so that a thousand clients of one server do not come back at once
 * (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
 */
export function backoffMs(attempt: number, retry: CloseRetry, random: Random): number {
  const bound = Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  return random() * bound + (retry === "later" ? LATER_MS : 0);
}
