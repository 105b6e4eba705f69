// Compiled in the project, with declarations: whatever an author may export can be named from the package.
import { defineBot } from "tickcast/bots";
import { connect } from "tickcast/client";
import {
  angle,
  bool,
  bytes,
  cold,
  defineGame,
  fixed,
  held,
  i16,
  i32,
  interpolated,
  list,
  oneOf,
  optional,
  pressed,
  record,
  ref,
  table,
  text,
  tick,
  u8,
  u16,
  u32,
  visibleTo,
} from "tickcast/game";
import { defineRoom, fail, type Player, type Room, refuse, serve } from "tickcast/server";
import { FaultProxy, TestServer } from "tickcast/testing";
import * as v from "valibot";

export const everything = defineGame({
  name: "everything",
  tickRate: 30,
  join: v.object({ name: v.string() }),
  state: {
    players: table(
      {
        name: text(16),
        x: interpolated(fixed(0, 10, 0.1), { teleport: 1 }),
        y: interpolated(fixed(0, 10, 0.1)),
        team: oneOf("red", "blue"),
        hand: visibleTo("owner", list(u8, 5)),
        plan: visibleTo("group", optional(text(8))),
        ally: ref("players"),
        mood: optional(oneOf("calm", "angry")),
        moved: i16,
        far: i32,
      },
      { owner: "player", position: ["x", "y"], group: "team" },
    ),
    match: record({ round: u16, seed: u32, endsAt: tick(), level: cold(bytes(64)), open: bool }),
  },
  input: { walk: held(angle(), "optional"), throttle: held(u8), jump: pressed() },
  events: { hit: { on: ref("players"), damage: u8 } },
  messages: { chat: v.object({ text: v.string() }) },
  requests: {
    buy: { input: v.object({ item: v.string() }), reply: v.object({ gold: v.number() }), errors: ["broke"] },
  },
  predict: {
    table: "players",
    step: (row, input, dt) => {
      row.x += input.walk === undefined ? 0 : dt;
    },
  },
});

export type EverythingRoom = Room<(typeof everything)["spec"], undefined, { readonly wave: number }>;
export type EverythingPlayer = Player<(typeof everything)["spec"]>;

export const everythingRoom = defineRoom(everything, {
  interest: { cellSize: 2 },
  rewind: { tables: ["players"] },
  load: async () => 1,
  data: (wave) => ({ wave }),
  admit: ({ ticket }) => (ticket === "" ? refuse("No ticket.") : { user: ticket }),
  on: { chat: (room, player) => room.broadcast("hit", { on: player.row, damage: 1 }) as undefined },
  requests: { buy: (_room, player) => (player.data.user === undefined ? fail("broke") : { gold: 1 }) },
});

export const bot = defineBot(everything, { join: () => ({ name: "bot" }), memory: () => ({ steps: 0 }) });

export const begin = async () => {
  const server = await serve({ rooms: [everythingRoom], port: 0 });
  const room = await connect(everything, `${server.url}/everything`, { name: "Ada" });
  const bought = await room.request("buy", { item: "sword" });
  return {
    server,
    room,
    bought,
    me: room.me,
    view: room.view(),
    players: room.state.players,
    proxy: FaultProxy,
  };
};

export const test = () => TestServer.start({ rooms: [everythingRoom] });
