import { reconnectStorm } from "../scenarios/reconnect-storm.ts";
import { closingLines } from "./bounds.ts";
import { machineLine } from "./machine.ts";
import type { Paint } from "./paint.ts";
import type { ReconnectStormReport } from "./reconnect-storm-report.ts";
import { alignedRows } from "./table.ts";
import { milliseconds, percent } from "./units.ts";

/** The report for a person: what was to arrive and did, and how long coming back took. */
export function reconnectStormTerminalReport(report: ReconnectStormReport, paint: Paint): string {
  const { clients, seconds, cuts, hz, machine, cutBy, losses, returns, returnMs, latenessMs } = report;
  const count = (value: number): string => value.toLocaleString("en");
  const [head = "", ...rows] = alignedRows([
    ["over all clients", "expected", "lost", "twice"],
    ...report.tallies.map(({ kind, expected, lost, repeated }) => [
      kind,
      count(expected),
      count(lost),
      count(repeated),
    ]),
  ]);
  return [
    "",
    `${paint("bold", reconnectStorm.name)}: ${reconnectStorm.says}`,
    `${clients} clients of the SDK · ${hz} Hz · ${cuts} cuts of each in ${seconds} s`,
    paint("dim", machineLine(machine)),
    "",
    paint("dim", head),
    ...rows,
    "",
    `  ${count(cutBy.clients)} connections cut by clients, ${count(cutBy.server)} by the server; lost ${count(losses)} times, back ${count(returns)} times`,
    `  ms from a cut to the next tick: p50 ${milliseconds(returnMs.p50)}, p99 ${milliseconds(returnMs.p99)}, max ${milliseconds(returnMs.max)}`,
    `  tick lateness, ms: p99 ${milliseconds(latenessMs.p99)}, max ${milliseconds(latenessMs.max)}; CPU of a core: server ${percent(report.serverCpu)}, load ${percent(report.loadCpu)}`,
    "",
    ...closingLines(report, "everyone came back after every cut", paint),
  ].join("\n");
}
