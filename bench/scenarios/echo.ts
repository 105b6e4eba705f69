import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame } from "../../shared/game.ts";
import type { Scenario } from "./scenario.ts";

/** How this scenario is run; each can be changed on the command line. */
export interface EchoLoad {
  readonly clients: number;
  /** Ticks a second. */
  readonly hz: number;
  /** Requests of each client in a second, and as many pings. */
  readonly rate: number;
  /** What is measured. */
  readonly seconds: number;
}

/** The two ways that are timed. */
export type EchoWay = "request" | "ping";

/** A bound on the p99 of a way, in milliseconds at a tick rate. */
export interface EchoTarget {
  readonly says: string;
  readonly way: EchoWay;
  readonly atMostMs: (hz: number) => number;
}

interface EchoScenario extends Scenario {
  readonly defaults: EchoLoad;
  readonly targets: readonly EchoTarget[];
}

/** What is said, and comes back. */
export const SAID = "to be answered";

const echoGame = (hz: number) =>
  defineGame({
    name: "echo",
    tickRate: hz,
    state: {},
    requests: {
      say: { input: v.object({ text: v.string() }), reply: v.object({ text: v.string() }) },
    },
  });

function echoRoom(hz: number, maxPlayers: number): RoomDefinition {
  return defineRoom(echoGame(hz), {
    maxPlayers,
    emptyForMs: 600_000,
    requests: { say: (_room, _player, { text }) => ({ text }) },
  });
}

export const echo: EchoScenario = {
  name: "echo",
  says: "a small request through the room, answered by its next tick, and a ping, which is answered at once",
  defaults: { clients: 100, hz: 20, rate: 10, seconds: 5 },
  game: (hz) => echoGame(hz) as unknown as Game,
  room: echoRoom,
  inbound: { kind: "own" },
  targets: [
    {
      says: "99 % of requests are answered within a period and 2 ms",
      way: "request",
      atMostMs: (hz) => 1000 / hz + 2,
    },
    { says: "99 % of pings are answered within 2 ms", way: "ping", atMostMs: () => 2 },
  ],
};
