/**
 * The public API as its authors write it. This file is compiled by `npm run check`, not run: each
 * `@ts-expect-error` is a mistake that must not compile.
 */
import * as v from "valibot";
import type { ClientRoom } from "../client/client-room.ts";
import { defineRoom } from "../server/room/define-room.ts";
import { fail, refuse } from "../server/room/outcomes.ts";
import {
  angle,
  defineGame,
  fixed,
  held,
  interpolated,
  oneOf,
  pressed,
  record,
  ref,
  table,
  text,
  tick,
  u8,
  u16,
  visibleTo,
} from "../shared/game.ts";

const arena = defineGame({
  name: "arena",
  tickRate: 20,
  join: v.object({ name: v.pipe(v.string(), v.maxLength(16)) }),
  state: {
    players: table(
      {
        name: text(32),
        x: interpolated(fixed(0, 4000, 0.1), { teleport: 100 }),
        y: interpolated(fixed(0, 4000, 0.1), { teleport: 100 }),
        heading: interpolated(angle()),
        hp: u8,
        score: u16,
      },
      { owner: "player", position: ["x", "y"] },
    ),
    bullets: table(
      { x: fixed(0, 4000, 0.1), y: fixed(0, 4000, 0.1), by: ref("players") },
      { position: ["x", "y"] },
    ),
    match: record({ phase: oneOf("warmup", "live", "over"), endsAt: tick() }),
  },
  input: { move: held(angle(), "optional"), fire: pressed() },
  predict: {
    table: "players",
    step(row, input, dt, world) {
      if (input.move === undefined || world.state.match.phase === "over") return;
      row.x += Math.cos(input.move) * 100 * dt;
      row.y += Math.sin(input.move) * 100 * dt;
      // @ts-expect-error the row has no such field
      row.z += 1;
    },
  },
  events: {
    hit: { by: ref("players"), on: ref("players"), damage: u8 },
    chat: { from: ref("players"), text: text(240) },
  },
  messages: { chat: v.object({ text: v.pipe(v.string(), v.maxLength(120)) }) },
  requests: {
    buy: {
      input: v.object({ item: v.string() }),
      reply: v.object({ gold: v.number() }),
      errors: ["broke"],
    },
  },
});

export const arenaRoom = defineRoom(arena, {
  maxPlayers: 200,
  emptyForMs: 30_000,
  options: v.object({ mode: v.optional(v.picklist(["duel", "all"]), "all") }),
  load: async (options) => ({ level: options.mode.length }),
  data: (loaded) => ({ wave: loaded.level }),
  admit: async (applicant) =>
    applicant.join.name === "" ? refuse("a name, please") : { userId: applicant.join.name },
  create(room) {
    room.state.match.phase = "live";
    // @ts-expect-error no such phase
    room.state.match.phase = "paused";
  },
  join(room, player, { name }) {
    player.row.name = name;
    player.data.userId.toUpperCase();
    room.data.wave += 1;
    room.options.mode satisfies "duel" | "all";
    // @ts-expect-error the row has no such field
    player.row.mana = 1;
  },
  leave(room, player, reason) {
    if (reason === "kicked") room.broadcast("chat", { from: player.row, text: "was kicked" });
    // @ts-expect-error no such event
    room.broadcast("bang", {});
    // @ts-expect-error the event has other fields
    room.broadcast("hit", { by: player.row });
  },
  tick(room, dt) {
    for (const player of room.players) {
      if (player.input.fire) {
        const bullet = room.state.bullets.add({ x: player.row.x, y: player.row.y, by: player.row });
        bullet.by?.score satisfies number | undefined;
      }
      // The room is the world that it steps in.
      arena.spec.predict.step(player.row, player.input, dt, room);
      // @ts-expect-error no such input
      player.input.jump;
      // @ts-expect-error inputs are read-only
      player.input.fire = false;
    }
  },
  on: {
    chat(room, player, { text }) {
      room.broadcast("chat", { from: player.row, text });
    },
  },
  requests: {
    async buy(room, _player, { item }) {
      item satisfies string;
      await Promise.resolve();
      return room.random() > 0.5 ? { gold: 3 } : fail("broke");
    },
  },
});

// @ts-expect-error hooks of a tick cannot be asynchronous
defineRoom(arena, { on: { chat() {} }, requests: { buy: () => ({ gold: 1 }) }, async tick() {} });
// @ts-expect-error nor can message handlers
defineRoom(arena, { on: { async chat() {} }, requests: { buy: () => ({ gold: 1 }) } });
// @ts-expect-error every message needs its handler
defineRoom(arena, { requests: { buy: () => ({ gold: 1 }) } });
// @ts-expect-error a reply has its declared shape
defineRoom(arena, { on: { chat() {} }, requests: { buy: () => ({ silver: 1 }) } });
// @ts-expect-error an error must be declared
defineRoom(arena, { on: { chat() {} }, requests: { buy: () => fail("tired") } });

