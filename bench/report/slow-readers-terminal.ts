import { slowReaders } from "../scenarios/slow-readers.ts";
import { spread } from "../statistics/median.ts";
import { closingLines } from "./bounds.ts";
import { intervalText } from "./interval.ts";
import { machineLine } from "./machine.ts";
import type { Paint } from "./paint.ts";
import type { SlowReadersReport } from "./slow-readers-report.ts";
import { alignedRows } from "./table.ts";
import { kilobytes, milliseconds, percent } from "./units.ts";

/** The report for a person: what slow readers did to the others, and how they came back. */
export function slowReadersTerminalReport(report: SlowReadersReport, paint: Paint): string {
  const { clients, slow, mirrors, seconds, pairs, hz, machine, p99Ratio, returnMs, rssBytesPerSlow } = report;
  const [head = "", ...rows] = alignedRows(windowRows(report));
  return [
    "",
    `${paint("bold", slowReaders.name)}: ${slowReaders.says}`,
    `${clients} players, ${slow} of them slow, ${mirrors} of these of the SDK · ${hz} Hz · ${pairs} pairs of ${seconds} s`,
    paint("dim", machineLine(machine)),
    "",
    paint("dim", head),
    ...rows,
    "",
    `  p99, with slow readers over without: ${paint("bold", `${p99Ratio.median.toFixed(3)} ×`)} (${intervalText(p99Ratio, (value) => value.toFixed(3))})`,
    `  in the server for one slow player: ${kilobytes(report.bufferedBytes)} at most in its buffer; ` +
      `${kilobytes(rssBytesPerSlow.median)} of the process (${intervalText(rssBytesPerSlow, kilobytes)})`,
    `  ms from reading again to the current tick: p50 ${milliseconds(returnMs.p50)}, p99 ${milliseconds(returnMs.p99)}, max ${milliseconds(returnMs.max)}; ${report.hashesCompared} states compared`,
    "",
    ...closingLines(report, "nobody else missed a tick, and everyone who was slow came back", paint),
  ].join("\n");
}

function windowRows({ pairReports }: SlowReadersReport): string[][] {
  type Window = SlowReadersReport["pairReports"][number]["stalled"];
  const row = (label: string, of: (window: Window) => number, as: (value: number) => string): string[] => [
    label,
    as(spread(pairReports.map(({ stalled }) => of(stalled))).median),
    as(spread(pairReports.map(({ reading }) => of(reading))).median),
  ];
  return [
    ["median of the pairs", "with slow readers", "everyone reads"],
    row("ms to a player who reads, p50", ({ latencyMs }) => latencyMs.p50, milliseconds),
    row("                          p99", ({ latencyMs }) => latencyMs.p99, milliseconds),
    row("                          max", ({ latencyMs }) => latencyMs.max, milliseconds),
    row("tick lateness, p99", ({ latenessMs }) => latenessMs.p99, milliseconds),
    row("server CPU of a core", ({ serverCpu }) => serverCpu, percent),
    row(
      "server memory",
      ({ rssBytes }) => rssBytes,
      (bytes) => `${(bytes / 1e6).toFixed(1)} MB`,
    ),
  ];
}
