/** A process of a drill: players who have seats, are all cut at once, and come back at once. */
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { periodMs } from "../../../shared/tick/tick.ts";
import { Acknowledgements } from "../../load/acknowledgements.ts";
import { joinEach } from "../../load/lean-players.ts";
import { processCpuUs } from "../../run/cpu-window.ts";
import { LatencyHistogram, type Percentiles } from "../../statistics/latency-histogram.ts";
import { anyDrillGame } from "../drill-game.ts";
import { serveCalls, tellProgress } from "../process/serve-calls.ts";
import { sourceAddresses } from "./addresses.ts";
import { type Company, DrillPlayer } from "./drill-player.ts";

const HZ = 20;
/** Below what limits allow one address to join at once. */
const PER_ADDRESS = 100;
const JOIN_WITHIN_MS = 20_000;

export interface ReturnFigures {
  /** In their old seat, with a tick in it. */
  readonly back: number;
  /** From the cut to that. */
  readonly backMs: Percentiles;
  /** Sentences, a few of them at most; and how many did not come back. */
  readonly errors: readonly string[];
  readonly failed: number;
  readonly cpuUs: number;
}

const clock = new NodeClock();
let players: DrillPlayer[] = [];
/** Told of each; changes from one call to the next. */
let told: { returned(): void; lost(player: DrillPlayer, why: string): void } = { returned() {}, lost() {} };

const calls = {
  /** So many, spread over the rooms. Settles when each has closed a tick. */
  async join({ port, paths, players: count }: { port: number; paths: readonly string[]; players: number }) {
    const company: Company = {
      port,
      hash: anyDrillGame.hash,
      acknowledgements: new Acknowledgements(HZ, (write) => clock.after(periodMs(HZ) / 2, write)),
    };
    const from = sourceAddresses(Math.ceil(count / PER_ADDRESS));
    players = [];
    await joinEach(count, (number) => join(company, paths, from, number), tellProgress);
  },
  /** Destroys all sockets and connects anew, both at once. Settles when all are back, or after so long. */
  cutAndReturn({ withinMs }: { withinMs: number }): Promise<ReturnFigures> {
    const backMs = new LatencyHistogram();
    const errors: string[] = [];
    let failed = 0;
    const cpuBefore = processCpuUs();
    return new Promise((resolve) => {
      const settle = (): void => {
        tooLate();
        const cpuUs = processCpuUs() - cpuBefore;
        resolve({ back: backMs.count, backMs: backMs.percentiles(), errors, failed, cpuUs });
      };
      const tooLate = clock.after(withinMs, settle);
      const look = (): void => {
        if (backMs.count + failed === players.length) settle();
      };
      for (const player of players) player.cut();
      const cutAt = clock.now();
      told = {
        returned() {
          backMs.record(clock.now() - cutAt);
          look();
        },
        lost(_player, why) {
          failed += 1;
          if (errors.length < 5) errors.push(why);
          look();
        },
      };
      for (const player of players) player.comeBack();
    });
  },
};

export type CrowdCalls = typeof calls;

function join(
  company: Company,
  paths: readonly string[],
  from: readonly string[],
  number: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = clock.after(JOIN_WITHIN_MS, () => reject(new Error("a player got no tick")));
    const path = paths[number % paths.length] ?? "";
    const localAddress = from[number % from.length] ?? "";
    const player = new DrillPlayer(
      company,
      { path, localAddress },
      {
        ticked: (_player, _tick, previous) => {
          if (previous !== 0) return;
          tooLate();
          resolve();
        },
        returned: () => told.returned(),
        lost: (who, why) => {
          tooLate();
          reject(new Error(`a player could not join: ${why}`));
          told.lost(who, why);
        },
      },
    );
    players.push(player);
  });
}

serveCalls(calls);
