import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Started } from "../operations/started.ts";
import { joined, RealCluster, until } from "./cluster-kit.ts";

let cluster: RealCluster;
// One each: rooms outlive their servers, and would be there in the next test.
beforeEach(async () => {
  cluster = await RealCluster.start();
});
afterEach(() => cluster.close());

const ids = async () => (await cluster.nodes()).map(({ id }) => id);
const both = () =>
  until("both workers are nodes", async () => ((await ids()).join() === "w-0,w-1" ? true : undefined));

async function workers(): Promise<Started> {
  const started = await cluster.server("--workers", "2", "--node-id", "w", "--drain-seconds", "5");
  await both();
  return started;
}

/** Processes that one has started, as Linux tells. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("[NOD-30] a worker that is killed is a node again soon, and players of the other do not notice", async () => {
  const parent = await workers();
  const room = await joined(parent.url);
  const [owner] = (await cluster.rooms()).map((record) => record.owner.node);
  const [first = 0, second = 0] = childrenOf(parent.child.pid ?? 0);
  const states: string[] = [];
  room.onConnection(({ state }) => void states.push(state));
  const before = await cluster.nodes();
  process.kill(owner === "w-0" ? second : first, "SIGKILL");
  const other = owner === "w-0" ? "w-1" : "w-0";
  const epochOf = (nodes: typeof before) => nodes.find(({ id }) => id === other)?.epoch ?? 0;
  await until("it is a node again", async () =>
    epochOf(await cluster.nodes()) > epochOf(before) ? true : undefined,
  );
  expect(parent.output()).toContain("ended by SIGKILL: it is started anew");
  expect(states).toEqual([]);
  await room.leave();
});

test("[NOD-31] a signal drains all workers, and the parent ends when all have", async () => {
  const parent = await workers();
  const room = await joined(parent.url);
  const heard: string[] = [];
  room.onConnection((connection) => {
    if (connection.state !== "joined") heard.push(connection.close.name);
  });
  parent.child.kill("SIGTERM");
  expect(await parent.exited).toBe(0);
  // Its room went on at the other worker, if that still took it, and waits in a checkpoint then.
  expect(heard.length).toBeGreaterThan(0);
  expect([await ids(), await cluster.rooms()]).toEqual([[], []]);
  await room.leave();
});

test("[NOD-31] where the parent is killed, its workers stop, too", async () => {
  const parent = await workers();
  const pids = childrenOf(parent.child.pid ?? 0);
  expect(pids.length).toBe(2);
  parent.child.kill("SIGKILL");
  await until("all have ended", async () => (pids.some(isRunning) ? undefined : true));
  await until("they have left", async () => ((await ids()).length === 0 ? true : undefined));
});

test("[NOD-30] where workers cannot serve, the parent says so and ends", async () => {
  await expect(cluster.server("--workers", "2", "--tls-cert", "nowhere.pem")).rejects.toThrow(
    "ended with exit code 1, before it served",
  );
});
