import { expect, test } from "vitest";
import { NOTHING_LEFT } from "./server-kit/hosted.ts";
import { type RangeOptions, ShootingRange } from "./server-kit/shooting-range.ts";

const FAR = { latencyMs: 75, jitterMs: 30 };
async function play(options: RangeOptions): Promise<ShootingRange> {
  const open = new ShootingRange(options);
  await open.start();
  return open;
}
const say = (name: string, r: ShootingRange, from = 4000, to = Infinity) =>
  console.log(
    name,
    "late",
    (r.lateRate(from) * 100).toFixed(2),
    "n",
    r.arrivals.length,
    "presses",
    r.presses,
    "shots",
    r.shots,
    "margin",
    r.marginMs(from, to).toFixed(1),
    JSON.stringify(r.room.statistics),
  );
const gaps = (r: ShootingRange) =>
  r.arrivals.flatMap((a, i) => {
    const b = r.arrivals[i - 1];
    return b && a.atMs - b.atMs > 400
      ? [[Math.round(b.atMs), Math.round(a.atMs - b.atMs), Math.round(a.marginMs)]]
      : [];
  });
test("slips", async () => {
  const r = await play({ up: FAR, down: FAR, ppm: 100 });
  await r.clock.run(10_000);
  for (const ms of [300, 400, 800, 1500, 300]) {
    r.busy(ms);
    await r.clock.run(10_000);
    say(`slip ${ms} ${r.slips}`, r, r.clock.now() - 5000, r.clock.now());
  }
  await r.cease();
  say("slips", r);
  console.log(JSON.stringify(gaps(r)));
  expect(await r.stop()).toEqual(NOTHING_LEFT);
});
for (const jump of [2000, -2000, 1000, 500, -500, 200])
  test("jump " + jump, async () => {
    const r = await play({ up: FAR, down: FAR, ppm: 100 });
    await r.clock.run(20_000);
    r.clientClock.jump(jump);
    await r.clock.run(20_000);
    await r.cease();
    say("jump", r, 4000);
    say("jump", r, 25000);
    console.log(jump, JSON.stringify(gaps(r)));
    expect(await r.stop()).toEqual(NOTHING_LEFT);
  });
test("late timers", async () => {
  const r = await play({ up: FAR, down: FAR, ppm: 100 });
  await r.clock.run(20_000);
  r.clientClock.lateMs = 20;
  await r.clock.run(20_000);
  say("late20", r, 30_000);
  r.clientClock.lateMs = 1000;
  await r.clock.run(20_000);
  say("throttled", r, 50_000);
  r.clientClock.lateMs = 0;
  await r.clock.run(20_000);
  await r.cease();
  say("back", r, 65_000);
  console.log(JSON.stringify(gaps(r)));
});
test("stalls", async () => {
  const r = await play({ up: FAR, down: FAR, ppm: 100 });
  await r.clock.run(20_000);
  r.line.link.stall("down", 800);
  await r.clock.run(10_000);
  say("down800", r, 20_000);
  r.line.link.stall("down", 3000);
  await r.clock.run(10_000);
  say("down3000", r, 30_000);
  r.line.link.stall("up", 800);
  await r.clock.run(10_000);
  say("up800", r, 40_000);
  r.line.link.cut();
  await r.clock.run(20_000);
  say("cut", r, 52_000);
  await r.cease();
  say("end", r, 0);
  console.log(JSON.stringify(gaps(r)));
});
test("extremes", async () => {
  for (const [latencyMs, jitterMs] of [
    [0, 0],
    [1, 1],
    [300, 50],
    [700, 100],
    [1200, 100],
  ] as const) {
    const r = await play({ up: { latencyMs, jitterMs }, down: { latencyMs, jitterMs }, ppm: 100 });
    await r.clock.run(60_000);
    await r.cease();
    say("rtt " + 2 * latencyMs, r, 10000);
    console.log(JSON.stringify(gaps(r)));
  }
});
test("close mode", async () => {
  const r = await play({ up: FAR, down: FAR, ppm: 100, predict: false });
  await r.clock.run(60_000);
  await r.cease();
  say("ticks", r, 10000);
  expect(await r.stop()).toEqual(NOTHING_LEFT);
});
