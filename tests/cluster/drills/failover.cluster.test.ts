import { afterEach, expect, test } from "vitest";
import type { Published } from "../../simulation/cluster/ownership-log.ts";
import { Fleet, type FleetOptions, pass, percentile, until } from "./fleet.ts";

/** On a machine that has other work to do, fewer: `DRILL_PLAYERS=100`. */
const PASSENGERS = Number(process.env.DRILL_PLAYERS ?? 300);
const SEATS = 12;
/** An interval of checkpoints, and what a write may take on a machine that does other things, too, in ticks. */
const OLDEST_CHECKPOINT_TICKS = 40;

let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.close();
  fleet = undefined;
});

async function started(options: Partial<FleetOptions> = {}): Promise<Fleet> {
  fleet = await Fleet.start({ passengers: PASSENGERS, seats: SEATS, onDirectoryLoss: "fence", ...options });
  return fleet;
}

/** A figure beside what it is to be: told, not asserted, for it is the machine's as well. */
function report(drill: string, figures: Readonly<Record<string, string | number>>): void {
  const cells = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  console.info(`drill: ${drill}: ${cells.join(" · ")}`);
}

/** How many tick numbers in a row were never published. */
function missing(entries: readonly Published[]): number {
  const rooms = new Map<string, Published[]>();
  for (const entry of entries) rooms.set(entry.room, [...(rooms.get(entry.room) ?? []), entry]);
  let missed = 0;
  for (const ticks of rooms.values())
    for (const [index, { tick }] of ticks.entries()) {
      const before = ticks[index - 1];
      if (before !== undefined && before.tick + 1 !== tick) missed += tick - before.tick - 1;
    }
  return missed;
}

const everybodyJoined =
  ({ passengers }: Fleet) =>
  () =>
    passengers.every(({ isJoined }) => isJoined);

test("[FAI-8] kill -9 of one node of three: the others' rooms go on, its players are back and told what was undone", async () => {
  const fleet = await started();
  const { passengers } = fleet;
  await pass(2_000);
  const victim = fleet.busiest();
  const survivors = fleet.nodes.filter((node) => node !== victim);
  const lost = fleet.roomsOf(victim.id);
  const affected = passengers.filter(({ room }) => lost.has(room.id));
  const others = passengers.filter(({ room }) => !lost.has(room.id));
  expect([affected.length > 0, others.length > 0]).toEqual([true, true]);
  const killedAt = performance.now();
  victim.signal("SIGKILL");
  await until("everybody is away who was there", 5_000, () =>
    affected.every(({ awayAt }) => awayAt !== undefined),
  );
  await until("they are back", 30_000, () =>
    affected.every(({ backAt, isJoined }) => backAt !== undefined && isJoined),
  );
  await pass(2_000);
  const backMs = affected.map(({ backAt }) => (backAt ?? Number.POSITIVE_INFINITY) - killedAt);
  const undone = affected.map(({ rolledBack }) => rolledBack.reduce((sum, ticks) => sum + ticks, 0));
  const kept = survivors.flatMap((node) => node.published().filter(({ room }) => !lost.has(room)));
  const slips = survivors.flatMap((node) => node.told("tickSlipped")).length;
  report("kill -9", {
    players: affected.length,
    rooms: lost.size,
    "back p50": `${percentile(backMs, 0.5).toFixed(0)} ms`,
    "p99 (3000)": `${percentile(backMs, 0.99).toFixed(0)} ms`,
    "most undone": `${Math.max(...undone)} ticks`,
    "ticks that others missed (0)": missing(kept),
    "slips of others": slips,
  });
  // Who saw nothing beyond the checkpoint is told nothing.
  expect(affected.filter(({ rolledBack }) => rolledBack.length > 0).length).toBeGreaterThan(0);
  expect(Math.max(...undone)).toBeLessThanOrEqual(OLDEST_CHECKPOINT_TICKS);
  // A machine that is so busy that the others lose their leases, too, shows something else.
  const fences = survivors.flatMap((node) => node.told("fenceChanged"));
  if (fences.length === 0)
    expect(others.filter(({ absences, rolledBack }) => absences + rolledBack.length > 0).length).toBe(0);
  expect(await fleet.account()).toEqual([]);
});

test("[FAI-8] SIGTERM of all three, one after the other: nothing is lost, nobody set back, each exits within ten seconds", async () => {
  const fleet = await started();
  const { passengers } = fleet;
  const exitMs: number[] = [];
  for (const passenger of passengers) passenger.forgetGaps();
  for (const [index, node] of [...fleet.nodes].entries()) {
    await fleet.startNode(`m${index}`);
    await pass(300);
    const began = performance.now();
    node.signal("SIGTERM");
    expect(await node.exited).toBe(0);
    exitMs.push(performance.now() - began);
    await pass(1_500);
  }
  await until("everybody is there", 10_000, everybodyJoined(fleet));
  const moves = fleet.nodes.flatMap((node) => node.told("roomMoved"));
  const gaps = passengers.map(({ longestGapMs }) => longestGapMs);
  report("rolling SIGTERM", {
    players: passengers.length,
    moves: moves.length,
    "exit, longest (10000)": `${Math.max(...exitMs).toFixed(0)} ms`,
    "gap p50": `${percentile(gaps, 0.5).toFixed(0)} ms`,
    "gap p99 (1000)": `${percentile(gaps, 0.99).toFixed(0)} ms`,
    longest: `${Math.max(...gaps).toFixed(0)} ms`,
    "move p99": `${percentile(
      moves.map(({ told }) => Number(told.tookMs)),
      0.99,
    ).toFixed(0)} ms`,
  });
  expect(moves.length).toBeGreaterThan(0);
  expect(moves.filter(({ told }) => told.isThere !== true)).toEqual([]);
  expect(Math.max(...exitMs)).toBeLessThanOrEqual(10_000);
  expect(passengers.filter(({ rolledBack, lostCalls }) => rolledBack.length + lostCalls > 0).length).toBe(0);
  expect(await fleet.account()).toEqual([]);
});

test("[FAI-8] a node that stands still for ten seconds: its rooms go on elsewhere, and never had two owners", async () => {
  const fleet = await started();
  const { passengers } = fleet;
  await pass(1_500);
  const victim = fleet.busiest();
  const survivors = fleet.nodes.filter((node) => node !== victim);
  const lost = fleet.roomsOf(victim.id);
  const affected = passengers.filter(({ room }) => lost.has(room.id));
  expect(affected.length).toBeGreaterThan(0);
  victim.signal("SIGSTOP");
  await pass(10_000);
  victim.signal("SIGCONT");
  const resumedAt = performance.now();
  // Their connections stood still, too: first of all they hear that these are over.
  await until("its players are away", 10_000, () => affected.every(({ awayAt }) => awayAt !== undefined));
  await until("everybody is there", 30_000, () => {
    const taken = survivors.flatMap((node) => node.told("roomTakenOver"));
    return taken.length >= lost.size && everybodyJoined(fleet)();
  });
  const backMs = performance.now() - resumedAt;
  await pass(2_000);
  const late = victim.published().filter(({ room }) => lost.has(room));
  report("SIGSTOP for 10 s", {
    players: affected.length,
    "all back behind SIGCONT": `${backMs.toFixed(0)} ms`,
    "ticks in the ownership log": fleet.published().length,
    "ticks of the old owner": late.length,
  });
  expect(await fleet.account()).toEqual([]);
});
