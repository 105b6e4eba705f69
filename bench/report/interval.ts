import { ENOUGH, type Estimate } from "../statistics/bootstrap.ts";

/**
 * Between what a median lies, named as what it is: fewer than {@link ENOUGH} figures have a least and a greatest one,
 * but no interval that holds the true median 19 times in 20.
 */
export function intervalName({ count }: Pick<Estimate, "count">): "95 %" | "min to max" {
  return count < ENOUGH ? "min to max" : "95 %";
}

/** The same with both ends, as it stands behind a median. */
export function intervalText(estimate: Estimate, as: (value: number) => string): string {
  return `${intervalName(estimate)}: ${as(estimate.low)} to ${as(estimate.high)}`;
}
