import { type Collection, type SideBySide, sideBySide } from "../all/collection.ts";
import type { SystemEstimates } from "../report/estimates.ts";
import type { BenchReport, SystemReport } from "../report/report.ts";
import { microseconds, milliseconds } from "../report/units.ts";
import { ENOUGH, type Estimate } from "../statistics/bootstrap.ts";
import { systems } from "../systems/systems.ts";
import type { Point, Series } from "./line-chart.ts";

/** Reports of one scenario, and one layout where it has several, by the number of clients. */
export interface Group {
  readonly title: string;
  readonly scenario: string;
  readonly members: readonly SideBySide[];
}

export function groupsOf(collection: Pick<Collection, "results">): Group[] {
  const groups = new Map<string, SideBySide[]>();
  for (const one of sideBySide(collection)) {
    const { scenario, layout } = one.report;
    const title = layout === null ? scenario : `${scenario}, ${layout}`;
    groups.set(title, [...(groups.get(title) ?? []), one]);
  }
  return [...groups].map(([title, members]) => ({
    title,
    scenario: members[0]?.report.scenario ?? "",
    members: members.toSorted((a, b) => clientsOf(a.report) - clientsOf(b.report)),
  }));
}

export function clientsOf({ systems }: BenchReport): number {
  return systems[0]?.clients ?? 0;
}

/** As people call it; of another version's system, its name. */
export function titleOf(name: string): string {
  return Object.hasOwn(systems, name) ? systems[name as keyof typeof systems].title : name;
}

/** Everything that ran in a report, first what ran in pairs. */
export function systemsOf({ systems, beside }: BenchReport): readonly SystemReport[] {
  return [...systems, ...beside];
}

/** A figure that charts show of every system, and its unit. */
export interface Metric {
  readonly title: string;
  readonly unit: string;
  readonly of: (report: SystemReport) => number;
  /** Its median over all runs, where reports have one. */
  readonly estimate?: (estimates: SystemEstimates) => Estimate;
  readonly label: (value: number) => string;
}

export const lastP99: Metric = {
  title: "To the last client, p99",
  unit: "ms after the tick's time",
  of: ({ latencyMs }) => latencyMs.last.p99,
  estimate: ({ medians }) => medians.lastP99,
  label: shortMs,
};

export const lastP50: Metric = {
  title: "To the last client, p50",
  unit: "ms after the tick's time",
  of: ({ latencyMs }) => latencyMs.last.p50,
  label: shortMs,
};

export const cpuPerFrame: Metric = {
  title: "Server CPU per delivered frame",
  unit: "µs",
  of: ({ serverCpuUsPerFrame }) => serverCpuUsPerFrame,
  estimate: ({ medians }) => medians.serverCpuUsPerFrame,
  label: (value) => (value < 10 ? String(Number(value.toFixed(2))) : value.toFixed(0)),
};

export const bytesPerPlayer: Metric = {
  title: "Bytes per player and second",
  unit: "kB, WebSocket headers included",
  of: ({ bytesPerClientPerSecond }) => bytesPerClientPerSecond / 1000,
  label: (value) => (value < 10 ? String(Number(value.toFixed(2))) : value.toFixed(0)),
};

/** Whether a system's figures of a report mislead. */
export function isDoubtful(report: BenchReport, { failures }: SystemReport): boolean {
  return !report.trustworthy || failures.length > 0;
}

/** A line for each system over the numbers of clients. */
export function seriesOf({ members }: Pick<Group, "members">, metric: Metric): Series[] {
  const names = [...new Set(members.flatMap(({ report }) => systemsOf(report).map(({ name }) => name)))];
  return names.map((name) => ({
    name,
    title: titleOf(name),
    points: members.flatMap(({ report }) => pointOf(report, name, metric) ?? []),
  }));
}

function pointOf(report: BenchReport, name: string, metric: Metric): Point | undefined {
  const system = systemsOf(report).find((one) => one.name === name);
  if (system === undefined || system.delivered === 0) return undefined;
  const estimates = report.estimates.find((one) => one.name === name);
  const estimate = estimates && metric.estimate?.(estimates);
  return {
    x: system.clients,
    y: estimate?.median ?? metric.of(system),
    ...(estimate !== undefined && estimate.count >= ENOUGH && { low: estimate.low, high: estimate.high }),
    doubtful: isDoubtful(report, system),
  };
}

export function shortMs(value: number): string {
  return value < 10
    ? String(Number(value.toFixed(2)))
    : value < 100
      ? String(Number(value.toFixed(1)))
      : value.toFixed(0);
}

export const count = (value: number): string => value.toLocaleString("en");

/** Cells of a table's row for a system, the same on the page and in Markdown. */
export function tableCells(system: SystemReport, report: BenchReport): string[] {
  const estimates = report.estimates.find(({ name }) => name === system.name);
  const of = (metric: Metric): number =>
    (estimates && metric.estimate?.(estimates))?.median ?? metric.of(system);
  const reference = report.systems.at(-1);
  const first = report.systems[0];
  const ranOnce = report.pairs.length > 1 && report.beside.includes(system);
  return [
    ranOnce ? `${titleOf(system.name)}, one run` : titleOf(system.name),
    milliseconds(system.latencyMs.last.p50),
    milliseconds(of(lastP99)),
    overReference(report, system, (one) => one.overFirst?.lastP99.median, reference, first),
    milliseconds(system.latencyMs.all.p50),
    milliseconds(system.latencyMs.all.p99),
    milliseconds(system.latenessMs.p99),
    microseconds(of(cpuPerFrame)),
    overReference(report, system, (one) => one.overFirst?.serverCpuUsPerFrame.median, reference, first),
    (system.bytesPerClientPerSecond / 1000).toFixed(1),
    `${count(system.delivered)} of ${count(system.expected)}`,
  ];
}

export const tableHead = [
  "",
  "last p50, ms",
  "last p99, ms",
  "× bare uWS",
  "each p50, ms",
  "each p99, ms",
  "lateness p99, ms",
  "CPU per frame",
  "× bare uWS",
  "kB/s a player",
  "frames",
] as const;

/**
 * How many times the bare server's figure a system's is. Reports hold the medians of the ratios to Tickcast; the
 * bare server's own is the inverse of Tickcast's ratio to it.
 */
function overReference(
  report: BenchReport,
  system: SystemReport,
  overFirst: (estimates: SystemEstimates) => number | undefined,
  reference: SystemReport | undefined,
  first: SystemReport | undefined,
): string {
  if (reference === undefined || reference === first || !reference.name.startsWith("uws")) return "–";
  if (system.name === reference.name) return "1";
  const of = (name: string): number | undefined => {
    if (name === first?.name) return 1;
    const estimates = report.estimates.find((one) => one.name === name);
    return estimates && overFirst(estimates);
  };
  const [ours, theirs] = [of(system.name), of(reference.name)];
  return ours === undefined || theirs === undefined ? "–" : `${(ours / theirs).toFixed(2)} ×`;
}
