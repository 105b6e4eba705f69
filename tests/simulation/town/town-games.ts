import * as v from "valibot";
import { defineRoom, type LeaveReason, type RoomDefinition } from "../../../server/room/define-room.ts";
import type { Room } from "../../../server/room/room.ts";
import { defineGame, fixed, held, i16, pressed, record, table, u16, u32 } from "../../../shared/game.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Dice } from "../dice.ts";
import type { TownTold } from "./chronicle.ts";

/** Few seats, so that a handful of players needs several rooms. */
export const ORCHARD_SEATS = 3;
const ORCHARD_WIDTH = 50;

/** Rooms by options, filled and left by players who move and press. */
export const orchard = defineGame({
  name: "orchard",
  tickRate: 20,
  join: v.object({ number: v.number() }),
  state: {
    pickers: table(
      { number: u16, at: fixed(-ORCHARD_WIDTH, ORCHARD_WIDTH, 0.5), picked: u16, heard: u16 },
      { owner: "player" },
    ),
    apples: table({ at: fixed(-ORCHARD_WIDTH, ORCHARD_WIDTH, 0.5), ripeness: u16 }),
  },
  input: { pace: held(i16), pick: pressed() },
  events: { fell: { n: u32 }, whisper: { n: u32 } },
  messages: {
    note: v.object({ n: v.number() }),
    lock: v.object({ n: v.number(), whether: v.boolean() }),
    hide: v.object({ n: v.number() }),
  },
  requests: {
    weigh: { input: v.object({ n: v.number(), waitMs: v.number() }), reply: v.object({ twice: v.number() }) },
  },
});

/** What a forge does wrong, as its players ask for it. */
export const FORGE_FAULTS = ["none", "none", "load", "create", "join", "tick", "message", "restore"] as const;
export type ForgeFault = (typeof FORGE_FAULTS)[number];

/** A game whose own code fails. */
export const forge = defineGame({
  name: "forge",
  tickRate: 10,
  join: v.object({ number: v.number() }),
  state: {
    smiths: table({ number: u16, blows: u16, heard: u16 }, { owner: "player" }),
    fire: record({ heat: u16 }),
  },
  input: { strike: pressed() },
  events: { spark: { n: u32 } },
  messages: { note: v.object({ n: v.number() }), quench: v.object({ n: v.number() }) },
});

/** What the games write down. */
export interface TownBooks {
  /** A press acted for the client of that number. */
  acted(number: number): void;
  /** Something is told in a room: the number that it is told under. */
  told(room: Room, to: TownTold["to"]): number;
  /** A call is taken, which the game counts in the row of its player, too. */
  taken(room: Room, n: number): void;
  /** The client of that number has left. */
  left(room: Room, number: number, reason: LeaveReason): void;
  /** A room goes on that saved its tick with itself. */
  restored(room: Room, savedAt: number): void;
}

/** The games of a town as a server hosts them. `clock` is the process's. */
export function townRooms(clock: Clock, dice: Dice, books: TownBooks): readonly RoomDefinition[] {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const take = (room: unknown, { row }: { readonly row: { heard: number } }, n: number): undefined => {
    row.heard += 1;
    books.taken(room as Room, n);
  };
  return [
    defineRoom(orchard, {
      maxPlayers: ORCHARD_SEATS,
      graceMs: 6_000,
      emptyForMs: 500,
      options: v.object({ sort: v.optional(v.picklist(["red", "green"]), "red") }),
      load: () => wait(dice.pick([0, 0, 30, 200])),
      save: (room) => ({ tick: room.tick }),
      restore: (room, { tick }) => void books.restored(room as unknown as Room, tick),
      join(_room, player, { number }) {
        player.row.number = number;
      },
      leave: (room, { row }, reason) => void books.left(room as unknown as Room, row.number, reason),
      tick(room) {
        if (room.random() < 0.2) room.broadcast("fell", { n: books.told(room as unknown as Room, "all") });
        for (const player of room.players) {
          const { row, input } = player;
          if (room.random() < 0.1)
            player.send("whisper", { n: books.told(room as unknown as Room, { player: player.id }) });
          row.at = Math.min(Math.max(row.at + input.pace / 4, -ORCHARD_WIDTH), ORCHARD_WIDTH);
          if (!input.pick) continue;
          row.picked += 1;
          books.acted(row.number);
        }
        const { apples } = room.state;
        if (room.random() < 0.1) apples.add({ at: room.random() * 20 });
        for (const apple of apples) {
          apple.ripeness += 1;
          if (apple.ripeness > 40) apples.remove(apple);
        }
      },
      on: {
        note: (room, player, { n }) => take(room, player, n),
        lock(room, player, { n, whether }) {
          take(room, player, n);
          if (whether) room.lock();
          else room.unlock();
        },
        hide(room, player, { n }) {
          take(room, player, n);
          room.setVisibility(room.visibility === "public" ? "private" : "public");
        },
      },
      requests: {
        async weigh(room, player, { n, waitMs }) {
          take(room, player, n);
          if (waitMs > 0) await wait(waitMs);
          return { twice: 2 * n };
        },
      },
    }),
    defineRoom(forge, {
      maxPlayers: 4,
      graceMs: 1_000,
      options: v.object({ fault: v.optional(v.picklist(FORGE_FAULTS), "none") }),
      async load({ fault }) {
        await wait(20);
        if (fault === "load") throw new Error("no iron");
        return fault;
      },
      data: (fault: ForgeFault) => fault,
      create(room) {
        if (room.data === "create") throw new Error("no anvil");
      },
      restore(room) {
        if (room.data === "restore" && room.random() < 0.5) throw new Error("the fire is out");
      },
      join(room, player, { number }) {
        if (room.data === "join" && room.random() < 0.5) throw new Error("no hammer");
        player.row.number = number;
      },
      leave: (room, { row }, reason) => void books.left(room as unknown as Room, row.number, reason),
      tick(room) {
        room.state.fire.heat = (room.state.fire.heat + 1) % 1_000;
        if (room.random() < 0.1) room.broadcast("spark", { n: books.told(room as unknown as Room, "all") });
        for (const { row, input } of room.players) {
          if (!input.strike) continue;
          row.blows += 1;
          books.acted(row.number);
        }
        if (room.data === "tick" && room.random() < 0.02) throw new Error("the roof came down");
      },
      on: {
        note: (room, player, { n }) => take(room, player, n),
        quench(room, player, { n }) {
          take(room, player, n);
          if (room.data === "message") throw new Error("no water");
        },
      },
    }),
  ];
}
