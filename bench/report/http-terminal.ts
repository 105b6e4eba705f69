import { http } from "../scenarios/http.ts";
import type { HttpReport } from "./http-report.ts";
import { machineLine } from "./machine.ts";
import { mark, type Paint } from "./paint.ts";
import { alignedRows } from "./table.ts";
import { milliseconds, percent } from "./units.ts";

/** The report for a person: the endpoints, what their requests did to the ticks, and how far to trust it. */
export function httpTerminalReport(report: HttpReport, paint: Paint): string {
  const { rooms, players, seconds, connections, machine } = report;
  const seats = (rooms * players).toLocaleString("en");
  return [
    "",
    `${paint("bold", http.name)}: ${http.says}`,
    `${seats} players in ${rooms} rooms · ${http.hz} Hz · ${seconds} s · ${connections} connections`,
    paint("dim", machineLine(machine)),
    "",
    ...headed(endpointRows(report), paint),
    "",
    ...headed(tickRows(report), paint),
    "",
    ...verdict(report, paint),
    ...report.reasons.map((reason) => `${paint("yellow", "!")} not trustworthy: ${reason}`),
    "",
  ].join("\n");
}

function endpointRows({ endpoints }: HttpReport): string[][] {
  return [
    ["milliseconds to the answer", "requests/s", "p50", "p90", "p99", "p999", "max", "errors", "non-2xx"],
    ...endpoints.map(({ name, requestsPerSecond, latencyMs, errors, non2xx }) => [
      name,
      Math.round(requestsPerSecond).toLocaleString("en"),
      ...[latencyMs.p50, latencyMs.p90, latencyMs.p99, latencyMs.p999, latencyMs.max].map(milliseconds),
      String(errors),
      String(non2xx),
    ]),
  ];
}

function tickRows({ latenessMs: { quiet, loaded }, serverCpu, loadCpu }: HttpReport): string[][] {
  return [
    ["", "quiet", "under requests"],
    ["tick lateness, p50", milliseconds(quiet.p50), milliseconds(loaded.p50)],
    ["               p99", milliseconds(quiet.p99), milliseconds(loaded.p99)],
    ["               max", milliseconds(quiet.max), milliseconds(loaded.max)],
    ["server CPU of a core", percent(serverCpu.quiet), percent(serverCpu.loaded)],
    ["load CPU of a core", "", percent(loadCpu)],
  ];
}

function headed(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const [first = "", ...rest] = alignedRows(rows);
  return [paint("dim", first), ...rest];
}

function verdict({ failures }: HttpReport, paint: Paint): string[] {
  return failures.length === 0
    ? [mark(true, "every request was answered with 2xx, and no player lost the connection", paint)]
    : failures.map((failure) => mark(false, failure, paint));
}
