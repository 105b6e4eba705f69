import { type MachineFacts, machineLine } from "../report/machine.ts";
import type { Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import type { CodecFigures } from "./measure-codec.ts";

/** What `--json` writes. */
export interface CodecReport {
  readonly scenario: "codec";
  readonly tasks: readonly CodecFigures[];
  /** None: steps that lead to a wrong state are not timed at all. */
  readonly failures: readonly [];
  readonly machine: MachineFacts;
}

/** The report for a person. */
export function codecText({ tasks, machine }: CodecReport, paint: Paint): string {
  const head = ["microseconds", "rows", "median", "p99", "mean", "calls", "each"];
  const rows = alignedRows([
    head,
    ...tasks.map(({ name, rows: count, items, medianUs, p99Us, meanUs, meanWithin, samples }) => [
      name,
      String(count),
      medianUs.toFixed(2),
      p99Us.toFixed(2),
      `${meanUs.toFixed(2)} ± ${(meanWithin * 100).toFixed(1)} %`,
      samples.toLocaleString("en"),
      `${((medianUs * 1000) / items).toFixed(0)} ns`,
    ]),
  ]);
  const says = new Map(tasks.map((task) => [task.name, task.says]));
  return [
    "",
    `${paint("bold", "codec")}: what the steps of a tick cost, each on its own`,
    paint("dim", machineLine(machine)),
    "",
    ...rows.map((row, i) => (i === 0 ? paint("dim", row) : row)),
    "",
    ...[...says].map(([name, what]) => paint("dim", `${name}: ${what}`)),
    "",
  ].join("\n");
}
