import { defineGame, record, u16 } from "../../shared/game.ts";
import { defineRoom } from "./define-room.ts";

const clock = defineGame({ name: "clock", tickRate: 20, state: { time: record({ seconds: u16 }) } });

/** What `save` returns is what `restore` is given. */
export const room = defineRoom(clock, {
  data: () => ({ laps: [1, 2] }),
  save: (room) => ({ laps: room.data.laps, at: room.tick as number }),
  restore(room, { laps, at }) {
    room.data.laps = [...laps, at];
    // @ts-expect-error a number has no length
    at.length;
  },
});

/** Plain data is enough: nothing at all, a number, bytes. */
export const small = [
  defineRoom(clock, { save: () => 5, restore: (_room, five) => void five.toFixed(1) }),
  defineRoom(clock, { save: () => new Uint8Array(2), restore: (_room, bytes) => void bytes.byteLength }),
  defineRoom(clock, { restore: (_room, nothing) => void (nothing satisfies undefined) }),
];

export const wrong = [
  // @ts-expect-error a Map does not outlive MessagePack
  defineRoom(clock, { save: () => new Map([[1, 2]]) }),
  // @ts-expect-error nor does a function
  defineRoom(clock, { save: () => ({ later: () => 5 }) }),
  // @ts-expect-error nothing is awaited between two ticks
  defineRoom(clock, { save: async () => 5 }),
  // @ts-expect-error a hook of a tick returns nothing
  defineRoom(clock, { restore: () => 5 }),
];
