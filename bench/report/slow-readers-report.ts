import { Complaint } from "../../shared/complaint.ts";
import type { RawSlowReadersRun, ReadersPair, ReadersWindow } from "../run/run-slow-readers.ts";
import { type SlowReadersFigure, type SlowReadersLoad, slowReaders } from "../scenarios/slow-readers.ts";
import { bootstrapMedian, bootstrapPairedRatio, type Estimate } from "../statistics/bootstrap.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";
import { judgeBounds } from "./bounds.ts";
import { useOf } from "./core-use.ts";
import type { MachineFacts } from "./machine.ts";
import type { TargetReport } from "./report.ts";
import { doubts } from "./trust.ts";

/** One window. Latencies are those of the players who always read, from a tick's intended time. */
interface WindowReport {
  readonly latencyMs: Percentiles;
  readonly latenessMs: Percentiles;
  readonly serverCpu: number;
  readonly rssBytes: number;
}

/** What `--json` writes for slow readers. */
export interface SlowReadersReport extends SlowReadersLoad {
  readonly scenario: string;
  readonly hz: number;
  readonly pairReports: readonly { readonly stalled: WindowReport; readonly reading: WindowReport }[];
  /** The p99 with slow readers over that without, in pairs. */
  readonly p99Ratio: Estimate;
  /** The most that waited in the server's process for one slow player. */
  readonly bufferedBytes: number;
  /** The process's memory with slow readers beyond that without, for each of them. */
  readonly rssBytesPerSlow: Estimate;
  /** From reading again to being at the current tick. */
  readonly returnMs: Percentiles;
  /** States of slow SDK clients that were compared with the server's once they were back. */
  readonly hashesCompared: number;
  readonly targets: readonly TargetReport[];
  readonly machine: MachineFacts;
  readonly trustworthy: boolean;
  readonly reasons: readonly string[];
  readonly failures: readonly string[];
}

/** Turns what a run brought to light into figures, and says where it failed or may mislead. */
export function slowReadersReport(run: RawSlowReadersRun, machine: MachineFacts): SlowReadersReport {
  const { load, pairs, sameClock } = run;
  const p99 = ({ clients }: ReadersWindow): number => clients.latencyMs.p99;
  // Where nothing arrived there is no latency; such a run has failed.
  const timed = pairs.filter(
    ({ stalled, reading }) => stalled.clients.delivered > 0 && reading.clients.delivered > 0,
  );
  if (timed.length === 0) throw new Complaint("no player was sent anything in any pair of windows");
  const p99Ratio = bootstrapPairedRatio(
    timed.map(({ stalled }) => p99(stalled)),
    timed.map(({ reading }) => p99(reading)),
  );
  const rss = ({ server }: ReadersWindow): number => server.backlog?.rssBytes.median ?? 0;
  const rssBytesPerSlow = bootstrapMedian(
    pairs.map(({ stalled, reading }) => (rss(stalled) - rss(reading)) / load.slow),
  );
  const bufferedBytes = Math.max(...pairs.map(({ stalled }) => stalled.server.backlog?.bufferedBytes ?? 0));
  const returns = new LatencyHistogram();
  for (const { stalled } of pairs) for (const ms of stalled.clients.returnsMs) returns.record(ms);
  const returnMs = returns.percentiles();
  const figures: Record<SlowReadersFigure, number> = {
    "p99Ratio.high": p99Ratio.high,
    bufferedBytes,
    rssBytesPerSlow: rssBytesPerSlow.median,
    "returnMs.max": returnMs.max,
  };
  const slips = Math.max(
    ...pairs.flatMap(({ stalled, reading }) => [stalled.server.slips, reading.server.slips]),
  );
  const all = pairs.flatMap(({ stalled, reading }) => [stalled, reading]);
  const reasons = doubts(all.map(useOf), machine, sameClock === true);
  return {
    scenario: slowReaders.name,
    ...load,
    hz: slowReaders.hz,
    pairReports: pairs.map(({ stalled, reading }) => ({
      stalled: windowReport(stalled),
      reading: windowReport(reading),
    })),
    p99Ratio,
    bufferedBytes,
    rssBytesPerSlow,
    returnMs,
    hashesCompared: pairs.reduce((sum, { stalled }) => sum + comparedHashes(stalled).length, 0),
    targets: judgeBounds(slowReaders.bounds, load, figures),
    machine,
    trustworthy: reasons.length === 0,
    reasons,
    failures: [
      ...pairs.flatMap((pair, i) => failures(pair, load).map((failure) => `pair ${i + 1}: ${failure}`)),
      ...(slips > 0 ? [`the server could not keep up: its ticks slipped ${slips} times`] : []),
    ],
  };
}

function windowReport(measured: ReadersWindow): WindowReport {
  const { server, clients } = measured;
  return {
    latencyMs: clients.latencyMs,
    latenessMs: server.latenessMs,
    serverCpu: server.cpuUs / 1000 / server.wallMs,
    rssBytes: server.backlog?.rssBytes.median ?? 0,
  };
}

function failures({ stalled, reading }: ReadersPair, { clients, slow, mirrors }: SlowReadersLoad): string[] {
  const found: string[] = [];
  for (const { window, clients: read } of [stalled, reading]) {
    const expected = (clients - slow) * (window.toTick - window.fromTick);
    if (read.delivered !== expected)
      found.push(`${read.delivered} of ${expected} ticks reached the players who read`);
    if (read.gaps > 0) found.push(`${read.gaps} of these did not follow the tick before`);
    if (read.lost[0] !== undefined) found.push(`${read.lost.length} connections were lost: ${read.lost[0]}`);
  }
  const { returnsMs, differences } = stalled.clients;
  const paused = stalled.server.backlog?.stalled ?? 0;
  if (paused !== slow) found.push(`${paused} of ${slow} players who did not read were paused`);
  if (returnsMs.length !== slow) found.push(`${returnsMs.length} of ${slow} slow players came back in time`);
  const compared = comparedHashes(stalled);
  const differ = compared.filter(({ ofPlayer, ofServer }) => ofPlayer !== ofServer);
  if (differ[0] !== undefined)
    found.push(`${differ.length} states of slow players differ from the server's, in tick ${differ[0].tick}`);
  const seen = new Set(compared.map(({ player }) => player)).size;
  if (seen !== mirrors) found.push(`${seen} of ${mirrors} slow clients of the SDK could be compared`);
  return [...found, ...differences];
}

/** States of slow players beside the server's, of the ticks that the server could look at. */
function comparedHashes({ server, clients }: ReadersPair["stalled"]) {
  const known = new Map(server.hashes.map(([tick, hash]) => [tick, hash]));
  return clients.hashes.flatMap(([tick, ofPlayer, player]) => {
    const ofServer = known.get(tick);
    return ofServer === null ? [] : [{ tick, player, ofPlayer, ofServer }];
  });
}
