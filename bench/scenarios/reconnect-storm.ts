import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame, fixed, table, u16, u32 } from "../../shared/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import type { Bound } from "../report/bounds.ts";
import type { HeardFigures, MeasuredWindow } from "../run/messages.ts";
import { Consecutive } from "../statistics/consecutive.ts";
import type { Scenario } from "./scenario.ts";

/** How this scenario is run; each can be changed on the command line. */
export interface ReconnectStormLoad {
  readonly clients: number;
  /** During which connections are cut. */
  readonly seconds: number;
  /** How often all connections are cut, evenly spread over that time. */
  readonly cuts: number;
}

/** The figures of its report that are bounded. */
export type ReconnectStormFigure = "lost" | "repeated";

interface ReconnectStormScenario extends Scenario {
  readonly hz: number;
  readonly defaults: ReconnectStormLoad;
  readonly bounds: readonly Bound<ReconnectStormLoad, ReconnectStormFigure>[];
}

const HZ = 20;
const WIDTH = 4000;
/** Of each place, events a second. */
const PLACE_EVENTS = 5;
/** Of one client, a second. */
export const MESSAGES_PER_SECOND = 5;
export const REQUESTS_PER_SECOND = 1;
/** So long after all else nothing is told, sent or cut any more: what is on its way arrives. */
export const SETTLING_SECONDS = 3;

/** Where players gather, each in a cell of its own, from which nobody sees another place. */
const places = [
  { x: 625, y: 625 },
  { x: 3125, y: 625 },
  { x: 625, y: 3125 },
  { x: 3125, y: 3125 },
] as const;

const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));

export const stormGame = defineGame({
  name: "reconnect-storm",
  tickRate: HZ,
  join: v.object({ number }),
  state: {
    players: table(
      { number: u16, x: fixed(0, WIDTH, 0.1), y: fixed(0, WIDTH, 0.1) },
      { owner: "player", position: ["x", "y"] },
    ),
  },
  events: { global: { n: u32 }, place: { n: u32 }, private: { n: u32 } },
  messages: { note: v.object({ n: v.number() }) },
  requests: { ask: { input: v.object({ n: v.number() }), reply: v.object({ n: v.number() }) } },
});

/** What the room told so far, and what it heard. Everything is numbered from 0 on. */
export class StormLedger {
  /** Events are told from its first tick until shortly before its end; absent: none now. */
  window: MeasuredWindow | undefined;
  global = 0;
  readonly places = places.map(() => 0);
  /** By the player's number. */
  readonly private: number[] = [];
  readonly #messages: Consecutive[] = [];
  readonly #requests: Consecutive[] = [];

  message(player: number, n: number): void {
    this.#messages[player] ??= new Consecutive();
    this.#messages[player].take(n);
  }

  request(player: number, n: number): void {
    this.#requests[player] ??= new Consecutive();
    this.#requests[player].take(n);
  }

  /** By the player's number. */
  heard(): { readonly messages: HeardFigures[]; readonly requests: HeardFigures[] } {
    const of = (all: readonly (Consecutive | undefined)[]): HeardFigures[] =>
      Array.from(all, (one) => (one ?? new Consecutive()).heard);
    return { messages: of(this.#messages), requests: of(this.#requests) };
  }
}

/** Which place a player stays at. */
export function placeOf(player: number): number {
  return player % places.length;
}

/** When nothing is told, sent or cut any more. */
export function settlesAt({ toTick }: Pick<MeasuredWindow, "toTick">): number {
  return toTick - SETTLING_SECONDS * HZ;
}

/**
 * When all connections are cut, and by whom: in turn by the clients, which destroy their sockets, and by the
 * server. Moments wander through the period, so that a cut meets every stage of a tick.
 */
export function cutsOf(
  window: MeasuredWindow,
  cuts: number,
): { readonly at: number; readonly by: "clients" | "server" }[] {
  const { fromTick, epoch, periodMs } = window;
  const ticks = settlesAt(window) - fromTick;
  return Array.from({ length: cuts }, (_, i) => {
    const tick = fromTick + Math.floor(((i + 0.5) * ticks) / cuts);
    return { at: dueAt(epoch, tick + i / cuts, periodMs), by: i % 2 === 0 ? "clients" : "server" };
  });
}

/** Players who stay at their place, moving a little, and a room that tells numbered events. */
function stormRoom(maxPlayers: number): RoomDefinition {
  return defineRoom(stormGame, {
    maxPlayers,
    emptyForMs: 600_000,
    interest: { cellSize: WIDTH / 16, radius: 1 },
    data: () => new StormLedger(),
    join(_room, { row }, { number: mine }) {
      row.number = mine;
    },
    tick(room) {
      for (const { row } of room.players) {
        const { x, y } = places[placeOf(row.number)] ?? places[0];
        row.x = x + 50 * Math.cos(room.tick / 20 + row.number);
        row.y = y + 50 * Math.sin(room.tick / 20 + row.number);
      }
      const { data } = room;
      const { window } = data;
      if (window === undefined || room.tick < window.fromTick || room.tick >= settlesAt(window)) return;
      const since = room.tick - window.fromTick;
      room.broadcast("global", { n: data.global++ });
      if (since % (HZ / PLACE_EVENTS) === 0)
        places.forEach(({ x, y }, place) => {
          const n = data.places[place] ?? 0;
          data.places[place] = n + 1;
          room.near(x, y).broadcast("place", { n });
        });
      for (const player of room.players) {
        const { number: mine } = player.row;
        if (since % HZ !== mine % HZ) continue;
        const n = data.private[mine] ?? 0;
        data.private[mine] = n + 1;
        player.send("private", { n });
      }
    },
    on: {
      note(room, { row }, { n }) {
        room.data.message(row.number, n);
      },
    },
    requests: {
      ask(room, { row }, { n }) {
        room.data.request(row.number, n);
        return { n };
      },
    },
  });
}

export const reconnectStorm: ReconnectStormScenario = {
  name: "reconnect-storm",
  says: "numbered events, messages and requests while the connections of all players are cut again and again",
  hz: HZ,
  defaults: { clients: 100, seconds: 60, cuts: 10 },
  game: () => stormGame as unknown as Game,
  room: (_hz, maxPlayers) => stormRoom(maxPlayers),
  joinOf: (client) => ({ number: client }),
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  bounds: [
    {
      says: "no event, message, request or seat is lost",
      appliesTo: () => true,
      figure: "lost",
      atMost: 0,
    },
    {
      says: "no event, message or request comes twice",
      appliesTo: () => true,
      figure: "repeated",
      atMost: 0,
    },
  ],
};
