import type { EchoFigures } from "../run/messages.ts";
import { echo } from "../scenarios/echo.ts";
import type { EchoReport } from "./echo-report.ts";
import { machineLine } from "./machine.ts";
import { mark, type Paint } from "./paint.ts";
import { alignedRows } from "./table.ts";
import { milliseconds, percent } from "./units.ts";

/** The report for a person: both round trips side by side, the targets, and how far to trust it. */
export function echoTerminalReport(report: EchoReport, paint: Paint): string {
  const { clients, hz, rate, seconds, machine, request, ping, latenessMs } = report;
  const row = (name: string, { latencyMs, answered }: EchoFigures): string[] => [
    name,
    ...[latencyMs.p50, latencyMs.p90, latencyMs.p99, latencyMs.p999, latencyMs.max].map(milliseconds),
    answered.toLocaleString("en"),
  ];
  const [first = "", ...rest] = alignedRows([
    ["milliseconds to the answer", "p50", "p90", "p99", "p999", "max", "answered"],
    row("request through the room", request),
    row("ping", ping),
  ]);
  return [
    "",
    `${paint("bold", echo.name)}: ${echo.says}`,
    `${clients.toLocaleString("en")} clients · ${hz} Hz · ${rate} of each a second and client · ${seconds} s`,
    paint("dim", machineLine(machine)),
    "",
    paint("dim", first),
    ...rest,
    "",
    `tick lateness, p99: ${milliseconds(latenessMs.p99)} · server CPU of a core: ${percent(report.serverCpu)} · load: ${percent(report.loadCpu)}`,
    "",
    ...report.targets.map(({ says, measured, met }) =>
      mark(met, `${says}: ${milliseconds(measured)}`, paint),
    ),
    ...report.reasons.map((reason) => `${paint("yellow", "!")} not trustworthy: ${reason}`),
    ...report.failures.map((failure) => mark(false, failure, paint)),
    "",
  ].join("\n");
}
