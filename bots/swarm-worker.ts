/** A worker thread's entry: some of the swarm's bots, on sockets and the system's clock. */
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { LinkConditioner } from "../client/conditioner/link-conditioner.ts";
import { connectWith } from "../client/connect.ts";
import { openNodeSocket } from "../client/node-socket.ts";
import { isPerfect } from "../shared/link/network-conditions.ts";
import { clockId, NodeClock } from "../shared/platform/node-clock.ts";
import { loadBot } from "./load-bot.ts";
import { loadRecordedPlayers } from "./load-recording.ts";
import { recordedBot } from "./recorded-bot.ts";
import { Swarm } from "./swarm.ts";
import type { ThreadOrder, ThreadReport, ThreadWork } from "./swarm-thread.ts";

const PROGRESS_EVERY_MS = 250;
/** How long one who was cut tries to return, in milliseconds. */
const RETURN_WITHIN_MS = 20_000;

if (parentPort === null) throw new Error("swarm-worker.js runs as a worker thread alone");
const parent = parentPort;
const say = (report: ThreadReport): void => parent.postMessage(report);

const { module, recording, returnWithinMs, url, seed, plan, network }: ThreadWork = workerData;
const clock = new NodeClock();
const surroundings = { openSocket: openNodeSocket, clock, clockId: clockId() };
// The first bot's index differs from thread to thread: no two threads' networks are alike.
const conditioner = isPerfect(network)
  ? undefined
  : new LinkConditioner(network, { seed: (plan[0]?.index ?? 0) * 0x1_0000_0000 + seed });
/** A bot that is lost stays lost, unless that is what it plays through. */
const reconnectWithinMs = returnWithinMs ?? (Number.isFinite(network.cutEveryMs) ? RETURN_WITHIN_MS : 0);
let strayErrors = 0;
let measuredSince: EventLoopUtilization | undefined;

const bot = await loadBot(new URL(module));
const definition =
  recording === undefined ? bot : recordedBot(bot.game, await loadRecordedPlayers(recording, bot.game));
const swarm = new Swarm(
  plan,
  {
    definition,
    url,
    seed,
    clock,
    network,
    connect: (game, address, join, report) =>
      connectWith({ ...surroundings, report, reconnectWithinMs, predict: false }).connect(
        game,
        address,
        join,
        conditioner && { conditioner },
      ),
  },
  {
    settled: () => say({ what: "settled", progress: swarm.progress }),
    failed: (index, error) => say({ what: "failed", index, error: describe(error) }),
  },
);

// Behaviours may start promises and timers of their own. Whose they were is not known, the other bots play on.
process.on("unhandledRejection", stray);
process.on("uncaughtException", stray);

parent.on("message", (order: ThreadOrder) => {
  switch (order) {
    case "start":
      swarm.start();
      progressEvery(PROGRESS_EVERY_MS);
      return;
    case "measure":
      measuredSince = performance.eventLoopUtilization();
      swarm.measure();
      return;
    case "leave": {
      const busy = measuredSince ? performance.eventLoopUtilization(measuredSince).utilization : 0;
      const left = swarm.leave();
      const { outcomes, measurements } = swarm;
      const failed = outcomes.failed + strayErrors;
      say({ what: "result", outcomes: { ...outcomes, failed }, measurements, busy });
      void left.then(() => say({ what: "left" }));
    }
  }
});
say({ what: "ready" });

function progressEvery(ms: number): void {
  clock.after(ms, () => {
    say({ what: "progress", progress: swarm.progress });
    progressEvery(ms);
  });
}

function stray(error: unknown): void {
  strayErrors += 1;
  say({ what: "failed", index: undefined, error: describe(error) });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
