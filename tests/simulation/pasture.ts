import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
import { fail, refuse } from "../../server/room/outcomes.ts";
import {
  defineGame,
  fixed,
  held,
  i16,
  interpolated,
  oneOf,
  optional,
  pressed,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  u32,
  visibleTo,
} from "../../shared/game.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Ledger } from "./ledger.ts";

export const WORLD = 100;
export const CELL = 20;
export const PERIOD_MS = 50;
/** The name of those whom the game does not admit. */
export const WOLF = "wolf";

/** Groups that walkers and signs can belong to. */
export const HERDS = ["dark", "light", "spotted"] as const;
export const SIGN_GROUPS = [1, 2] as const;
export const GROUPS: readonly [string | number, ...(string | number)[]] = [...HERDS, ...SIGN_GROUPS];

const coordinate = fixed(-WORLD, WORLD, 0.5);
const walkersCoordinate = interpolated(coordinate, { teleport: 20 });

/** Half units, to the edge of the world. */
function moved(at: number, by: number): number {
  return Math.min(Math.max(at + by / 2, -WORLD), WORLD);
}

/** A game with one of everything that crosses the wire, for simulated players. */
export const pasture = defineGame({
  name: "pasture",
  tickRate: 1000 / PERIOD_MS,
  /** `waitMs`: how long admission takes. */
  join: v.object({ name: v.string(), waitMs: v.number() }),
  state: {
    walkers: table(
      {
        name: visibleTo("room", text(8)),
        x: walkersCoordinate,
        y: walkersCoordinate,
        mood: u8,
        hops: u16,
        purse: visibleTo("owner", u8),
        herd: visibleTo("room", optional(oneOf(...HERDS))),
        plan: visibleTo("group", u16),
      },
      { owner: "player", position: ["x", "y"], group: "herd" },
    ),
    crumbs: table({ x: coordinate, y: coordinate, n: u16, by: ref("walkers") }, { position: ["x", "y"] }),
    scores: table({ n: u16 }),
    weather: record({ wind: u8 }),
    signs: table({ of: optional(u8), n: u16 }, { group: "of", visibleTo: "group" }),
  },
  /** In half units a tick. */
  input: { dx: held(i16), dy: held(i16), hop: pressed() },
  predict: {
    table: "walkers",
    step(row, { dx, dy, hop }) {
      row.x = moved(row.x, dx);
      row.y = moved(row.y, dy);
      if (hop) row.hops += 1;
    },
  },
  events: { rustle: { n: u32, from: ref("crumbs") } },
  messages: {
    note: v.object({ n: v.number() }),
    look: v.object({ at: v.array(v.object({ x: v.number(), y: v.number() })), far: v.boolean() }),
    stumble: v.object({}),
    side: v.object({ herd: v.optional(v.picklist(HERDS)) }),
    follow: v.object({ group: v.union([v.string(), v.number()]), whether: v.boolean() }),
  },
  requests: {
    double: {
      input: v.object({ n: v.number(), waitMs: v.number() }),
      reply: v.object({ twice: v.number() }),
      errors: ["odd"],
    },
  },
});

export type Pasture = typeof pasture.spec;

/** Rooms whose hooks write down what reaches them. */
export function pastureRoom(
  clock: Clock,
  ledger: Ledger,
  maxPlayers: number,
  graceMs: number,
): RoomDefinition {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  return defineRoom(pasture, {
    maxPlayers,
    graceMs,
    emptyForMs: Number.POSITIVE_INFINITY,
    interest: { cellSize: CELL },
    async admit({ join: { name, waitMs } }) {
      if (waitMs > 0) await wait(waitMs);
      return name === WOLF ? refuse("no wolves") : undefined;
    },
    join(room, player, { name }) {
      const along = Math.floor(room.random() * 9 - 4) * CELL;
      Object.assign(player.row, { name, x: along + room.random() * 4 - 2, y: room.random() * 40 - 20 });
      player.row.purse = player.id % 200;
      ledger.joined(player);
      ledger.tell({ player: player.id }, (value) => player.send("rustle", value));
    },
    leave(_room, player, reason) {
      ledger.left(player, reason, player.row.hops);
    },
    tick(room) {
      for (const { row, input } of room.players) pasture.spec.predict.step(row, input);
    },
    on: {
      note: (_room, player, { n }) => ledger.noted(player, n),
      look(_room, player, { at, far }) {
        player.lookAt(far ? "everything" : at.length === 0 ? "own-row" : at);
      },
      side(_room, player, { herd }) {
        player.row.herd = herd;
        player.row.plan += 1;
      },
      follow(_room, { groups }, { group, whether }) {
        if (whether) groups.add(group);
        else groups.delete(group);
      },
      stumble() {
        throw new Error("stumbled");
      },
    },
    requests: {
      async double(_room, player, { n, waitMs }) {
        ledger.asked(player, n);
        if (waitMs > 0) await wait(waitMs);
        return n % 2 === 1 ? fail("odd") : { twice: 2 * n };
      },
    },
  });
}
