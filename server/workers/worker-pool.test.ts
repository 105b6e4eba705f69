import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { validateShared, withPort, workerArguments } from "./worker-arguments.ts";
import { MOST_RESTARTS, type WorkerListener, WorkerPool } from "./worker-pool.ts";

function pool(workers: number) {
  const clock = new ManualClock();
  const said: string[] = [];
  const codes: number[] = [];
  const started: { readonly index: number; readonly signals: string[]; readonly listener: WorkerListener }[] =
    [];
  const made = new WorkerPool({
    workers,
    clock,
    start: (index, listener) => {
      const signals: string[] = [];
      started.push({ index, signals, listener });
      return { signal: (name) => void signals.push(name) };
    },
    say: (line) => said.push(line),
    ended: (code) => codes.push(code),
  });
  const latest = (index: number) => {
    const found = started.filter((worker) => worker.index === index).at(-1);
    if (found === undefined) throw new Error(`worker ${index} was never started`);
    return found;
  };
  return { clock, said, codes, started, latest, pool: made };
}

const killed = { code: null, signal: "SIGKILL" };

test("[NOD-30] a worker that ends is started anew, the others stay", () => {
  const { clock, started, latest, said, pool: made } = pool(2);
  for (const index of [0, 1]) latest(index).listener.serving();
  expect(made.serving).toBe(2);
  latest(1).listener.ended(killed);
  expect(made.serving).toBe(1);
  clock.advance(1);
  expect(started.map(({ index }) => index)).toEqual([0, 1, 1]);
  expect(said).toEqual(["worker 1 ended by SIGKILL: it is started anew"]);
  latest(1).listener.serving();
  expect(made.serving).toBe(2);
});

test("[NOD-30] one that ends too often within a minute ends all, with its exit code and a sentence", () => {
  const { clock, latest, said, codes, started } = pool(2);
  for (const index of [0, 1]) latest(index).listener.serving();
  for (let restart = 0; restart < MOST_RESTARTS; restart++) {
    latest(0).listener.ended({ code: 70, signal: null });
    clock.advance(5_000);
    latest(0).listener.serving();
  }
  expect(started.length).toBe(2 + MOST_RESTARTS);
  latest(0).listener.ended({ code: 70, signal: null });
  expect(said.at(-1)).toContain("worker 0 ended with exit code 70, for the 6th time within 60 s");
  expect([latest(1).signals, codes]).toEqual([["SIGTERM"], []]);
  latest(1).listener.ended({ code: 0, signal: null });
  expect([codes, clock.pending]).toEqual([[70], 0]);
});

test("[NOD-30] restarts that are a minute old do not count", () => {
  const { clock, latest, codes } = pool(1);
  latest(0).listener.serving();
  for (let restart = 0; restart < 3 * MOST_RESTARTS; restart++) {
    latest(0).listener.ended(killed);
    clock.advance(15_000);
    latest(0).listener.serving();
  }
  expect(codes).toEqual([]);
});

test("[NOD-30] one that never served is not started anew: what keeps it from serving does not go away", () => {
  const { latest, codes, said } = pool(1);
  latest(0).listener.ended({ code: 1, signal: null });
  expect([codes, said]).toEqual([
    [1],
    ["worker 0 ended with exit code 1, before it served: nothing is served. Its log says why."],
  ]);
});

test("[NOD-31] a signal reaches every worker, each time, and the pool ends when all have, with the worst of their codes", () => {
  const { clock, latest, codes, pool: made } = pool(3);
  for (const index of [0, 1, 2]) latest(index).listener.serving();
  // One is about to be started anew: it is not, any more.
  for (let restart = 0; restart < 2; restart++) {
    latest(2).listener.ended(killed);
    if (restart === 0) {
      clock.advance(10);
      latest(2).listener.serving();
    }
  }
  made.signal("SIGTERM");
  made.signal("SIGTERM");
  expect([latest(0).signals, latest(1).signals]).toEqual([
    ["SIGTERM", "SIGTERM"],
    ["SIGTERM", "SIGTERM"],
  ]);
  latest(0).listener.ended({ code: 0, signal: null });
  expect(codes).toEqual([]);
  latest(1).listener.ended({ code: 3, signal: null });
  expect([codes, clock.pending]).toEqual([[3], 0]);
});

test("[NOD-32] each worker has the next port, a name of its own, and the rest as its parent", () => {
  const shared = {
    workers: 3,
    port: 3000,
    publicUrl: undefined,
    nodeId: "play",
    redis: "redis://x",
    checkpoints: undefined,
  };
  const given = ["start", "app.js", "--workers", "3", "--redis", "redis://x"];
  expect(workerArguments(given, 2, shared)).toEqual([
    ...given,
    "--workers",
    "1",
    "--port",
    "3002",
    "--node-id",
    "play-2",
  ]);
  expect(workerArguments(given, 1, { ...shared, port: 0, nodeId: undefined })).toEqual([
    ...given,
    "--workers",
    "1",
    "--port",
    "0",
  ]);
  expect(withPort("wss://play.example.com/{port}", 3002)).toBe("wss://play.example.com/3002");
});

test("[NOD-32] settings by which workers would stand in each other's way are told in a sentence", () => {
  const shared = {
    workers: 3,
    port: 3000,
    publicUrl: undefined,
    nodeId: undefined,
    redis: "redis://x",
    checkpoints: undefined,
  };
  validateShared(shared);
  validateShared({ ...shared, publicUrl: "wss://play.example.com:{port}" });
  expect(() => validateShared({ ...shared, redis: undefined })).toThrow("--redis redis://127.0.0.1:6379");
  expect(() => validateShared({ ...shared, checkpoints: "rooms" })).toThrow("leave it out");
  expect(() => validateShared({ ...shared, port: 65_534 })).toThrow("the last is 65535");
  expect(() => validateShared({ ...shared, publicUrl: "wss://play.example.com" })).toThrow("{port}");
  expect(() => validateShared({ ...shared, port: 0, publicUrl: "wss://x:{port}" })).toThrow("port is 0");
});
