import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../../server/room/define-room.ts";
import { defineGame, fixed, held, i16, pressed, record, table, u16 } from "../../../shared/game.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Dice } from "../dice.ts";

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
      { number: u16, at: fixed(-ORCHARD_WIDTH, ORCHARD_WIDTH, 0.5), picked: u16 },
      { owner: "player" },
    ),
    apples: table({ at: fixed(-ORCHARD_WIDTH, ORCHARD_WIDTH, 0.5), ripeness: u16 }),
  },
  input: { pace: held(i16), pick: pressed() },
  messages: { lock: v.object({ whether: v.boolean() }), hide: v.object({}) },
});

/** What a forge does wrong, as its players ask for it. */
export const FORGE_FAULTS = ["none", "load", "create", "join", "tick", "message", "slow"] as const;
export type ForgeFault = (typeof FORGE_FAULTS)[number];

/** A game whose own code fails. */
export const forge = defineGame({
  name: "forge",
  tickRate: 10,
  join: v.object({ number: v.number() }),
  state: { smiths: table({ number: u16, blows: u16 }, { owner: "player" }), fire: record({ heat: u16 }) },
  input: { strike: pressed() },
  messages: { quench: v.object({}) },
});

/** What the games write down. */
export interface TownBooks {
  /** A press acted for the client of that number. */
  acted(number: number): void;
}

/** The games of a town as a server hosts them. `clock` is the process's. */
export function townRooms(clock: Clock, dice: Dice, books: TownBooks): readonly RoomDefinition[] {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  return [
    defineRoom(orchard, {
      maxPlayers: ORCHARD_SEATS,
      graceMs: 3_000,
      emptyForMs: 500,
      options: v.object({ sort: v.optional(v.picklist(["red", "green"]), "red") }),
      load: () => wait(dice.pick([0, 0, 30, 200])),
      join(_room, player, { number }) {
        player.row.number = number;
      },
      tick(room) {
        for (const { row, input } of room.players) {
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
        lock(room, _player, { whether }) {
          if (whether) room.lock();
          else room.unlock();
        },
        hide(room) {
          room.setVisibility(room.visibility === "public" ? "private" : "public");
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
      join(room, player, { number }) {
        if (room.data === "join" && room.random() < 0.5) throw new Error("no hammer");
        player.row.number = number;
      },
      tick(room) {
        room.state.fire.heat = (room.state.fire.heat + 1) % 1_000;
        for (const { row, input } of room.players) {
          if (!input.strike) continue;
          row.blows += 1;
          books.acted(row.number);
        }
        if (room.data === "tick" && room.random() < 0.02) throw new Error("the roof came down");
      },
      on: {
        quench(room) {
          if (room.data === "message") throw new Error("no water");
        },
      },
    }),
  ];
}
