import { bootstrapChange, ENOUGH, type Estimate } from "../statistics/bootstrap.ts";
import { spread } from "../statistics/median.ts";
import type { SavedReport, SavedSystem } from "./read-report.ts";

/** What two reports say of one figure of one system. Less is better for all figures. */
export interface Change {
  readonly system: string;
  readonly figure: string;
  readonly before: number;
  readonly after: number;
  /** How many times `before` the figure is `after`; its interval holds the true one 19 times in 20. */
  readonly times: Estimate;
  /** "unclear": the interval holds 1, so chance alone may have made the difference. */
  readonly verdict: "better" | "worse" | "unclear" | "too few runs";
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Why the two are not quite comparable; sentences. */
  readonly doubts: readonly string[];
}

interface Compared {
  readonly figure: string;
  readonly of: (system: SavedSystem) => number;
}

const SERVER_CPU: Compared = { figure: "server CPU per frame, µs", of: (s) => s.serverCpuUsPerFrame };

const compared: readonly Compared[] = [
  SERVER_CPU,
  { figure: "to each client p50, ms", of: (s) => s.latencyMs.all.p50 },
  { figure: "to each client p99, ms", of: (s) => s.latencyMs.all.p99 },
  { figure: "to the last client p99, ms", of: (s) => s.latencyMs.last.p99 },
  { figure: "tick lateness p99, ms", of: (s) => s.latenessMs.p99 },
  { figure: "bytes per client and second", of: (s) => s.bytesPerClientPerSecond },
];

/**
 * What changed between two reports, system by system, and whether it is more than chance. The ratio to the
 * reference comes first: what a machine does on another day weighs on both systems of a pair, and cancels.
 */
export function compareReports(before: SavedReport, after: SavedReport): Comparison {
  const names = namesOf(before).filter((name) => namesOf(after).includes(name));
  return {
    changes: [
      ...ratios(before, after),
      ...names.flatMap((name) =>
        compared.map(({ figure, of }) =>
          change(name, figure, runsOf(before, name).map(of), runsOf(after, name).map(of)),
        ),
      ),
    ],
    doubts: doubts(before, after),
  };
}

/** Where both reports have the same first and the same last system. */
function ratios(before: SavedReport, after: SavedReport): Change[] {
  const ends = ({ pairs }: SavedReport): string[] => {
    const systems = pairs[0]?.systems ?? [];
    return systems.length < 2 ? [] : [systems[0]?.name ?? "", systems.at(-1)?.name ?? ""];
  };
  const [first, reference] = ends(before);
  if (first === undefined || ends(before).join() !== ends(after).join()) return [];
  const ratio = ({ pairs }: SavedReport): number[] =>
    pairs.flatMap(({ systems: [ours, ...others] }) => {
      const bare = others.at(-1);
      return ours === undefined || bare === undefined ? [] : [SERVER_CPU.of(ours) / SERVER_CPU.of(bare)];
    });
  return [change(`${first} / ${reference}`, "server CPU per frame", ratio(before), ratio(after))];
}

function change(system: string, figure: string, before: readonly number[], after: readonly number[]): Change {
  const times = bootstrapChange(before, after);
  return {
    system,
    figure,
    before: spread(before).median,
    after: spread(after).median,
    times,
    verdict: verdict(times),
  };
}

function verdict({ low, high, count }: Estimate): Change["verdict"] {
  if (count < ENOUGH) return "too few runs";
  if (low > 1) return "worse";
  return high < 1 ? "better" : "unclear";
}

function doubts(before: SavedReport, after: SavedReport): string[] {
  const both = [before, after];
  const differ = <Value>(of: (report: SavedReport) => Value): boolean => of(before) !== of(after);
  const load = ({ pairs }: SavedReport): string => {
    const { clients, hz, seconds } = pairs[0]?.systems[0] ?? { clients: 0, hz: 0, seconds: 0 };
    return `${clients} clients, ${hz} Hz, ${seconds} s`;
  };
  return [
    ...(differ((report) => report.scenario)
      ? [`they measured two scenarios: ${before.scenario} and ${after.scenario}`]
      : []),
    ...(differ(load) ? [`their loads differ: ${load(before)}; ${load(after)}`] : []),
    ...(differ(({ machine: { cpu, cores, system } }) => `${cpu} × ${cores}, ${system}`)
      ? ["they were measured on different machines"]
      : []),
    ...(differ(({ machine }) => machine.node)
      ? [`Node differs: ${before.machine.node} and ${after.machine.node}`]
      : []),
    ...both.flatMap(({ trustworthy, failures }, i) => {
      const which = i === 0 ? "the first" : "the second";
      if (failures.length > 0) return [`${which} has failed: ${failures[0]}`];
      return trustworthy ? [] : [`${which} calls itself not trustworthy`];
    }),
  ];
}

function namesOf({ pairs }: SavedReport): string[] {
  return pairs[0]?.systems.map(({ name }) => name) ?? [];
}

function runsOf({ pairs }: SavedReport, name: string): SavedSystem[] {
  return pairs.flatMap(({ systems }) => systems.filter((system) => system.name === name));
}
