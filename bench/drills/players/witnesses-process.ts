/** A process of a drill: players who were there before, and to whom nothing may happen. */
import { getPriority, setPriority } from "node:os";
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { periodMs } from "../../../shared/tick/tick.ts";
import { Acknowledgements } from "../../load/acknowledgements.ts";
import { anyDrillGame } from "../drill-game.ts";
import { serveCalls } from "../process/serve-calls.ts";
import { TickGaps } from "../server/tick-gaps.ts";
import { type Company, DrillPlayer } from "./drill-player.ts";
import type { RoomWitness } from "./witnesses.ts";

const HZ = 20;
/** Of 40 steps. */
const AHEAD = 5;
const JOIN_WITHIN_MS = 20_000;
const clock = new NodeClock();

interface Watched {
  readonly path: string;
  readonly gaps: TickGaps<DrillPlayer>;
  readonly lost: string[];
}

// Whoever storms shares the core with them, and would delay what they time. Only root may go ahead of others.
try {
  setPriority(Math.max(-20, getPriority() - AHEAD));
} catch {}

let all = new TickGaps<DrillPlayer>();
let rooms: Watched[] = [];

const calls = {
  /** So many in each of the rooms. Settles when each has closed a tick. */
  async join({ port, paths, each }: { port: number; paths: readonly string[]; each: number }): Promise<void> {
    const company: Company = {
      port,
      hash: anyDrillGame.hash,
      acknowledgements: new Acknowledgements(HZ, (write) => clock.after(periodMs(HZ) / 2, write)),
    };
    all = new TickGaps();
    rooms = paths.map((path) => ({ path, gaps: new TickGaps(), lost: [] }));
    await Promise.all(rooms.flatMap((room) => Array.from({ length: each }, () => join(company, room))));
  },
  mark(): void {
    all.restart();
    for (const { gaps, lost } of rooms) {
      gaps.restart();
      lost.length = 0;
    }
  },
  account() {
    const byRoom: RoomWitness[] = rooms.map(({ path, gaps, lost }) => ({
      path,
      ticks: gaps.figures.ticks,
      missed: gaps.figures.missed,
      lost: [...lost],
    }));
    return { ...all.figures, rooms: byRoom };
  },
};

export type WitnessCalls = typeof calls;

function join(company: Company, room: Watched): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = clock.after(JOIN_WITHIN_MS, () => reject(new Error(`no tick of ${room.path} came`)));
    new DrillPlayer(
      company,
      { path: room.path },
      {
        ticked: (player, tick, previous) => {
          const now = clock.now();
          all.ticked(player, tick, now);
          room.gaps.ticked(player, tick, now);
          if (previous !== 0) return;
          tooLate();
          resolve();
        },
        lost: (_player, why) => {
          tooLate();
          room.lost.push(why);
          reject(new Error(`a witness in ${room.path} could not stay: ${why}`));
        },
      },
    );
  });
}

serveCalls(calls);
