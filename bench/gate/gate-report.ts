import { type MachineFacts, machineLine } from "../report/machine.ts";
import { mark, type Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import type { Check } from "./judge-counts.ts";

/** What `--json` writes. */
export interface GateReport {
  readonly scenario: "gate";
  readonly checks: readonly Check[];
  readonly ratios: readonly number[];
  /** Why pairs came to nothing. */
  readonly spoilt: readonly string[];
  /** Why the gate does not open; empty: it does. */
  readonly failures: readonly string[];
  readonly machine: MachineFacts;
}

const marks = { passed: "✓", failed: "✗", skipped: "–" } as const;

/** The table for a person, and what is wrong. */
export function gateText({ checks, failures, spoilt, machine }: GateReport, paint: Paint): string {
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
    ...(failures.length === 0
      ? [mark(true, "nothing got slower", paint)]
      : failures.map((why) => mark(false, why, paint))),
    ...(failures.length === 0
      ? []
      : ['If that is meant to be so: "npm run bench:gate -- --update", and commit what it writes.']),
    "",
  ].join("\n");
}

/** The same as Markdown, for a comment or a job's summary. */
export function gateMarkdown({ checks, failures, machine }: GateReport): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    `### Benchmark gate: ${failures.length === 0 ? "passed" : "failed"}`,
    "",
    ...failures.map((why) => `- ✗ ${why}`),
    ...(failures.length === 0 ? [] : [""]),
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
