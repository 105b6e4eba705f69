import { conditionsInWords, isPerfect } from "../shared/link/network-conditions.ts";
import { type Percentiles, percentilesOf } from "./histogram.ts";
import type { Measurements } from "./measurements.ts";
import { type ByReason, totalOf } from "./outcomes.ts";
import type { SwarmResult } from "./swarm-run.ts";

/**
 * What `tickcast bots --json` writes. Rates and distributions are of the measured seconds; everything else
 * counts over the whole run.
 */
export interface SwarmReport {
  readonly bots: number;
  readonly joined: number;
  readonly refused: number;
  /** Connections that ended though the bot did not leave. */
  readonly disconnects: number;
  /** Times that a bot was lost and had its seat again. */
  readonly returns: number;
  readonly missedTicks: number;
  /** Times that a room was too late to catch up and began a new schedule, summed over rooms. */
  readonly slips: number;
  /** By how much the room did in all that slipped the most. A period of it is, in the latencies, a tick that came late. */
  readonly slippedMs: number;
  /** What `--max-slip` allows of it. */
  readonly maxSlipMs: number;
  /** Ticks that were due when bots left and never came, where they were late by more than a second. */
  readonly overdueTicks: number;
  /** From the intended time of a tick to its close at a bot. `null`: nothing was measured. */
  readonly latencyMs: Percentiles | null;
  /** From one closed tick of a bot to its next. */
  readonly gapMs: Percentiles | null;
  /** Received, payload only. */
  readonly bytesPerBotPerSecond: number;
  readonly framesPerBotPerSecond: number;
  readonly sentBytesPerBotPerSecond: number;
  /** By which clock latency was measured: the one that the server reads, too, or an estimate of it from pings. */
  readonly clock: "shared" | "estimated" | "mixed" | null;
  /** Latencies that an estimate put below zero, recorded as 1 µs. */
  readonly negativeLatencies: number;
  /** Measured: from when the last bot had joined to when the bots left. */
  readonly seconds: number;
  readonly joinSeconds: number;
  readonly threads: number;
  readonly rooms: number;
  /** The bad network that the bots played through, in words; `null` without one. */
  readonly network: string | null;
  readonly ticksClosed: number;
  /** By the name of the close code. */
  readonly disconnectsByReason: Readonly<Record<string, number>>;
  readonly refusedByReason: Readonly<Record<string, number>>;
  /** Errors of the bots' own code. */
  readonly botErrors: number;
  /** CPU time of the swarm's process as a share of one core: 1 is a whole core. */
  readonly loadCpu: number;
  /**
   * The share of the time in which the busiest thread was at work instead of waiting for frames, 0 to 1. Near 1
   * frames wait for the swarm, and its latency says little about the server.
   */
  readonly busiestThread: number;
  readonly ending: SwarmResult["ending"];
}

export function reportOf(result: SwarmResult): SwarmReport {
  const { outcomes, measurements } = result;
  const slips = Object.values(outcomes.slips);
  const perBotSecond = (amount: number): number =>
    measurements.botSeconds > 0 ? round(amount / measurements.botSeconds, 1) : 0;
  return {
    bots: result.options.bots,
    joined: outcomes.joined,
    refused: totalOf(outcomes.refused),
    disconnects: totalOf(outcomes.disconnects),
    returns: outcomes.returns,
    missedTicks: outcomes.missedTicks,
    slips: slips.reduce((sum, { count }) => sum + count, 0),
    slippedMs: round(
      slips.reduce((most, { ms }) => Math.max(most, ms), 0),
      1,
    ),
    maxSlipMs: result.options.maxSlipMs,
    overdueTicks: outcomes.overdueTicks,
    latencyMs: percentilesOf(measurements.latency) ?? null,
    gapMs: percentilesOf(measurements.gaps) ?? null,
    bytesPerBotPerSecond: perBotSecond(measurements.bytesReceived),
    framesPerBotPerSecond: perBotSecond(measurements.framesReceived),
    sentBytesPerBotPerSecond: perBotSecond(measurements.bytesSent),
    clock: clockOf(measurements),
    negativeLatencies: measurements.negativeLatencies,
    seconds: round(result.seconds, 3),
    joinSeconds: round(result.joinSeconds, 3),
    threads: result.threads,
    rooms: outcomes.rooms.length,
    network: isPerfect(result.options.network) ? null : conditionsInWords(result.options.network),
    ticksClosed: measurements.ticksClosed,
    disconnectsByReason: countsOf(outcomes.disconnects),
    refusedByReason: countsOf(outcomes.refused),
    botErrors: outcomes.failed,
    loadCpu: round(result.loadCpu, 3),
    busiestThread: round(result.busiestThread, 3),
    ending: result.ending,
  };
}

/** What a run comes to. */
export interface Verdict {
  /** `interrupted`: it was ended too early to be good, and nothing had failed by then. */
  readonly outcome: "ok" | "failed" | "interrupted";
  readonly sentence: string;
}

/**
 * A run is good where every bot joined, missed no tick, kept its connection and threw no error, no room slipped by more
 * than is allowed, and every tick that was due at the end had come. Whoever interrupts a run is not told that the bots
 * which had not come by then are missing.
 */
export function verdictOf(report: SwarmReport): Verdict {
  const { bots, joined, refused, missedTicks, slips, overdueTicks, disconnects, botErrors, ending } = report;
  const missing = ending === "interrupted" ? refused > 0 : joined < bots;
  const stalled = report.slippedMs > report.maxSlipMs;
  const failed = missing || stalled || missedTicks + overdueTicks + disconnects + botErrors > 0;
  const outcome = failed ? "failed" : ending === "interrupted" ? "interrupted" : "ok";
  const parts = [
    `${grouped(joined)} of ${grouped(bots)} bots joined`,
    counted(missedTicks, "tick", "missed"),
    counted(disconnects, "unexpected disconnect"),
    ...(slips > 0 ? [slipsInWords(report)] : []),
    ...(overdueTicks > 0 ? [counted(overdueTicks, "tick", "never came")] : []),
    ...(botErrors > 0 ? [counted(botErrors, "bot error")] : []),
    ...(failed && ending === "interrupted" ? ["before it was interrupted"] : []),
  ];
  return { outcome, sentence: `${outcome}: ${parts.join(", ")}` };
}

/** `slipped 2 times, 4,950 ms in the worst room`. */
export function slipsInWords({ slips, slippedMs }: Pick<SwarmReport, "slips" | "slippedMs">): string {
  return `slipped ${counted(slips, "time")}, ${grouped(Math.round(slippedMs))} ms in the worst room`;
}

/** `1 tick missed`, `2,000 ticks missed`. */
export function counted(count: number, noun: string, rest = ""): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}${rest && ` ${rest}`}`;
}

export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function clockOf({ sharedLatencies, estimatedLatencies }: Measurements): SwarmReport["clock"] {
  if (sharedLatencies > 0) return estimatedLatencies > 0 ? "mixed" : "shared";
  return estimatedLatencies > 0 ? "estimated" : null;
}

function countsOf(reasons: ByReason): Record<string, number> {
  return Object.fromEntries(Object.entries(reasons).map(([name, { count }]) => [name, count]));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
