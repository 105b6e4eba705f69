import { type MachineFacts, machineLine } from "../report/machine.ts";
import { mark, type Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import type { Check } from "./judge-counts.ts";

/** What `--json` writes. */
export interface GateReport {
  readonly scenario: "gate";
  readonly checks: readonly Check[];
  readonly ratios: readonly number[];
  readonly lastP50Ratios: readonly number[];
  /** Why pairs came to nothing. */
  readonly spoilt: readonly string[];
  /** Why the gate does not open; empty: it does. */
  readonly failures: readonly string[];
  readonly machine: MachineFacts;
}

/** Whether a check that nobody can judge lets the gate open. */
export type Unjudged = "allowed" | "failure";

/** Why the gate does not open, as sentences. */
export function failuresOf(checks: readonly Check[], unjudged: Unjudged): readonly string[] {
  return [...reasonsOf(checks, "failed"), ...(unjudged === "failure" ? unjudgedLines(checks) : [])];
}

const marks = { passed: "✓", failed: "✗", skipped: "–" } as const;

/** The table for a person, and what is wrong. */
export function gateText(report: GateReport, paint: Paint): string {
  const { checks, failures, spoilt, machine } = report;
  const [head = "", ...rows] = alignedRows([
    ["  check", "committed", "measured"],
    ...checks.map(({ what, committed, measured, verdict }) => [
      `${marks[verdict]} ${what}`,
      committed,
      measured,
    ]),
  ]);
  return [
    "",
    paint("bold", "gate"),
    paint("dim", machineLine(machine)),
    "",
    paint("dim", head),
    ...rows.map((row, i) => {
      const verdict = checks[i]?.verdict;
      return verdict === "failed" ? paint("red", row) : verdict === "skipped" ? paint("dim", row) : row;
    }),
    "",
    ...spoilt.map((why) => `${paint("yellow", "!")} a pair was left out: ${why}`),
    ...toldUnjudged(report).map((line) => `${paint("yellow", "!")} ${line}`),
    ...(failures.length === 0
      ? [mark(true, passedAs(checks, "nothing got slower"), paint)]
      : failures.map((why) => mark(false, why, paint))),
    ...(failures.length === 0
      ? []
      : ['If that is meant to be so: "npm run bench:gate -- --update", and commit what it writes.']),
    "",
  ].join("\n");
}

/** The same as Markdown, for a comment or a job's summary. */
export function gateMarkdown(report: GateReport): string {
  const { checks, failures, machine } = report;
  const unjudged = toldUnjudged(report);
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    `### Benchmark gate: ${failures.length === 0 ? passedAs(checks, "passed") : "failed"}`,
    "",
    ...failures.map((why) => `- ✗ ${why}`),
    ...unjudged.map((line) => `- ! ${line}`),
    ...(failures.length + unjudged.length === 0 ? [] : [""]),
    "| | check | committed | measured |",
    "| - | - | -: | -: |",
    ...checks.map(
      ({ what, committed, measured, verdict }) =>
        `| ${marks[verdict]} | ${cell(what)} | ${cell(committed)} | ${cell(measured)} |`,
    ),
    "",
    `<sub>${machineLine(machine)}</sub>`,
    "",
  ].join("\n");
}

/** What there is to say of a gate that opens: of all checks, or that some were none. */
function passedAs(checks: readonly Check[], wholly: string): string {
  const skipped = checks.filter(({ verdict }) => verdict === "skipped");
  return skipped.length === 0
    ? wholly
    : `passed, but not judged: ${skipped.map(({ what }) => what).join("; ")}`;
}

/** Where they are failures they stand among these. */
function toldUnjudged({ checks, failures }: GateReport): readonly string[] {
  return unjudgedLines(checks).filter((line) => !failures.includes(line));
}

function unjudgedLines(checks: readonly Check[]): readonly string[] {
  return reasonsOf(checks, "skipped").map((why) => `not judged: ${why}`);
}

function reasonsOf(checks: readonly Check[], wanted: Check["verdict"]): readonly string[] {
  return checks.flatMap(({ verdict, because }) =>
    verdict === wanted && because !== undefined ? [because] : [],
  );
}
