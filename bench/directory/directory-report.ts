import { type MachineFacts, machineLine } from "../report/machine.ts";
import type { Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import { milliseconds } from "../report/units.ts";
import type { DirectoryLoad, DirectoryMeasured } from "./measure-directory.ts";

/** What `--json` writes. */
export interface DirectoryReport extends DirectoryMeasured {
  readonly scenario: "directory";
  readonly load: DirectoryLoad;
  /** None: a wrong answer ends the run. */
  readonly failures: readonly [];
  readonly machine: MachineFacts;
}

/** The report for a person. */
export function directoryText(report: DirectoryReport, paint: Paint): string {
  const { load, questions, bytes, bytesPerRoom, failover, machine } = report;
  const rows = alignedRows([
    ["milliseconds", "at once", "p50", "p99", "max", "calls", "a second"],
    ...questions.map(({ name, atOnce, calls, ms: { p50, p99, max }, perSecond }) => [
      name,
      String(atOnce),
      ...[p50, p99, max].map(milliseconds),
      calls.toLocaleString("en"),
      Math.round(perSecond).toLocaleString("en"),
    ]),
  ]);
  const says = new Map(questions.map((question) => [question.name, question.says]));
  return [
    "",
    `${paint("bold", "directory")}: ${load.rooms.toLocaleString("en")} rooms in a Redis beside this process`,
    paint("dim", machineLine(machine)),
    "",
    ...rows.map((row, at) => (at === 0 ? paint("dim", row) : row)),
    "",
    `Redis: ${(bytes / 1e6).toFixed(1)} MB for the rooms, ${bytesPerRoom.toFixed(0)} bytes each`,
    `failover: ${failover.rooms.toLocaleString("en")} orphans found and claimed in ${failover.ms.toFixed(0)} ms`,
    "",
    ...[...says].map(([name, what]) => paint("dim", `${name}: ${what}`)),
    "",
  ].join("\n");
}
