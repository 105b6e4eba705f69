import { joinStorm } from "../scenarios/join-storm.ts";
import { closingLines } from "./bounds.ts";
import type { JoinStormReport } from "./join-storm-report.ts";
import { machineLine } from "./machine.ts";
import type { Paint } from "./paint.ts";
import { alignedRows } from "./table.ts";
import { milliseconds, percent } from "./units.ts";

/** The report for a person: how they came in, and what that did to those who were there. */
export function joinStormTerminalReport(report: JoinStormReport, paint: Paint): string {
  const { clients, joiners, joined, seconds, hz, machine, quiet, storm, entries, joinMs } = report;
  type Phase = JoinStormReport["quiet"];
  const row = (label: string, of: (phase: Phase) => number, as = milliseconds): string[] => [
    label,
    as(of(quiet)),
    as(of(storm)),
  ];
  const [head = "", ...rows] = alignedRows([
    ["milliseconds", "quiet", "in the storm"],
    row("tick lateness, p50", ({ latenessMs }) => latenessMs.p50),
    row("               p99", ({ latenessMs }) => latenessMs.p99),
    row("               max", ({ latenessMs }) => latenessMs.max),
    row("from tick to tick at a player, p50", ({ gapMs }) => gapMs.p50),
    row("                               p99", ({ gapMs }) => gapMs.p99),
    row("                               max", ({ gapMs }) => gapMs.max),
    row("from a tick's time to a player, p99", ({ latencyMs }) => latencyMs.p99),
    row("a tick's step, p99", ({ phases }) => phases?.step.p99Ms ?? 0),
    row("       commit, p99", ({ phases }) => phases?.commit.p99Ms ?? 0),
    row("      publish, p99", ({ phases }) => phases?.publish.p99Ms ?? 0),
    row("server CPU of a core", ({ serverCpu }) => serverCpu, percent),
    row("load CPU of a core", ({ loadCpu }) => loadCpu, percent),
  ]);
  return [
    "",
    `${paint("bold", joinStorm.name)}: ${joinStorm.says}`,
    `${clients} players, ${joiners} join · ${hz} Hz · two windows of ${seconds} s`,
    paint("dim", machineLine(machine)),
    "",
    paint("dim", head),
    ...rows,
    "",
    `  ${joined} joined: they connected within ${Math.round(report.connectingMs)} ms, the last was in after ${Math.round(report.lastInMs)} ms`,
    `  ms from connecting to the first tick: p50 ${milliseconds(joinMs.p50)}, p99 ${milliseconds(joinMs.p99)}, max ${milliseconds(joinMs.max)}`,
    `  in one of the ${entries.ticks} ticks at most: ${entries.joined} joined, ${entries.keyframes} keyframes encoded of ${entries.streams} streams, ${milliseconds(entries.latenessMs)} ms late`,
    "",
    ...closingLines(report, "everyone joined, and nobody who was there missed a tick", paint),
  ].join("\n");
}
