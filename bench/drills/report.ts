import type { MachineFacts } from "../report/machine.ts";
import { mark, type Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import { type Check, checkText, isMet } from "./check.ts";
import type { Extent, Findings } from "./drill.ts";

/** What `--json` writes of one drill. */
export interface DrillReport extends Omit<Findings, "doubts"> {
  readonly drill: string;
  readonly extent: Extent;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** Why the figures are to be taken with care: others used the machine. */
  readonly doubts: readonly string[];
  /** Bounds on times that were missed and are no failures, since others used the machine: of short drills alone. */
  readonly unjudged: readonly string[];
}

/** What `--json` writes. */
export interface DrillsReport {
  readonly machine: MachineFacts;
  readonly drills: readonly DrillReport[];
  /** All of them, each with the drill's name. */
  readonly failures: readonly string[];
}

/** Beyond such a share of the time without the core that it had asked for, a server's timing says little. */
const WAITED_SHARE = 0.02;

/**
 * Judges what a drill found. A busy machine is no reason for CI to fail: where there are doubts, short drills are not
 * held to times. Full ones always are.
 */
export function drillReport(drill: string, extent: Extent, seconds: number, findings: Findings): DrillReport {
  const doubts = doubtsOf(findings);
  const missed = findings.checks.filter((check) => !isMet(check));
  const isLenient = extent === "short" && doubts.length > 0;
  const isJudged = ({ holds }: Check): boolean => !(isLenient && holds === "timing");
  return {
    drill,
    extent,
    seconds,
    ...findings,
    failures: missed.filter(isJudged).map(checkText),
    doubts,
    unjudged: missed.filter((check) => !isJudged(check)).map(checkText),
  };
}

/** A drill that did not come to its end has failed. */
export function brokenReport(drill: string, extent: Extent, seconds: number, why: string): DrillReport {
  const failures = [`it did not come to its end: ${why}`];
  return {
    drill,
    extent,
    seconds,
    did: "",
    rows: [],
    checks: [],
    servers: [],
    notes: [],
    figures: null,
    failures,
    doubts: [],
    unjudged: [],
  };
}

export function drillsReport(machine: MachineFacts, drills: readonly DrillReport[]): DrillsReport {
  const failures = drills.flatMap(({ drill, failures }) => failures.map((failure) => `${drill}: ${failure}`));
  return { machine, drills, failures };
}

/** The report for a person: a table, and each bound with what was measured. */
export function drillText(report: DrillReport, paint: Paint): string {
  const { drill, did, rows, checks, notes, failures, seconds, extent } = report;
  const broken = failures.filter((failure) => !checks.some((check) => checkText(check) === failure));
  return [
    "",
    `${paint("bold", drill)}${extent === "short" ? " (short)" : ""}${did && `: ${did}`}`,
    "",
    ...alignedRows(rows.map(([label, figure]) => [`  ${label}`, figure])),
    "",
    ...checks.map((check) =>
      report.unjudged.includes(checkText(check))
        ? `${paint("yellow", "!")} not judged: ${checkText(check)}`
        : mark(isMet(check), checkText(check), paint),
    ),
    ...broken.map((failure) => mark(false, failure, paint)),
    ...report.doubts.map((doubt) => `${paint("yellow", "!")} ${doubt}`),
    ...notes.map((note) => paint("dim", `  ${note}`)),
    paint("dim", `  ${Math.round(seconds)} s`),
  ].join("\n");
}

function doubtsOf({ servers, doubts = [] }: Pick<Findings, "servers" | "doubts">): string[] {
  const waitedMs = servers.reduce((sum, each) => sum + each.waitedMs, 0);
  const wallMs = servers.reduce((sum, each) => sum + each.wallMs, 0);
  if (waitedMs <= WAITED_SHARE * wallMs) return [...doubts];
  return [
    ...doubts,
    `for ${Math.round(waitedMs)} of ${Math.round(wallMs)} ms the server waited for its core, which others used: repeat it in quiet`,
  ];
}
