import type { Slips } from "./tick-meter.ts";

/** How often something happened for one reason, and what was said the first time. */
interface Occurrences {
  count: number;
  readonly example: string;
}

/** Occurrences by the name of the close code. */
export type ByReason = Record<string, Occurrences>;

/** By a room's id: how often it slipped, and by how many milliseconds in all. */
export type SlipsByRoom = Record<string, Slips>;

/** What became of the bots, over the whole run. Plain data, so that it crosses threads. */
export interface Outcomes {
  joined: number;
  /** Ids of the rooms that were joined. */
  rooms: string[];
  readonly refused: ByReason;
  /** Connections that ended though the bot did not leave. */
  readonly disconnects: ByReason;
  /** Times that a bot was lost and had its seat again. */
  returns: number;
  /** Errors of the bots' own code. */
  failed: number;
  /** Ticks that a bot will never see, by the SDK's count. */
  missedTicks: number;
  /** As the bot saw it that was there for the most of them: whoever comes later knows nothing of those before. */
  readonly slips: SlipsByRoom;
  /** Ticks that were due when bots left, and had not come. */
  overdueTicks: number;
}

export function noOutcomes(): Outcomes {
  return {
    joined: 0,
    rooms: [],
    refused: {},
    disconnects: {},
    returns: 0,
    failed: 0,
    missedTicks: 0,
    slips: {},
    overdueTicks: 0,
  };
}

export function countReason(reasons: ByReason, name: string, example: string, count = 1): void {
  const known = reasons[name];
  if (known) known.count += count;
  else reasons[name] = { count, example };
}

/** A room slips for all who are in it, so what several saw of it does not add up. */
export function sawSlips(rooms: SlipsByRoom, id: string, { count, ms }: Slips): void {
  if (count === 0) return;
  const known = rooms[id] ?? { count: 0, ms: 0 };
  rooms[id] = { count: Math.max(known.count, count), ms: Math.max(known.ms, ms) };
}

export function totalOf(reasons: ByReason): number {
  return Object.values(reasons).reduce((sum, { count }) => sum + count, 0);
}

export function addOutcomes(sum: Outcomes, part: Outcomes): void {
  sum.joined += part.joined;
  sum.rooms = [...new Set([...sum.rooms, ...part.rooms])];
  for (const which of ["refused", "disconnects"] as const)
    for (const [name, { count, example }] of Object.entries(part[which]))
      countReason(sum[which], name, example, count);
  sum.returns += part.returns;
  sum.failed += part.failed;
  sum.missedTicks += part.missedTicks;
  for (const [id, slips] of Object.entries(part.slips)) sawSlips(sum.slips, id, slips);
  sum.overdueTicks += part.overdueTicks;
}
