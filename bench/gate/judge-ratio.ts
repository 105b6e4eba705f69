import { bootstrapMedian, type Estimate } from "../statistics/bootstrap.ts";
import type { Check } from "./judge-counts.ts";

/** By so much the ratio to the bare server may exceed what is committed: half of the 20 % that must be found. */
export const RATIO_TOLERANCE = 0.1;

/** Fewer pairs tell nothing for certain. */
export const MIN_PAIRS = 5;

/**
 * In so many times the bare server's time a tick's last client may have it, in the median tick and on any processor.
 * With the gate's 1,000 clients it is 1.0 to 1.5 on busy machines (docs/measurements.md), and what holds every tick
 * back by more than the 6 ms of the bare server is found.
 */
export const LATENCY_LIMIT = 2;

/** What so many pairs say: decided where the whole interval lies on one side of the limit. */
export interface RatioVerdict {
  readonly estimate: Estimate;
  readonly decision: "within" | "beyond" | "undecided";
  /** The last word: where nothing is decided the median decides. */
  readonly isBeyond: boolean;
}

/** Up to where the ratio of CPU is as committed. */
export const cpuLimit = (committed: number): number => committed * (1 + RATIO_TOLERANCE);

/**
 * Judges paired ratios. How far they scatter decides how many are needed: on a quiet machine five do, on a busy
 * one the interval is wide, and more pairs must narrow it before it lies on one side of the limit.
 */
export function judgeRatio(ratios: readonly number[], limit: number): RatioVerdict {
  const estimate = bootstrapMedian(ratios, { confidence: 0.95 });
  const { median, low, high } = estimate;
  const decision =
    ratios.length < MIN_PAIRS ? "undecided" : high <= limit ? "within" : low > limit ? "beyond" : "undecided";
  const isBeyond = decision === "beyond" || (decision === "undecided" && median > limit);
  return { estimate, decision, isBeyond };
}

/** The line of the CPU: where no number of pairs decided, it says so. */
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
  const limit = cpuLimit(committed);
  const verdict = judgeRatio(ratios, limit);
  const { estimate, isBeyond } = verdict;
  const { median } = estimate;
  const undecided = noise(verdict);
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

/** The line of the latency, by a limit that is the same everywhere. */
export function latencyCheck(ratios: readonly number[]): Check {
  const verdict = judgeRatio(ratios, LATENCY_LIMIT);
  const { estimate, isBeyond } = verdict;
  const undecided = noise(verdict);
  return {
    what: "p50 to the last client / bare uWS",
    committed: `at most ${LATENCY_LIMIT.toFixed(3)}`,
    measured: inWords(estimate, undecided),
    verdict: isBeyond ? "failed" : "passed",
    ...(isBeyond && {
      because:
        `a tick reaches its last client after ${estimate.median.toFixed(3)} times what the bare server takes, ` +
        `at most ${LATENCY_LIMIT} are allowed${undecided}`,
    }),
  };
}

const noise = ({ decision }: RatioVerdict): string =>
  decision === "undecided" ? ", too noisy to be certain" : "";

function inWords({ median, low, high, count }: Estimate, more = ""): string {
  return `${median.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}; ${count} pairs${more})`;
}
