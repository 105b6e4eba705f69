import { afterEach, describe, expect, test } from "vitest";
import { NOTHING_LEFT } from "./server-kit/hosted.ts";
import { PERIOD_MS, type RangeOptions, ShootingRange } from "./server-kit/shooting-range.ts";

/** 75 ms each way and up to 30 more: round trips of 150 to 210 ms. */
const WAY = { latencyMs: 75, jitterMs: 30 };
const MINUTES_MS = 4 * 60_000;
/** By then the first second's pings and some reports are in. */
const WARM_MS = 4_000;

/** What a stall, a slip or a jump may cost: a clock that runs even again is right within so long. */
const RECOVERED_MS = 2_000;

let range: ShootingRange | undefined;

async function play(options: Partial<RangeOptions> = {}): Promise<ShootingRange> {
  range = new ShootingRange({ up: WAY, down: WAY, ppm: 100, ...options });
  await range.start();
  return range;
}

afterEach(async () => {
  expect(await range?.stop()).toEqual(NOTHING_LEFT);
});

/** 4 × jitter + 1 tick, where a round trip's mean deviation is 10 ms. */
const TARGET_MS = 4 * 10 + PERIOD_MS;

describe("[ITL-3] inputs are there before their tick, by 4 x jitter + 1 tick", () => {
  const ways = {
    even: [WAY, WAY],
    "slow up": [
      { latencyMs: 140, jitterMs: 30 },
      { latencyMs: 10, jitterMs: 30 },
    ],
    "slow down": [
      { latencyMs: 10, jitterMs: 30 },
      { latencyMs: 140, jitterMs: 30 },
    ],
  } as const;
  for (const [name, [up, down]] of Object.entries(ways))
    for (const reads of ["another", "shared"] as const)
      test(`however the round trip of 150 to 210 ms is split: ${name}, ${reads} clock`, async () => {
        const open = await play({ up, down, reads });
        await open.clock.run(MINUTES_MS);
        expect(open.lateRate(WARM_MS)).toBeLessThan(0.005);
        expect(open.arrivals.length).toBeGreaterThan(1_500);
        const margin = open.marginMs(WARM_MS, MINUTES_MS);
        expect(Math.abs(margin - TARGET_MS)).toBeLessThan(15);
        const { jitterMs, inputMarginMs, inputsLate, rttMs } = open.room.statistics;
        expect(rttMs).toBeGreaterThan(150);
        expect(jitterMs).toBeGreaterThan(4);
        expect(inputMarginMs).toBeGreaterThan(50);
        expect(inputsLate).toBe(0);
        await open.cease();
        expect([open.presses > 1_000, open.shots]).toEqual([true, open.presses]);
      });

  test("also where what makes them late is this page's timers, which no ping can tell", async () => {
    const open = await play();
    open.clientClock.lateMs = 30;
    await open.clock.run(60_000);
    const margin = open.marginMs(10_000, 60_000);
    expect(Math.abs(margin - TARGET_MS)).toBeLessThan(15);
  });
});

test("[ITL-1] no tick has two inputs, and each input's view is of a closed tick", async () => {
  const open = await play();
  await open.clock.run(60_000);
  const ticks = open.arrivals.map(({ tick }) => tick);
  expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b));
  for (const { viewTick, tick } of open.arrivals) expect(viewTick).toBeLessThan(tick);
  expect(open.room.statistics.pauses).toBe(0);
});

