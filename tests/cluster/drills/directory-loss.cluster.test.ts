import { afterEach, expect, test } from "vitest";
import { connect } from "../../../client/node.ts";
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { ferry } from "../../simulation/cluster/ferry-game.ts";
import { Fleet, type FleetOptions, pass, until } from "./fleet.ts";

/** It is the directory that is tried here, not how many can play. */
const PASSENGERS = Number(process.env.DRILL_PLAYERS ?? 60);
const SEATS = 12;
const GONE_MS = 30_000;

const clock = new NodeClock();
let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.close();
  fleet = undefined;
});

async function started(onDirectoryLoss: FleetOptions["onDirectoryLoss"]): Promise<Fleet> {
  fleet = await Fleet.start({ passengers: PASSENGERS, seats: SEATS, onDirectoryLoss });
  return fleet;
}

const outages = {
  /** Stands still: connections stay, nothing is answered, and nothing is forgotten. */
  stopped: async ({ redis }: Fleet) => {
    redis.pause();
    return async () => redis.resume();
  },
  /** Is gone, and comes back empty. */
  killed: async (fleet: Fleet) => {
    for (const { id } of fleet.nodes) await fleet.line(id).refuse();
    return async () => {
      await fleet.redis.restart();
      for (const { id } of fleet.nodes) await fleet.line(id).open();
    };
  },
} as const;

for (const outage of ["stopped", "killed"] as const)
  test(`[FAI-8] fence: with Redis ${outage} for half a minute rooms stand still, joins are told to try again, and all goes on`, async () => {
    const fleet = await started("fence");
    const heal = await outages[outage](fleet);
    const goneAt = clock.now();
    await pass(GONE_MS / 2);
    const refusal = await connect(ferry, `${fleet.matchmaking}/join/ferry`, { number: 1 }).then(
      () => "let in",
      (error: { close: { retry: string } }) => error.close.retry,
    );
    expect(["soon", "later"]).toContain(refusal);
    await pass(GONE_MS / 2);
    // A lease, a margin, and what a tick that was begun may take.
    const late = fleet.published().filter(({ at }) => at > goneAt + 2_100);
    expect(late.length).toBe(0);
    expect(fleet.passengers.filter(({ isJoined }) => isJoined).length).toBe(0);
    await heal();
    const backAt = clock.now();
    const opened = (): number[] =>
      fleet.nodes.flatMap((node) =>
        node
          .told("fenceChanged")
          .filter(({ at, told }) => at > backAt && told.state === "open")
          .map(({ at }) => at - backAt),
      );
    await until("all nodes go on", 20_000, () => opened().length >= fleet.nodes.length);
    const playersMs = await until("everybody is there", 30_000, () =>
      fleet.passengers.every(({ isJoined }) => isJoined),
    );
    const goOnMs = Math.max(...opened());
    const setBack = fleet.passengers.filter(({ rolledBack }) => rolledBack.length > 0).length;
    console.info(
      `drill: Redis ${outage}, fence: rooms go on (5000) ${goOnMs.toFixed(0)} ms · players ${playersMs.toFixed(0)} ms behind it · set back ${setBack} of ${fleet.passengers.length}`,
    );
    expect(await fleet.account()).toEqual([]);
  });

test("[FAI-8] continue: with Redis killed for half a minute everybody plays on, and rooms are known again", async () => {
  const fleet = await started("continue");
  const heal = await outages.killed(fleet);
  await pass(GONE_MS);
  await heal();
  await pass(6_000);
  const away = fleet.passengers.filter(({ absences }) => absences > 0).length;
  const slips = fleet.nodes.flatMap((node) => node.told("tickSlipped")).length;
  console.info(`drill: Redis killed, continue: players who noticed (0) ${away} · slips ${slips}`);
  expect(away).toBe(0);
  const late = await connect(ferry, `${fleet.matchmaking}/join/ferry/${fleet.passengers[0]?.room.id}`, {
    number: 1,
  }).then(
    (room) => void room.leave(),
    (error: { close: { name: string } }) => error.close.name,
  );
  expect([undefined, "room-full"]).toContain(late);
  expect(await fleet.account()).toEqual([]);
});

test("[FAI-8] fence: a node that is cut off from Redis has its rooms taken, and none has two owners", async () => {
  const fleet = await started("fence");
  const cutOff = fleet.busiest();
  const heal = fleet.line(cutOff.id).silence();
  await pass(8_000);
  heal();
  await until("everybody is there", 30_000, () => fleet.passengers.every(({ isJoined }) => isJoined));
  await pass(1_000);
  expect(
    fleet.nodes.filter((node) => node !== cutOff).flatMap((node) => node.told("roomTakenOver")).length,
  ).toBeGreaterThan(0);
  expect(await fleet.account()).toEqual([]);
});
