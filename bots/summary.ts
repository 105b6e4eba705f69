import type { Percentiles } from "./histogram.ts";
import type { ByReason, Outcomes } from "./outcomes.ts";
import { counted, grouped, type SwarmReport, slipsInWords, verdictOf } from "./report.ts";

/** A thread that is at work for more of its time keeps frames waiting, and what it measures is its own load. */
const BUSY_SHARE = 0.8;

const LABEL_WIDTH = 13;
const FIGURE_WIDTH = 10;

const clocks: Readonly<Record<NonNullable<SwarmReport["clock"]>, string>> = {
  shared: "the clock shared with the server",
  estimated: "the server's clock as pings estimate it",
  mixed: "the clock shared with the server or, where there is none, estimated from pings",
};

/** The report for a terminal: what happened, how it felt, what it cost, and the verdict as the last line. */
export function summaryOf(report: SwarmReport, url: string, outcomes: Outcomes): string {
  const joined = `${grouped(report.joined)} in ${report.joinSeconds.toFixed(1)} s`;
  return [
    `${counted(report.bots, "bot")} at ${url}`,
    "",
    line("joined", report.joined === 0 ? "0" : `${joined}, ${counted(report.rooms, "room")}`),
    ...(report.network === null ? [] : [line("network", report.network)]),
    ...reasons("refused", report.refused, outcomes.refused),
    ...reasons("disconnects", report.disconnects, outcomes.disconnects),
    ...(report.returns > 0 ? [line("returns", grouped(report.returns))] : []),
    line("missed ticks", grouped(report.missedTicks)),
    ...(report.slips > 0 ? [line("rooms", slipsInWords(report))] : []),
    ...(report.overdueTicks > 0 ? [line("never came", counted(report.overdueTicks, "tick"))] : []),
    ...measured(report),
    "",
    verdictOf(report).sentence,
  ].join("\n");
}

function line(label: string, text: string): string {
  return label.padEnd(LABEL_WIDTH) + text;
}

/** A count by reason, each with what was said the first time. */
function reasons(label: string, total: number, byReason: ByReason): string[] {
  const names = Object.entries(byReason).map(([name, { count }]) => `${grouped(count)} ${name}`);
  const examples = Object.values(byReason).map(({ example }) => line("", example));
  return [line(label, total === 0 ? "0" : names.join(", ")), ...examples];
}

function measured(report: SwarmReport): string[] {
  const { latencyMs, gapMs, clock, seconds, ticksClosed } = report;
  if (gapMs === null) return [];
  const names = ["p50", "p90", "p99", "p99.9", "max"].map((name) => name.padStart(FIGURE_WIDTH)).join("");
  return [
    line(
      "measured",
      `${seconds.toFixed(1)} s from when all had joined, ${counted(ticksClosed, "tick")} closed`,
    ),
    "",
    line("in ms", names),
    ...(latencyMs ? [distribution("latency", latencyMs)] : []),
    distribution("gap", gapMs),
    "",
    ...(clock
      ? [line("latency", `from a tick's intended time to its close at a bot, by ${clocks[clock]}`)]
      : []),
    line("gap", "from one tick of a bot to its next"),
    line(
      "received",
      `${bytes(report.bytesPerBotPerSecond)}/s in ${report.framesPerBotPerSecond} frames/s a bot`,
    ),
    line("sent", `${bytes(report.sentBytesPerBotPerSecond)}/s a bot`),
    line("own load", ownLoad(report)),
    ...warnings(report),
  ];
}

function distribution(label: string, { p50, p90, p99, p999, max }: Percentiles): string {
  return line(label, [p50, p90, p99, p999, max].map((ms) => ms.toFixed(2).padStart(FIGURE_WIDTH)).join(""));
}

function ownLoad({ loadCpu, threads, busiestThread }: SwarmReport): string {
  const [cpu, busy] = [loadCpu, busiestThread].map((share) => `${Math.round(share * 100)} %`);
  return `${cpu} of a core; ${counted(threads, "thread")}, ${threads === 1 ? "" : "the busiest "}at work ${busy} of the time`;
}

function warnings({ busiestThread, negativeLatencies }: SwarmReport): string[] {
  return [
    ...(busiestThread > BUSY_SHARE
      ? [
          "",
          "The bots themselves were busy: part of the latency is theirs. Use more threads, or another machine.",
        ]
      : []),
    ...(negativeLatencies > 0
      ? [
          "",
          `${grouped(negativeLatencies)} latencies were below zero by the estimated clock, and count as 1 µs.`,
        ]
      : []),
  ];
}

function bytes(count: number): string {
  if (count < 1_000) return `${count.toFixed(0)} B`;
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
