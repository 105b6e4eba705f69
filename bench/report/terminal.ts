import type { Scenario } from "../scenarios/scenario.ts";
import type { Estimate } from "../statistics/bootstrap.ts";
import type { Spread } from "../statistics/median.ts";
import { systems } from "../systems/systems.ts";
import { estimateLines } from "./estimate-lines.ts";
import { machineLine } from "./machine.ts";
import { mark, type Paint } from "./paint.ts";
import type { BenchReport, SystemReport } from "./report.ts";
import { alignedRows } from "./table.ts";
import { kilobytes, microseconds, milliseconds, percent } from "./units.ts";

interface Line {
  readonly label: string;
  readonly of: (report: SystemReport) => number;
  readonly as: (value: number) => string;
  /** Whether a quotient of the two says something. */
  readonly compared: boolean;
}

const lines: readonly (Line | undefined)[] = [
  latency("to the first client, p50", ({ latencyMs }) => latencyMs.first.p50),
  latency("                     p99", ({ latencyMs }) => latencyMs.first.p99),
  latency("to the last client,  p50", ({ latencyMs }) => latencyMs.last.p50),
  latency("                     p99", ({ latencyMs }) => latencyMs.last.p99),
  latency("to each client,      p50", ({ latencyMs }) => latencyMs.all.p50),
  latency("                     p99", ({ latencyMs }) => latencyMs.all.p99),
  latency("                    p999", ({ latencyMs }) => latencyMs.all.p999),
  latency("                     max", ({ latencyMs }) => latencyMs.all.max),
  undefined,
  { label: "tick lateness,       p50", of: (r) => r.latenessMs.p50, as: milliseconds, compared: false },
  { label: "                     p99", of: (r) => r.latenessMs.p99, as: milliseconds, compared: false },
  undefined,
  { label: "server CPU per frame", of: (r) => r.serverCpuUsPerFrame, as: microseconds, compared: true },
  { label: "server CPU of a core", of: (r) => r.serverCpu, as: percent, compared: false },
  { label: "load CPU of a core", of: (r) => r.loadCpu, as: percent, compared: false },
  { label: "per client and second", of: (r) => r.bytesPerClientPerSecond, as: kilobytes, compared: false },
];

/** The report for a person: what was run, a table with the systems side by side, and how far to trust it. */
export function terminalReport(scenario: Scenario, report: BenchReport, paint: Paint): string {
  const { systems: reports, pairs, machine } = report;
  const [first] = reports;
  if (first === undefined) return "";
  const { clients, hz, seconds } = first;
  return [
    "",
    `${paint("bold", scenario.name)}: ${scenario.says}`,
    `${clients.toLocaleString("en")} clients · ${hz} Hz · ${seconds} s${pairs.length > 1 ? ` · the median of ${pairs.length} pairs` : ""}`,
    paint("dim", machineLine(machine)),
    "",
    ...table(reports, paint),
    "",
    ...delivery(reports, paint),
    ...ratioLines(report, paint),
    ...estimateLines(report, paint),
    ...report.targets.map(({ says, measured, met }) => mark(met, `${says}: ${measured.toFixed(3)}`, paint)),
    ...report.reasons.map((reason) => `${paint("yellow", "!")} not trustworthy: ${reason}`),
    ...report.failures.map((failure) => mark(false, failure, paint)),
    "",
  ].join("\n");
}

function table(reports: readonly SystemReport[], paint: Paint): string[] {
  const [ours, bare] = [reports[0], reports.at(-1)];
  const both = ours !== undefined && bare !== undefined && ours !== bare;
  const head = ["milliseconds from a tick's time", ...reports.map(({ name }) => systems[name].title)];
  const body = lines.map((line) =>
    line === undefined
      ? []
      : [
          line.label,
          ...reports.map((report) => line.as(line.of(report))),
          ...(both && line.compared ? [`${(line.of(ours) / line.of(bare)).toFixed(2)} ×`] : []),
        ],
  );
  const [first = "", ...rest] = alignedRows([head, ...body]);
  return [paint("dim", first), ...rest];
}

function delivery(reports: readonly SystemReport[], paint: Paint): string[] {
  return reports.flatMap(({ name, delivered, expected, hashesCompared, remarks, failures }) => {
    const hashes = hashesCompared > 0 ? `, ${hashesCompared} state hashes compared` : "";
    const count = `${delivered.toLocaleString("en")} of ${expected.toLocaleString("en")}`;
    return [
      mark(failures.length === 0, `${systems[name].title}: ${count} frames delivered${hashes}`, paint),
      ...remarks.map((remark) => paint("dim", `  ${remark}`)),
    ];
  });
}

function ratioLines({ ratioSpread, ratioInterval, pairs }: BenchReport, paint: Paint): string[] {
  if (ratioSpread === null || ratioInterval === null || pairs.length < 2) return [];
  const of = (name: string, { min, median, max }: Spread, { low, high }: Estimate): string =>
    `  ${name}: ${paint("bold", `${median.toFixed(3)} ×`)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}; ` +
    `${pairs.length} pairs: ${min.toFixed(3)} to ${max.toFixed(3)})`;
  return [
    of("server CPU per frame, ratio", ratioSpread.serverCpuUsPerFrame, ratioInterval.serverCpuUsPerFrame),
    of("p99 to the last client, ratio", ratioSpread.lastP99, ratioInterval.lastP99),
  ];
}

function latency(label: string, of: Line["of"]): Line {
  return { label, of, as: milliseconds, compared: true };
}
