import type { Baseline } from "./baseline.ts";
import type { Counted } from "./count.ts";

/** One line of the gate's table. */
export interface Check {
  readonly what: string;
  readonly committed: string;
  readonly measured: string;
  /** "skipped": there is nothing to compare with. */
  readonly verdict: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped, as a sentence. */
  readonly because?: string;
}

/**
 * Runs of unchanged code allocate within 0.5 % of each other; a processor of another kind, or a later release
 * of the same major version of Node, is given as much again and again.
 */
export const ALLOCATION_TOLERANCE = 0.02;

/** Compares what must be equal, and what must nearly be so, with what was committed. */
export function judgeCounts(
  { counts, allocatedBytesPerTick }: Counted,
  baseline: Baseline,
  nodeMajor: string,
): Check[] {
  const equal = Object.entries(baseline.counts).map(([what, committed]): Check => {
    const measured = counts[what as keyof typeof counts];
    const line = { what: words(what), committed: String(committed), measured: String(measured) };
    if (measured === committed) return { ...line, verdict: "passed" };
    const by = ((measured / committed - 1) * 100).toFixed(2);
    return {
      ...line,
      verdict: "failed",
      because: `${words(what)}: ${measured}, committed ${committed} (${by} %)`,
    };
  });
  return [
    ...equal,
    judgeAllocation(allocatedBytesPerTick, baseline.allocatedBytesPerTick[nodeMajor], nodeMajor),
  ];
}

function judgeAllocation(measured: number, committed: number | undefined, nodeMajor: string): Check {
  const what = `bytes allocated per tick, Node ${nodeMajor}`;
  if (committed === undefined)
    return {
      what,
      committed: "–",
      measured: String(measured),
      verdict: "skipped",
      because: `no allocations are committed for Node ${nodeMajor}`,
    };
  const off = measured - committed;
  const line = {
    what,
    committed: `${committed} ± ${ALLOCATION_TOLERANCE * 100} %`,
    measured: String(measured),
  };
  if (Math.abs(off) <= committed * ALLOCATION_TOLERANCE) return { ...line, verdict: "passed" };
  return {
    ...line,
    verdict: "failed",
    because: `${what}: ${((off / committed) * 100).toFixed(1)} % off what is committed`,
  };
}

const words = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
