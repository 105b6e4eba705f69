import { beforeEach, describe, expect, test } from "vitest";
import { perfectNetwork } from "../shared/link/network-conditions.ts";
import { ManualClock } from "../tests/kit/index.ts";
import { noMeasurements } from "./measurements.ts";
import { noOutcomes } from "./outcomes.ts";
import type { SwarmProgress } from "./swarm.ts";
import { SwarmRun } from "./swarm-run.ts";
import type { OpenThread, ThreadListener, ThreadOrder, ThreadReport, ThreadWork } from "./swarm-thread.ts";

interface FakeThread {
  readonly work: ThreadWork;
  readonly listener: ThreadListener;
  readonly orders: ThreadOrder[];
  closed: boolean;
}

let clock: ManualClock;
let threads: FakeThread[];
let phases: string[];
let cpuMs: number;

const openThread: OpenThread = (work, listener) => {
  const thread: FakeThread = { work, listener, orders: [], closed: false };
  threads.push(thread);
  return {
    tell: (order) => thread.orders.push(order),
    close: () => {
      thread.closed = true;
    },
  };
};

beforeEach(() => {
  clock = new ManualClock();
  threads = [];
  phases = [];
  cpuMs = 0;
});

function start(): SwarmRun {
  return new SwarmRun(
    {
      module: "file:///bot.js",
      url: "ws://x/y",
      seed: 7,
      bots: 4,
      rampPerSecond: 100,
      maxSlipMs: 250,
      threads: 2,
      seconds: 10,
      network: perfectNetwork,
    },
    { openThread, clock, cpuMs: () => cpuMs },
    { progressed: (phase) => phases.push(phase), failed: () => {} },
  );
}

function progress(playing: number): SwarmProgress {
  return { joined: playing, playing, refused: 0, disconnected: 0, missedTicks: 0 };
}

function all(say: (listener: ThreadListener) => void): void {
  for (const { listener } of threads) say(listener);
}

const ready = () => all((listener) => listener.said({ what: "ready" }));
const settle = (playing: number) =>
  all((listener) => listener.said({ what: "settled", progress: progress(playing) }));
const result: Extract<ThreadReport, { what: "result" }> = {
  what: "result",
  outcomes: { ...noOutcomes(), joined: 2, rooms: ["one"] },
  measurements: { ...noMeasurements(), ticksClosed: 5 },
  busy: 0.1,
};
const done = () =>
  all((listener) => {
    listener.said({ ...result, busy: listener === threads[0]?.listener ? 0.2 : 0.1 });
    listener.said({ what: "left" });
  });
const orders = () => threads.map((thread) => thread.orders);

describe("SwarmRun", () => {
  test("bots begin to join when every thread has loaded them", () => {
    start();
    threads[0]?.listener.said({ what: "ready" });
    expect(orders()).toEqual([[], []]);
    threads[1]?.listener.said({ what: "ready" });
    expect(orders()).toEqual([["start"], ["start"]]);
  });

  test("[BOT-10] measuring begins everywhere when the last bot has joined or never will, and lasts `seconds`", async () => {
    const run = start();
    ready();
    clock.advance(3_000);
    threads[0]?.listener.said({ what: "settled", progress: progress(2) });
    clock.advance(1_000);
    expect(orders().flat()).not.toContain("measure");
    threads[1]?.listener.said({ what: "settled", progress: progress(2) });
    expect(orders()).toEqual([
      ["start", "measure"],
      ["start", "measure"],
    ]);
    clock.advance(9_999);
    cpuMs = 4_000;
    expect(orders().flat()).not.toContain("leave");
    clock.advance(1);
    expect(orders()).toEqual([
      ["start", "measure", "leave"],
      ["start", "measure", "leave"],
    ]);
    done();
    expect(await run.finished).toMatchObject({
      ending: "completed",
      joinSeconds: 4,
      seconds: 10,
      loadCpu: 0.4,
      busiestThread: 0.2,
      threads: 2,
      outcomes: { joined: 4, rooms: ["one"] },
      measurements: { ticksClosed: 10 },
    });
    expect(threads.map(({ closed }) => closed)).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  test("[BOT-9] an interrupted run ends with what was measured so far", async () => {
    const run = start();
    ready();
    settle(2);
    clock.advance(2_500);
    run.stop();
    run.stop();
    done();
    expect(await run.finished).toMatchObject({ ending: "interrupted", seconds: 2.5 });
    expect(clock.pending).toBe(0);
  });

  test("[BOT-9] a run can be interrupted before its bots have loaded", async () => {
    const run = start();
    run.stop();
    ready();
    expect(orders()).toEqual([["leave"], ["leave"]]);
    done();
    expect(await run.finished).toMatchObject({ ending: "interrupted", seconds: 0, loadCpu: 0 });
  });

  test("a run ends early when no bot is left", async () => {
    const run = start();
    ready();
    settle(2);
    clock.advance(1_000);
    threads[0]?.listener.said({ what: "progress", progress: progress(0) });
    expect(orders().flat()).not.toContain("leave");
    threads[1]?.listener.said({ what: "progress", progress: progress(0) });
    done();
    expect(await run.finished).toMatchObject({ ending: "deserted", seconds: 1 });
  });

  test("a run where nobody joined does not wait", async () => {
    const run = start();
    ready();
    settle(0);
    done();
    expect(await run.finished).toMatchObject({ ending: "deserted", seconds: 0 });
    expect(clock.now()).toBe(0);
  });

  test("progress adds up over threads and names the phase", () => {
    start();
    ready();
    all((listener) => listener.said({ what: "progress", progress: progress(1) }));
    settle(2);
    expect(new Set(phases)).toEqual(new Set(["joining", "playing"]));
  });

  test("a thread that breaks ends the run with its error, and the other threads", async () => {
    const run = start();
    ready();
    const error = new Error("out of memory");
    threads[0]?.listener.died(error);
    await expect(run.finished).rejects.toBe(error);
    expect(threads.map(({ closed }) => closed)).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  test("a thread that does not say its result within 10 s of the end breaks the run", async () => {
    const run = start();
    ready();
    run.stop();
    threads[0]?.listener.said(result);
    clock.advance(10_000);
    await expect(run.finished).rejects.toThrow("1 of 2 threads");
  });

  test("a thread that has said its result but hangs in leaving is cut, and nothing is lost", async () => {
    const run = start();
    ready();
    run.stop();
    all((listener) => listener.said(result));
    threads[0]?.listener.said({ what: "left" });
    clock.advance(10_000);
    expect(await run.finished).toMatchObject({ ending: "interrupted", outcomes: { joined: 4 } });
    expect(threads.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
