/** The players of a farm of workers, in a process of their own: SDK clients that came through matchmaking. */
import type { ClientRoom } from "../../client/client-room.ts";
import { connectGeneric } from "../../client/node.ts";
import { serveCalls, tellProgress } from "../drills/process/serve-calls.ts";
import { processCpuUs } from "../run/cpu-window.ts";
import { matchGame } from "./worker-app.ts";

/** Joins that are under way. */
const AT_ONCE = 20;

export interface MatchPlayersOrder {
  /** Asked in turn where to play. */
  readonly urls: readonly string[];
  readonly players: number;
}

/** What the players saw between two calls. */
export interface MatchPlayersFigures {
  readonly rooms: number;
  readonly connected: number;
  /** Ticks that closed, of all players. */
  readonly ticks: number;
  readonly cpuMs: number;
}

const players: ClientRoom[] = [];
let ticks = 0;

async function join({ urls, players: count }: MatchPlayersOrder): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const url = urls[next++ % urls.length] as string;
      const room = await connectGeneric(`${url}/join/${matchGame.spec.name}`);
      room.onTick(() => {
        ticks += 1;
      });
      players.push(room);
      tellProgress(players.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const calls = {
  join,
  figures: (): MatchPlayersFigures => ({
    rooms: new Set(players.map(({ id }) => id)).size,
    connected: players.filter(({ connection: { state } }) => state === "joined").length,
    ticks,
    cpuMs: processCpuUs() / 1000,
  }),
  leave: async (): Promise<void> => {
    await Promise.all(players.map((room) => room.leave()));
  },
};

export type MatchPlayersCalls = typeof calls;

serveCalls(calls);