describe("[ITL-2] each press acts once", () => {
  test("with a stall of 400 ms every 5 s, which makes some late and none too early for long", async () => {
    const open = await play();
    open.stallEvery(5_000, 400);
    await open.clock.run(MINUTES_MS);
    const { inputsLate, jitterMs = 0 } = open.room.statistics;
    expect(inputsLate).toBeGreaterThan(20);
    // The stall is no jitter.
    expect(jitterMs).toBeLessThan(40);
    expect(open.marginMs(WARM_MS, MINUTES_MS)).toBeLessThan(TARGET_MS + 30);
    await open.cease();
    expect([open.presses > 1_000, open.shots]).toEqual([true, open.presses]);
  });

  test("where the server slips, by little and by much", async () => {
    const open = await play();
    for (const ms of [300, 400, 800, 1_500, 300]) {
      await open.clock.run(10_000);
      open.busy(ms);
      await open.clock.run(RECOVERED_MS);
      const from = open.clock.now();
      await open.clock.run(10_000);
      expect(open.lateRate(from)).toBeLessThan(0.005);
      expect(Math.abs(open.marginMs(from, open.clock.now()) - TARGET_MS)).toBeLessThan(25);
    }
    expect(open.slips).toBe(5);
    await open.cease();
    expect(open.shots).toBe(open.presses);
  });

  test.each([2_000, -2_000, 1_000, -300])("where the client's clock jumps by %i ms", async (jump) => {
    const open = await play();
    await open.clock.run(20_000);
    open.clientClock.jump(jump);
    await open.clock.run(RECOVERED_MS);
    const from = open.clock.now();
    await open.clock.run(30_000);
    expect(open.lateRate(from)).toBeLessThan(0.005);
    expect(Math.abs(open.marginMs(from, open.clock.now()) - TARGET_MS)).toBeLessThan(25);
    await open.cease();
    expect(open.shots).toBe(open.presses);
  });

  test("in a page whose timers fire once a second, as in the background, and after it", async () => {
    const open = await play();
    open.clientClock.lateMs = 1_000;
    await open.clock.run(30_000);
    open.clientClock.lateMs = 0;
    await open.clock.run(RECOVERED_MS);
    const from = open.clock.now();
    await open.clock.run(30_000);
    expect(open.lateRate(from)).toBeLessThan(0.005);
    await open.cease();
    expect(open.shots).toBe(open.presses);
  });
});

describe("[ITL-5] recovers by itself", () => {
  test.each(["up", "down", "both"] as const)("from 3 s without anything %s", async (direction) => {
    const open = await play();
    await open.clock.run(10_000);
    open.line.link.stall(direction, 3_000);
    await open.clock.run(3_000 + RECOVERED_MS);
    const from = open.clock.now();
    await open.clock.run(20_000);
    expect(open.lateRate(from)).toBeLessThan(0.005);
    expect(Math.abs(open.marginMs(from, open.clock.now()) - TARGET_MS)).toBeLessThan(25);
  });

  test("[ITL-6] from a lost connection, during which it samples nothing", async () => {
    const open = await play();
    await open.clock.run(10_000);
    open.line.link.cut();
    await open.clock.run(10_000);
    expect(open.room.connection.state).toBe("joined");
    const from = open.clock.now();
    await open.clock.run(20_000);
    expect(open.lateRate(from)).toBeLessThan(0.005);
    expect(Math.abs(open.marginMs(from, open.clock.now()) - TARGET_MS)).toBeLessThan(25);
  });

  test("from round trips that double and are short again", async () => {
    const open = await play();
    await open.clock.run(10_000);
    open.line.link.change({ latencyMs: 150 });
    await open.clock.run(15_000);
    const slow = open.clock.now();
    await open.clock.run(20_000);
    expect(open.lateRate(slow)).toBeLessThan(0.005);
    open.line.link.change({ latencyMs: 75 });
    // The mean deviation knows no better than to take the change for jitter, and forgets within half a minute.
    await open.clock.run(30_000);
    const quick = open.clock.now();
    await open.clock.run(20_000);
    expect(Math.abs(open.marginMs(quick, open.clock.now()) - TARGET_MS)).toBeLessThan(25);
    await open.cease();
    expect(open.shots).toBe(open.presses);
  });
});

test("[ITL-9] with `predict: false`, as bots, ticks sample as they close: no timers, and no tick without a frame", async () => {
  const open = await play({ predict: false });
  await open.clock.run(60_000);
  for (const { viewTick } of open.arrivals) expect(Number.isInteger(viewTick)).toBe(true);
  expect(open.lateRate(WARM_MS)).toBeLessThan(0.005);
  await open.cease();
  expect(open.shots).toBe(open.presses);
});
