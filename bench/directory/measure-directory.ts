import type { Directory } from "../../server/cluster/directory/directory.ts";
import type { NodeLease } from "../../server/cluster/directory/node-record.ts";
import { connectRedisDirectory } from "../../server/cluster/directory/redis/connect-redis-directory.ts";
import type { RoomRecord } from "../../server/cluster/directory/room-record.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { RedisServer } from "../../tests/kit/redis-server.ts";
import { LatencyHistogram, type Percentiles } from "../statistics/latency-histogram.ts";
import {
  answered,
  type DirectoryQuestion,
  directoryQuestions,
  registerNodes,
  roomNumber,
} from "./directory-questions.ts";

export interface DirectoryLoad {
  readonly rooms: number;
  /** Of each question, one after the other, and again so many at a time. */
  readonly calls: number;
  readonly atOnce: number;
}

/** How long a question took, from asking to its answer in this process. */
export interface DirectoryFigures extends Pick<DirectoryQuestion, "name" | "says"> {
  readonly atOnce: number;
  readonly calls: number;
  readonly ms: Percentiles;
  readonly perSecond: number;
}

export interface DirectoryMeasured {
  readonly questions: readonly DirectoryFigures[];
  /** Of Redis, for the rooms alone: beyond what it used with the nodes. */
  readonly bytes: number;
  readonly bytesPerRoom: number;
  /** One node's rooms, all claimed by the others. */
  readonly failover: { readonly rooms: number; readonly ms: number };
}

/** Leases outlast the run, and nothing is given up: late answers are what is measured. */
const patient = { leaseMs: 3_600_000, holdMs: 60_000, claimMs: 600_000, deadlineMs: 30_000 };
const ORPHANS_AT_ONCE = 500;

/**
 * Fills a Redis of its own with rooms and asks it.
 *
 * @throws Complaint where `redis-server` is not installed
 */
export async function measureDirectory(
  load: DirectoryLoad,
  progress: (says: string) => void,
  signal: AbortSignal,
): Promise<DirectoryMeasured> {
  const redis = await RedisServer.start();
  try {
    const directory = await connectRedisDirectory({ url: redis.path, ...patient }, new NodeClock());
    try {
      return await measureIn(redis, directory, load, progress, signal);
    } finally {
      await directory.close();
    }
  } finally {
    await redis.close();
  }
}

async function measureIn(
  redis: RedisServer,
  directory: Directory,
  { rooms: count, calls, atOnce }: DirectoryLoad,
  progress: (says: string) => void,
  signal: AbortSignal,
): Promise<DirectoryMeasured> {
  const random = seededRandom(7);
  const leases = await registerNodes(directory);
  const bytesBefore = await redis.usedBytes();
  const questions: DirectoryFigures[] = [];
  const rooms: RoomRecord[] = [];
  const make = async (): Promise<void> => {
    const room = roomNumber(rooms.length, random);
    const place = rooms.push(undefined as never) - 1;
    const lease = leases[place % leases.length] as NodeLease;
    rooms[place] = answered(await directory.createRoom(lease, room));
    if (place % 10_000 === 0) progress(`${place} of ${count} rooms`);
  };
  const makes = { name: "make known", says: "a node tells of a room that it made", ask: make };
  questions.push(await timed(makes, count, atOnce, signal));
  const bytes = (await redis.usedBytes()) - bytesBefore;
  for (const question of directoryQuestions(directory, leases, rooms, random))
    for (const together of [1, atOnce]) {
      progress(`${question.name}, ${together} at a time`);
      questions.push(await timed(question, calls, together, signal));
    }
  progress("failover");
  const [gone, ...heirs] = leases as [NodeLease, ...NodeLease[]];
  answered(await directory.releaseNode(gone));
  const { failover, claims } = await claimAll(directory, heirs, atOnce, signal);
  const lost = rooms.filter(({ owner }) => owner.node === gone.node).length;
  if (failover.rooms !== lost) throw new Error(`of ${lost} orphans ${failover.rooms} were claimed`);
  return { questions: [...questions, claims], bytes, bytesPerRoom: bytes / count, failover };
}

async function claimAll(
  directory: Directory,
  heirs: readonly NodeLease[],
  atOnce: number,
  signal: AbortSignal,
): Promise<{ failover: DirectoryMeasured["failover"]; claims: DirectoryFigures }> {
  const begunAt = performance.now();
  const latencies = new LatencyHistogram();
  for (;;) {
    const orphans = answered(await directory.orphans(ORPHANS_AT_ONCE));
    if (orphans.length === 0) break;
    const waiting = [...orphans];
    const claim = async (): Promise<void> => {
      const orphan = waiting.pop();
      const heir = heirs[waiting.length % heirs.length];
      if (orphan === undefined || heir === undefined) throw new Error("nothing to claim");
      answered(await directory.claimRoom(heir, orphan));
    };
    await asked(claim, orphans.length, atOnce, signal, latencies);
  }
  const ms = performance.now() - begunAt;
  const says = "one claims an orphan";
  const perSecond = (latencies.count * 1000) / ms;
  const claims = {
    name: "claim",
    says,
    atOnce,
    calls: latencies.count,
    ms: latencies.percentiles(),
    perSecond,
  };
  return { failover: { rooms: latencies.count, ms }, claims };
}

async function timed(
  { name, says, ask }: DirectoryQuestion,
  calls: number,
  atOnce: number,
  signal: AbortSignal,
): Promise<DirectoryFigures> {
  const latencies = new LatencyHistogram();
  const begunAt = performance.now();
  await asked(ask, calls, atOnce, signal, latencies);
  const perSecond = (calls * 1000) / (performance.now() - begunAt);
  return { name, says, atOnce, calls, ms: latencies.percentiles(), perSecond };
}

/** So many calls, each begun when one before it has ended, `atOnce` at a time. */
async function asked(
  ask: () => Promise<void>,
  calls: number,
  atOnce: number,
  signal: AbortSignal,
  latencies: LatencyHistogram,
): Promise<void> {
  let left = calls;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      signal.throwIfAborted();
      const askedAt = performance.now();
      await ask();
      latencies.record(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
