import type { Scenario } from "../scenarios/scenario.ts";
import { ENOUGH, type Estimate } from "../statistics/bootstrap.ts";
import { type Spread, spread } from "../statistics/median.ts";
import { systems } from "../systems/systems.ts";
import { estimateLines } from "./estimate-lines.ts";
import { intervalText } from "./interval.ts";
import { machineLine } from "./machine.ts";
import { mark, type Paint } from "./paint.ts";
import type { BenchReport, Pair, SystemReport } from "./report.ts";
import { alignedRows } from "./table.ts";
import { frames, kilobytes, microseconds, milliseconds, percent } from "./units.ts";

interface Line {
  readonly label: string;
  /** `undefined` where the system has none. */
  readonly of: (report: SystemReport) => number | undefined;
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
  undefined,
  { label: "per client and second", of: (r) => r.bytesPerClientPerSecond, as: kilobytes, compared: true },
  { label: "          and by tick", of: (r) => r.framesPerClientPerTick, as: frames, compared: false },
  undefined,
  { label: "step,                mean", of: (r) => r.phases?.step.meanMs, as: milliseconds, compared: false },
  { label: "comparing", of: (r) => r.phases?.commit.meanMs, as: milliseconds, compared: false },
  { label: "encoding, publishing", of: (r) => r.phases?.publish.meanMs, as: milliseconds, compared: false },
];

/** The report for a person: what was run, a table with the systems side by side, and how far to trust it. */
export function terminalReport(
  scenario: Pick<Scenario, "name" | "says">,
  report: BenchReport,
  paint: Paint,
): string {
  const { systems, beside, pairs, machine, layout, rooms } = report;
  const [first] = systems;
  if (first === undefined) return "";
  const { clients, hz, seconds } = first;
  return [
    "",
    `${paint("bold", scenario.name)}: ${scenario.says}`,
    `${clients.toLocaleString("en")} clients${rooms === null ? "" : ` in ${rooms.toLocaleString("en")} rooms`} · ${hz} Hz · ${seconds} s${layout === null ? "" : ` · ${layout}`}${pairs.length > 1 ? ` · the median of ${pairs.length} pairs` : ""}`,
    paint("dim", machineLine(machine)),
    "",
    ...table(report, paint),
    "",
    ...delivery([...systems, ...beside], paint),
    ...ratioLines(report, paint),
    ...encodingLines(report),
    ...estimateLines(report, paint),
    ...report.targets.map(({ says, measured, met }) => mark(met, `${says}: ${measured.toFixed(3)}`, paint)),
    ...report.reasons.map((reason) => `${paint("yellow", "!")} not trustworthy: ${reason}`),
    ...report.failures.map((failure) => mark(false, failure, paint)),
    "",
  ].join("\n");
}

/** Where two systems are compared, the median of their quotients stands right behind them. */
function table({ systems: pair, beside, pairs }: BenchReport, paint: Paint): string[] {
  const both = pair.length > 1;
  const titles = (reports: readonly SystemReport[]): string[] =>
    reports.map(({ name }) => systems[name].title);
  const head = [
    "milliseconds from a tick's time",
    ...titles(pair),
    ...(both && beside.length > 0 ? ["ratio"] : []),
    ...titles(beside).map((title) => (pairs.length > 1 ? `${title}, one run` : title)),
  ];
  const body = lines
    .filter(
      (line) => line === undefined || [...pair, ...beside].some((report) => line.of(report) !== undefined),
    )
    .map((line) => {
      if (line === undefined) return [];
      const cell = (report: SystemReport): string => {
        const value = line.of(report);
        return value === undefined ? "–" : line.as(value);
      };
      const shown = both && line.compared ? `${quotient(pairs, line).toFixed(2)} ×` : "";
      return [
        line.label,
        ...pair.map(cell),
        ...(both && (shown !== "" || beside.length > 0) ? [shown] : []),
        ...beside.map(cell),
      ];
    });
  const [first = "", ...rest] = alignedRows([head, ...body]);
  return [paint("dim", first), ...rest];
}

/** Runs of a pair met the same machine, so each is divided by its neighbour before the median is taken. */
function quotient(pairs: readonly Pair[], { of }: Line): number {
  return spread(
    pairs.map(({ systems }) => {
      const [ours, bare] = [systems[0], systems.at(-1)];
      return ((ours && of(ours)) ?? 0) / ((bare && of(bare)) ?? 0);
    }),
  ).median;
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

function encodingLines({ encoding }: BenchReport): string[] {
  if (encoding === null) return [];
  const { meanMs, shareOfPeriod } = encoding;
  return [
    `  comparing and encoding, without the transport's calls: ${milliseconds(meanMs)} ms, ${percent(shareOfPeriod)} of the period`,
  ];
}

function ratioLines({ ratioSpread, ratioInterval, pairs }: BenchReport, paint: Paint): string[] {
  if (ratioSpread === null || ratioInterval === null || pairs.length < 2) return [];
  const range = ({ min, max }: Spread): string =>
    pairs.length < ENOUGH ? "" : `: ${min.toFixed(3)} to ${max.toFixed(3)}`;
  const of = (name: string, all: Spread, estimate: Estimate): string =>
    `  ${name}: ${paint("bold", `${estimate.median.toFixed(3)} ×`)} ` +
    `(${intervalText(estimate, (value) => value.toFixed(3))}; ${pairs.length} pairs${range(all)})`;
  return [
    of("server CPU per frame, ratio", ratioSpread.serverCpuUsPerFrame, ratioInterval.serverCpuUsPerFrame),
    of("p99 to the last client, ratio", ratioSpread.lastP99, ratioInterval.lastP99),
  ];
}

function latency(label: string, of: Line["of"]): Line {
  return { label, of, as: milliseconds, compared: true };
}
