import { describe, expect, test } from "vitest";
import { ClientFrame, type InputFrame } from "../shared/protocol/frames.ts";
import { gameLayout } from "../shared/state/game-layout.ts";
import { duel, FIRST, frames, PRIVATE, sitDown } from "../tests/client-kit/duel.ts";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { InputSampler } from "./input-sampler.ts";
import { InputSender, type InputSenderParts } from "./input-sender.ts";
import { ServerClock } from "./server-clock.ts";
import { TickTimes } from "./tick-times.ts";

const PERIOD_MS = 50;

/** On a clock that the server shares, no way apart from it. */
function sit(change: Partial<InputSenderParts> = {}) {
  const clock = new ManualClock();
  const time = { clock, times: new TickTimes(0, PERIOD_MS), periodMs: PERIOD_MS };
  const serverClock = new ServerClock({ ...time, reads: "shared" });
  const sampler = new InputSampler(gameLayout(duel.description).inputs, 20);
  const sent: InputFrame[] = [];
  const told: unknown[] = [];
  const sender = new InputSender({
    ...time,
    serverClock,
    sampler,
    sampledBy: "clock",
    closedTick: () => Math.floor(clock.now() / PERIOD_MS),
    viewTick: () => clock.now() / PERIOD_MS,
    inDoubt: () => {},
    send: (frame) => sent.push(frame),
    observer: {
      sampled: (tick, values) => told.push([tick, ...values]),
      tookEffect: (inputTick, appliedTick) => told.push({ inputTick, appliedTick }),
    },
    ...change,
  });
  serverClock.answered(0, 0);
  return { clock, sampler, sender, sent, told };
}

describe("[ITL-8] prediction is told", () => {
  test("of every tick of the timeline, sent or not, in wire form", () => {
    const { clock, sampler, sender, sent, told } = sit();
    sender.tickClosed(0);
    sampler.set({ fire: true });
    clock.advance(3 * PERIOD_MS);
    expect(told).toEqual([
      [1, null, false],
      [2, null, true],
      [3, null, false],
      [4, null, false],
    ]);
    expect(sent.map(([, tick]) => tick)).toEqual([2]);
  });

  test("of inputs that took effect late", () => {
    const { sender, told } = sit();
    sender.tookEffect([4, 6, 5, 7]);
    expect(told).toEqual([
      { inputTick: 4, appliedTick: 6 },
      { inputTick: 5, appliedTick: 7 },
    ]);
    expect(sender.late).toBe(2);
  });

  test("of nothing where ticks sample, as they close", () => {
    const { clock, sampler, sender, sent, told } = sit({ sampledBy: "ticks" });
    sampler.set({ fire: true });
    clock.advance(10 * PERIOD_MS);
    expect(sent).toEqual([]);
    sender.tickClosed(10);
    expect(sent).toEqual([[ClientFrame.input, 11, 10, null, true]]);
    expect([told, sender.timeline, clock.pending]).toEqual([[], undefined, 0]);
  });
});

test("[FLO-1] a view ahead of what has closed acknowledges no tick that has not", () => {
  const { sampler, sender, sent } = sit({ closedTick: () => 7, viewTick: () => 9.25, sampledBy: "ticks" });
  sampler.set({ fire: true });
  sender.tickClosed(7);
  expect(Math.floor(sent[0]?.[2] ?? 0)).toBe(7);
  expect(sent[0]?.[2]).toBeGreaterThan(7.9);
});

test("[ITL-8] the late part of one's own frame is counted once its tick closes", async () => {
  const { room, server, tick } = await sitDown();
  server.send(frames.delta(FIRST + 1, PRIVATE, [], [], [], [], [FIRST - 2, FIRST + 1]));
  expect(room.statistics.inputsLate).toBe(0);
  tick();
  expect(room.statistics.inputsLate).toBe(1);
  tick();
  expect(room.statistics.inputsLate).toBe(1);
});

test("[ITL-7] the margin that a pong says is shown until another says one", async () => {
  const { room, server } = await sitDown();
  expect(room.statistics).toMatchObject({ inputMarginMs: undefined, jitterMs: undefined });
  server.send([...frames.pong(0, 0), 0, 42]);
  expect(room.statistics).toMatchObject({ inputMarginMs: 42, jitterMs: 0 });
  server.send([...frames.pong(0, 0), 0]);
  server.send([...frames.pong(0, 0), 0, null]);
  expect(room.statistics.inputMarginMs).toBe(42);
  server.send([...frames.pong(0, 0), 0, -7]);
  expect(room.statistics.inputMarginMs).toBe(-7);
});
