import { bootstrapMedian, type Estimate } from "../statistics/bootstrap.ts";
import type { Check } from "./judge-counts.ts";

/** By so much the ratio to the bare server may exceed what is committed: half of the 20 % that must be found. */
export const RATIO_TOLERANCE = 0.1;

/** Fewer pairs tell nothing for certain. */
export const MIN_PAIRS = 5;

/** What so many pairs say: decided where the whole interval lies on one side of the limit. */
export interface RatioVerdict {
  readonly estimate: Estimate;
  readonly limit: number;
  readonly decision: "within" | "beyond" | "undecided";
}

/**
 * Judges paired ratios. How far they scatter decides how many are needed: on a quiet machine five do, on a busy
 * one the interval is wide, and more pairs must narrow it before it lies on one side of the limit.
 */
export function judgeRatio(ratios: readonly number[], committed: number): RatioVerdict {
  const limit = committed * (1 + RATIO_TOLERANCE);
  const estimate = bootstrapMedian(ratios, { confidence: 0.95 });
  const { low, high } = estimate;
  const decision =
    ratios.length < MIN_PAIRS ? "undecided" : high <= limit ? "within" : low > limit ? "beyond" : "undecided";
  return { estimate, limit, decision };
}

/** The last word: where no number of pairs decided, the median does, and the line says so. */
export function ratioCheck(ratios: readonly number[], committed: number | undefined, cpu: string): Check {
  const what = "server CPU per frame / bare uWS";
  if (committed === undefined)
    return {
      what,
      committed: "–",
      measured: inWords(bootstrapMedian(ratios)),
      verdict: "skipped",
      because: `no ratio is committed for ${cpu}: "npm run bench:gate -- --update all" there makes one`,
    };
  const { estimate, limit, decision } = judgeRatio(ratios, committed);
  const { median } = estimate;
  const isBeyond = decision === "beyond" || (decision === "undecided" && median > limit);
  const undecided = decision === "undecided" ? ", too noisy to be certain" : "";
  return {
    what,
    committed: `${committed.toFixed(3)}, at most ${limit.toFixed(3)}`,
    measured: inWords(estimate, undecided),
    verdict: isBeyond ? "failed" : "passed",
    ...(isBeyond && {
      because:
        `a frame costs ${median.toFixed(3)} times what it costs the bare server, ` +
        `${((median / committed - 1) * 100).toFixed(0)} % above what is committed${undecided}`,
    }),
  };
}

function inWords({ median, low, high, count }: Estimate, more = ""): string {
  return `${median.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}; ${count} pairs${more})`;
}
