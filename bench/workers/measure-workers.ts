import { RedisServer } from "../../tests/kit/redis-server.ts";
import { passing } from "../drills/process/passing.ts";
import { Remote } from "../drills/process/remote.ts";
import { bootstrapPairedRatio, type Estimate } from "../statistics/bootstrap.ts";
import type { MatchPlayersCalls } from "./match-players-process.ts";
import { HZ, PLAYERS_A_ROOM } from "./worker-app.ts";
import { WorkerFarm } from "./worker-farm.ts";

export interface WorkersLoad {
  /** That share a machine; compared with one. */
  readonly workers: number;
  /** Of each worker, four players each. */
  readonly rooms: number;
  readonly repeat: number;
  /** Of measuring, in each run. */
  readonly seconds: number;
}

/** One run of so many workers. */
export interface WorkersRun {
  readonly workers: number;
  readonly rooms: number;
  /** CPU of all processes before anybody came, in milliseconds a second. */
  readonly idleMs: number;
  /** The same with everybody there, for each room. */
  readonly roomMs: number;
  /** Of the load generator: its share of one core. */
  readonly loadUse: number;
}

export interface WorkersMeasured {
  readonly pairs: readonly (readonly [one: WorkersRun, many: WorkersRun])[];
  /** CPU per room, of many workers to one. */
  readonly ratio: Estimate;
}

const PLAYERS = new URL("match-players-process.js", import.meta.url);
/** What is compiled and allocated once is so by then. */
const SETTLE_MS = 4_000;
const JOIN_WITHIN_MS = 120_000;
const SOON_MS = 10_000;
/** Of the ticks that are due: a machine that is too small for its players shows nothing. */
const LEAST_TICKS = 0.95;

/**
 * Runs one worker and several in turn, with as many rooms each; which of them is first changes from pair to pair.
 *
 * @throws Complaint where `redis-server` is not installed, or on systems other than Linux
 */
export async function measureWorkers(
  { workers, rooms, repeat, seconds }: WorkersLoad,
  progress: (says: string) => void,
  signal: AbortSignal,
): Promise<WorkersMeasured> {
  const redis = await RedisServer.start();
  try {
    const run = (count: number, pair: number): Promise<WorkersRun> => {
      signal.throwIfAborted();
      const says = (what: string): void =>
        progress(`pair ${pair} of ${repeat}, ${count === 1 ? "one worker" : `${count} workers`}: ${what}`);
      return runWorkers({ workers: count, rooms: rooms * count, seconds, redis: redis.path }, says);
    };
    const pairs: [WorkersRun, WorkersRun][] = [];
    for (let pair = 1; pair <= repeat; pair++) {
      const isForwards = pair % 2 === 1;
      const first = await run(isForwards ? 1 : workers, pair);
      const second = await run(isForwards ? workers : 1, pair);
      pairs.push(isForwards ? [first, second] : [second, first]);
    }
    const roomMs = (at: 0 | 1): number[] => pairs.map((pair) => pair[at].roomMs);
    return { pairs, ratio: bootstrapPairedRatio(roomMs(1), roomMs(0)) };
  } finally {
    await redis.close();
  }
}

interface RunOptions {
  readonly workers: number;
  readonly rooms: number;
  readonly seconds: number;
  readonly redis: string;
}

async function runWorkers(
  { workers, rooms, seconds, redis }: RunOptions,
  progress: (says: string) => void,
): Promise<WorkersRun> {
  progress("starting");
  const farm = await WorkerFarm.start({ workers, redis });
  const load = new Remote<MatchPlayersCalls>({ name: "players", module: PLAYERS, core: undefined });
  try {
    const used = async (): Promise<number> => {
      const before = farm.cpuMs();
      await passing(seconds * 1000);
      return (farm.cpuMs() - before) / seconds;
    };
    await passing(SETTLE_MS);
    progress("idle");
    const idleMs = await used();
    const players = rooms * PLAYERS_A_ROOM;
    load.onProgress = (done) => progress(`${done} of ${players} players`);
    await load.call("join", { urls: farm.urls, players }, JOIN_WITHIN_MS);
    progress("settling");
    await passing(SETTLE_MS);
    progress("measuring");
    const began = performance.now();
    const before = await load.call("figures", undefined, SOON_MS);
    const busyMs = await used();
    const after = await load.call("figures", undefined, SOON_MS);
    const tookSeconds = (performance.now() - began) / 1000;
    if (after.connected < players)
      throw new Error(`${after.connected} of ${players} players are left in ${after.rooms} rooms`);
    const due = players * HZ * tookSeconds;
    if (after.ticks - before.ticks < LEAST_TICKS * due)
      throw new Error("the machine is too small for so many players: take fewer with --rooms");
    await load.call("leave", undefined, SOON_MS);
    const loadUse = (after.cpuMs - before.cpuMs) / (tookSeconds * 1000);
    // Those who came at the same time may have had a room made each.
    return { workers, rooms: after.rooms, idleMs, roomMs: busyMs / after.rooms, loadUse };
  } finally {
    await load.stop();
    await farm.stop();
  }
}
