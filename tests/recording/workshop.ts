import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import {
  bytes,
  defineGame,
  held,
  i16,
  oneOf,
  optional,
  pressed,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";

/** A game with one of everything that a recording has to hold. */
export const workshop = defineGame({
  name: "workshop",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: {
    workers: table(
      {
        name: text(32),
        x: u16,
        y: u16,
        mood: i16,
        away: visibleTo("room", u8),
        secret: visibleTo("owner", u16),
        team: oneOf("red", "blue"),
        plan: visibleTo("group", u8),
      },
      { owner: "player", position: ["x", "y"], group: "team" },
    ),
    goods: table({ by: optional(ref("workers")), n: u16, mark: bytes(4) }),
    books: record({ orders: u16, note: text(64), paid: u16 }),
  },
  input: { walk: held(i16), craft: pressed() },
  events: { made: { by: ref("workers"), n: u16 }, said: { text: text(64) } },
  messages: { order: v.object({ n: v.number() }), shout: v.object({ text: v.string() }) },
  requests: { pay: { input: v.object({ coins: v.number() }), reply: v.object({ paid: v.number() }) } },
});

export interface WorkshopOptions {
  /** What a worker's step is multiplied by: another number is another game. */
  readonly pace?: number;
  /** What an applicant gets as `player.data`. */
  readonly admit?: (name: string) => unknown;
  /** What a payment waits for. */
  readonly bank?: () => Promise<number>;
}

export function workshopRoom({
  pace = 1,
  admit = (name) => ({ skill: name.length }),
  bank = async () => 1,
}: WorkshopOptions = {}): RoomDefinition {
  return defineRoom(workshop, {
    interest: { cellSize: 100, radius: 1 },
    emptyForMs: 60_000,
    graceMs: 2_000,
    options: v.object({ level: v.optional(v.string(), "easy") }),
    load: () => ({ prices: [3, 5, 8] }),
    data: (loaded) => ({ ...loaded, made: 0 }),
    admit: ({ join }) => admit(join.name) as { skill: number },
    create(room) {
      room.state.books.note = room.options.level;
    },
    join(room, player, { name }) {
      if (name === "nobody") throw new Error("nobody may join");
      player.row.name = name;
      player.row.x = Math.floor(room.random() * 1_000);
      player.row.y = 500;
      player.row.secret = Math.floor(room.random() * 1_000);
      player.row.team = player.id % 2 === 0 ? "red" : "blue";
      player.groups.add(player.row.team);
    },
    leave(room, player, reason) {
      room.broadcast("said", { text: `${player.row.name} left: ${reason}` });
    },
    away(_room, player) {
      player.row.mood -= 100;
    },
    back(_room, player) {
      player.row.mood += 50;
    },
    drain(room, seconds) {
      room.state.books.note = `closing in ${seconds}`;
    },
    announce(room, said) {
      room.state.books.note = said;
    },
    tick(room) {
      for (const player of room.players) {
        const { row, input } = player;
        row.x = Math.min(Math.max(row.x + input.walk * pace, 0), 60_000);
        row.away = player.away ? 1 : 0;
        if (!input.craft) continue;
        room.data.made += 1;
        room.state.goods.add({
          by: row,
          n: room.data.made,
          mark: new Uint8Array([room.data.made, player.data?.skill ?? 0]),
        });
        room.near(row.x, row.y).broadcast("made", { by: row, n: room.data.made });
        room.after(0.3, () => {
          const [oldest] = room.state.goods;
          if (oldest !== undefined) room.state.goods.remove(oldest);
        });
      }
    },
    on: {
      order(room, player, { n }) {
        room.state.books.orders += room.data.prices[n] ?? 0;
        room.group(player.row.team).broadcast("said", { text: `order ${n}` });
        player.send("said", { text: "thanks" });
        if (n > 100) player.close();
      },
      shout(room, _player, { text: said }) {
        if (said === "fire") throw new Error("do not shout fire");
        room.broadcast("said", { text: said });
      },
    },
    requests: {
      async pay(room, _player, { coins }) {
        const factor = await bank();
        return room.run(() => {
          room.state.books.paid += coins * factor;
          return { paid: room.state.books.paid };
        });
      },
    },
  });
}
