/** A process of a drill: the server, which is told nothing of what is to come. */
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { serveCalls } from "../process/serve-calls.ts";
import { memoryAtRest } from "./census.ts";
import { DrillServer, type DrillServerSpec } from "./drill-server.ts";
import { shiftWallClock } from "./wall-clock.ts";

const clock = new NodeClock();
let server: DrillServer | undefined;

function running(): DrillServer {
  if (server === undefined) throw new Error("the server was not started");
  return server;
}

const calls = {
  async start(spec: DrillServerSpec) {
    server = new DrillServer(spec, clock);
    return server.listen();
  },
  mark: () => running().mark(),
  account: () => running().account,
  census: () => running().census,
  memory: () => memoryAtRest(),
  fillDecoder: async (order: { seed: number; messages: number }) =>
    (await import("../hostile/fill-decoder.ts")).fillDecoder(order),
  cut: (pathBegin: string) => running().cut(pathBegin),
  shiftWallClock,
};

export type ServerCalls = typeof calls;

serveCalls(calls);
