import { type ConnectOptions, connectWith } from "../../client/connect.ts";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import {
  bool,
  defineGame,
  fixed,
  held,
  interpolated,
  oneOf,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";
import { PROTOCOL_VERSION, ServerFrame } from "../../shared/protocol/frames.ts";
import { changing, entering } from "../client-kit/duel.ts";
import { ScriptedServer } from "../client-kit/scripted-server.ts";
import { ManualClock } from "../kit/manual-clock.ts";

/** A game with one of each that can be interpolated, and what cannot. */
export const state = {
  players: table(
    {
      name: text(16),
      x: interpolated(u16, { teleport: 100 }),
      life: interpolated(oneOf("alive", "dead")),
      target: ref("players"),
      secret: interpolated(visibleTo("owner", u8)),
    },
    { owner: "player" },
  ),
  shots: table({ x: u16 }),
  boats: table({ name: visibleTo("room", text(8)), x: interpolated(u16), y: u16 }, { position: ["x", "y"] }),
  wind: record({ force: interpolated(fixed(0, 10, 0.1)), gusty: bool }),
};
export const plain = defineGame({ name: "plain", tickRate: 20, state, input: { run: held(bool) } });

export const [PLAYERS, SHOTS, BOATS, WIND] = [0, 1, 2, 3];
/** A cell that is followed. */
export const CELL = 20;
export const FIRST = 10;
export const PERIOD_MS = 50;
export const ada = (x: number) => [1, entering(0b11111), "Ada", x, 0, 0, 7];
const bob = (x: number) => [2, entering(0b01111), "Bob", x, 0, 1];
export const moved = (id: number, x: number) => [id, changing(0b10), x];

export async function sitDown({ options = {} }: { options?: ConnectOptions } = {}) {
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const joining = connectWith({ openSocket: server.openSocket, clock }).connect(
    plain,
    "ws://plain.test/plain",
    undefined,
    options,
  );
  server.accept();
  server.send([ServerFrame.welcome, 0, FIRST, 0, null, 7, 1, 5, "room-1", "token"]);
  server.send([
    ServerFrame.keyframe,
    FIRST,
    0,
    [
      ...[PLAYERS, [...ada(0), ...bob(0)], SHOTS, [1, entering(1), 5]],
      ...[BOATS, [1, entering(0b001), "Sue"], WIND, [1, entering(0b11), 50, false]],
    ],
  ]);
  server.send([ServerFrame.tickEnd, FIRST, FIRST - 1]);
  const room = await joining;
  clock.advance(0);
  const tick = (...rows: readonly unknown[]): void => {
    clock.advance(PERIOD_MS);
    server.send([ServerFrame.tickEnd, room.tick + 1, room.tick, rows]);
  };
  const view = room.view();
  // The first guess at the network is taken back, and what is drawn is a tick behind the last.
  for (let count = 0; count < 40; count++) {
    tick();
    room.view();
  }
  return { clock, server, room, tick, view };
}

/** A client that knows `known` joins a server that plays `served`; `play` closes a tick with a row's change. */
export async function joinAt(served: Game<GameSpec>, known: Game<GameSpec> | undefined) {
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const ways = connectWith({ openSocket: server.openSocket, clock });
  const url = "ws://plain.test/plain";
  const joining = known ? ways.connect(known, url) : ways.connectGeneric(url);
  server.accept();
  server.send([ServerFrame.definition, PROTOCOL_VERSION, served.hash, served.description]);
  server.send([ServerFrame.welcome, 0, FIRST, 0, null, 7, 1, 5, "room-1", null]);
  const players = served.description.tables.findIndex(({ name }) => name === "players");
  const values = served.description.tables[players]?.fields.map(({ name }) => (name === "name" ? "Ada" : 0));
  const row = [1, entering(2 ** (values?.length ?? 0) - 1), ...(values ?? [])];
  server.send([ServerFrame.keyframe, FIRST, 0, [players, row]]);
  server.send([ServerFrame.tickEnd, FIRST, FIRST - 1]);
  const room = await joining;
  clock.advance(0);
  const play = (change: readonly unknown[]): void =>
    server.send([ServerFrame.tickEnd, room.tick + 1, room.tick, [players, change]]);
  return { room, play };
}