export async function play(room: ClientRoom<typeof arena.spec>): Promise<void> {
  room.me?.x satisfies number | undefined;
  room.state.players.get(1)?.name satisfies string | undefined;
  room.state.match.phase satisfies "warmup" | "live" | "over";
  for (const bullet of room.state.bullets) bullet.by?.score satisfies number | undefined;
  const view = room.view();
  view.tick satisfies number;
  view.me?.x satisfies number | undefined;
  for (const { x, name } of view.state.players) `${name}${x satisfies number}`;
  view.state.players.get(1)?.heading satisfies number | undefined;
  view.state.bullets.size satisfies number;
  view.state.match.phase satisfies "warmup" | "live" | "over";
  // @ts-expect-error what is drawn is read-only
  for (const player of view.state.players) player.x = 1;
  // @ts-expect-error and tells of nothing
  view.state.players.onAdd(() => {});
  room.on("hit", (hit) => hit.by?.name satisfies string | undefined);
  room.send("chat", { text: "hi" });
  room.input({ move: 1.5, fire: true });
  room.input({ move: undefined });
  const bought = await room.request("buy", { item: "sword" });
  if (bought.ok) bought.value.gold satisfies number;
  else bought.error satisfies "broke" | "timeout" | "closed" | "lost" | "internal" | "invalid";

  // @ts-expect-error the mirror is read-only
  room.state.match.phase = "over";
  // @ts-expect-error no such event
  room.on("bang", () => {});
  // @ts-expect-error a wrong shape
  room.send("chat", { words: "hi" });
  // @ts-expect-error no such message
  room.send("shout", { text: "hi" });
  // @ts-expect-error a wrong input
  room.input({ move: "left" });
  // @ts-expect-error no such request
  await room.request("sell", { item: "sword" });
  // @ts-expect-error a wrong request
  await room.request("buy", { thing: "sword" });
}

const siege = defineGame({
  name: "siege",
  tickRate: 20,
  state: {
    units: table(
      { team: oneOf("red", "blue"), x: u16, y: u16, plan: visibleTo("group", text(40)) },
      { owner: "player", position: ["x", "y"], group: "team" },
    ),
    orders: table({ squad: u8, text: text(40) }, { visibleTo: "group", group: "squad" }),
  },
  events: { rally: { text: text(40) } },
});

defineRoom(siege, {
  join(room, { row, groups }) {
    groups.add(row.team);
    groups.add(7);
    groups.add(true);
    if (groups.has("blue") && groups.delete(7)) groups.size satisfies number;
    for (const name of groups) name satisfies string | number | boolean;
    room.group(row.team).broadcast("rally", { text: "here" });
    // @ts-expect-error a group is no row
    groups.add(row);
    // @ts-expect-error nor nothing
    groups.add(undefined);
    // @ts-expect-error no such event
    room.group("red").broadcast("bang", {});
    // @ts-expect-error groups are added to one by one
    groups.names = ["red"];
  },
});

export function besiege(room: ClientRoom<typeof siege.spec>): void {
  room.me?.plan satisfies string | undefined;
  for (const order of room.state.orders) order.squad satisfies number;
}

const loop = defineGame({ name: "loop", tickRate: 1, state: { nodes: table({ next: ref("nodes") }) } });
defineRoom(loop, {
  tick(room) {
    for (const node of room.state.nodes) node.next?.next?.next satisfies { readonly id: number } | undefined;
    // @ts-expect-error this game has no table owned by players
    for (const player of room.players) player.row.x;
  },
});

const duel = defineRoom(siege, {
  rewind: { tables: ["units"], maxMs: 400 },
  tick(room) {
    for (const player of room.players) {
      const struck = room.rewind(player.viewTick, (world) => {
        for (const { id, x, y } of world.units) if (Math.hypot(x, y) < 3) return id;
        world.units.get(1)?.x satisfies number | undefined;
        // @ts-expect-error words have no past
        world.units.get(1)?.team;
        // @ts-expect-error nor have tables that are not named
        world.orders;
        return undefined;
      });
      struck satisfies number | undefined;
      // @ts-expect-error the past cannot be changed
      room.rewind(1, ({ units }) => units.get(1).x++);
      // @ts-expect-error nor can a view
      player.viewTick = 3;
    }
  },
});
duel.game.spec.name satisfies string;
defineRoom(siege, {
  tick(room) {
    // @ts-expect-error this room keeps no past
    room.rewind(1, () => 1);
  },
});
// @ts-expect-error no such table
defineRoom(siege, { rewind: { tables: ["castles"] } });
