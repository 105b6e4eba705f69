/** A process of a drill: many who connect at once. */
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { periodMs } from "../../../shared/tick/tick.ts";
import { Acknowledgements } from "../../load/acknowledgements.ts";
import { processCpuUs } from "../../run/cpu-window.ts";
import { LatencyHistogram, type Percentiles } from "../../statistics/latency-histogram.ts";
import { lobbyGame } from "../drill-game.ts";
import { serveCalls, tellProgress } from "../process/serve-calls.ts";
import { sourceAddresses } from "./addresses.ts";
import { type Company, DrillPlayer } from "./drill-player.ts";

export interface StormOrder {
  readonly port: number;
  /** Spread over them evenly. */
  readonly paths: readonly string[];
  readonly connections: number;
  /** They begin evenly within so long; as fast as this process can where that is slower. */
  readonly withinMs: number;
  /** They come from so many addresses. */
  readonly addresses: number;
}

export interface StormFigures {
  readonly connected: number;
  readonly joined: number;
  /** Sentences, a few of them at most; and how many there were. */
  readonly errors: readonly string[];
  readonly failed: number;
  /** From the first connection's beginning to the last one's beginning, handshake and first tick. */
  readonly begunMs: number;
  readonly connectedMs: number;
  readonly joinedMs: number;
  /** From a connection's beginning to the end of its handshake. */
  readonly eachMs: Percentiles;
  /** Of this process until the last handshake. */
  readonly cpuUs: number;
}

const clock = new NodeClock();
const SHOWN_ERRORS = 5;
/** However late a timer is, the network has its turn after so many. */
const AT_ONCE = 20;
const everybody: DrillPlayer[] = [];

function storm(
  { port, paths, connections, withinMs, addresses }: StormOrder,
  overMs: number,
): Promise<StormFigures> {
  const hz = lobbyGame.spec.tickRate;
  const company: Company = {
    port,
    hash: lobbyGame.hash,
    acknowledgements: new Acknowledgements(hz, (write) => clock.after(periodMs(hz) / 2, write)),
  };
  const from = sourceAddresses(addresses);
  const eachMs = new LatencyHistogram();
  const errors: string[] = [];
  const cpuBefore = processCpuUs();
  const beganAt = clock.now();
  let begun = 0;
  let connected = 0;
  let joined = 0;
  let failed = 0;
  let begunMs = 0;
  let connectedMs = 0;
  let joinedMs = 0;
  let cpuUs = 0;
  return new Promise((resolve) => {
    const settle = (): void => {
      tooLate();
      resolve({
        connected,
        joined,
        errors,
        failed,
        begunMs,
        connectedMs,
        joinedMs,
        eachMs: eachMs.percentiles(),
        cpuUs,
      });
    };
    const tooLate = clock.after(overMs, settle);
    const look = (): void => {
      if (joined + failed === connections) settle();
    };
    const one = (number: number): void => {
      const startedAt = clock.now();
      const path = paths[number % paths.length] ?? "";
      const localAddress = from[number % from.length] ?? "";
      const player = new DrillPlayer(
        company,
        { path, localAddress },
        {
          opened: () => {
            const now = clock.now();
            eachMs.record(now - startedAt);
            connected += 1;
            if (connected % 500 === 0) tellProgress(connected);
            connectedMs = now - beganAt;
            cpuUs = processCpuUs() - cpuBefore;
          },
          ticked: (_player, _tick, previous) => {
            if (previous !== 0) return;
            joined += 1;
            joinedMs = clock.now() - beganAt;
            look();
          },
          lost: (_player, why) => {
            failed += 1;
            if (errors.length < SHOWN_ERRORS) errors.push(why);
            look();
          },
        },
      );
      everybody.push(player);
    };
    const go = (): void => {
      const due = Math.min(connections, Math.ceil(((clock.now() - beganAt) / withinMs) * connections));
      const until = Math.min(due, begun + AT_ONCE);
      while (begun < until) one(begun++);
      begunMs = clock.now() - beganAt;
      if (begun < connections) clock.soon(go);
    };
    go();
  });
}

const calls = {
  storm: (order: StormOrder) => storm(order, 30_000),
  end(): void {
    for (const player of everybody) player.cut();
  },
};

export type StormCalls = typeof calls;

serveCalls(calls);
