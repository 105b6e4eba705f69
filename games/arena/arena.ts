import {
  angle,
  bool,
  bytes,
  defineGame,
  fixed,
  held,
  interpolated,
  oneOf,
  optional,
  pressed,
  type RowOf,
  record,
  ref,
  table,
  text,
  tick,
  u8,
  u16,
  visibleTo,
} from "tickcast/game";
import * as v from "valibot";
import { step } from "./step.ts";
import { CELL } from "./view.ts";
import { WORLD_SIZE } from "./world.ts";

export const NAME_LENGTH = 16;
const CHAT_LENGTH = 120;
const ANNOUNCEMENT_BYTES = 720;

/** How long the ship of one whose connection is lost is kept. */
export const GRACE_SECONDS = 20;

/** Colours a ship comes in; which they are is the page's business. */
export const COLOURS = 8;

/** The radar tells of squares as large as the cells that players follow: so many in a row, row by row. */
export const RADAR_SIDE = Math.ceil(WORLD_SIZE / CELL);

const pilotName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "a name, please"),
  v.maxLength(NAME_LENGTH),
  v.regex(/^[^\p{C}]+$/u, "a name has no control characters"),
);
const coordinate = fixed(0, WORLD_SIZE, 0.1);
/** Farther than any ship goes in a tick, dashing included: it appeared elsewhere. */
const JUMP = 100;
const shipCoordinate = interpolated(coordinate, { teleport: JUMP });

/** Everything that travels between the room, the page and the bots. */
export const arena = defineGame({
  name: "arena",
  tickRate: 20,
  join: v.object({
    name: pilotName,
    colour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(COLOURS - 1)), 0),
    bot: v.optional(v.boolean(), false),
  }),
  state: {
    players: table(
      {
        name: text(48),
        colour: u8,
        bot: bool,
        x: shipCoordinate,
        y: shipCoordinate,
        aim: interpolated(angle()),
        /**
         * `ghost`: just back, and out of harm's way for a moment. `away`: the pilot's connection is lost; until they
         * return nobody and nothing touches the ship.
         */
        life: interpolated(oneOf("alive", "ghost", "dead", "away")),
        hp: interpolated(u8),
        shield: interpolated(u8),
        weapon: oneOf("single", "rapid", "spread"),
        /** The first tick without the thrust of the last dash. */
        dashUntil: tick(),
        /** This round's. */
        score: u16,
        deaths: u16,
        /** Rounds won since joining. */
        wins: u8,
        /** In the order of kills; whoever has as many shares it. */
        place: visibleTo("owner", u16),
        weaponUntil: visibleTo("owner", tick()),
        respawnAt: visibleTo("owner", tick()),
      },
      { owner: "player", position: ["x", "y"] },
    ),
    /**
     * A bullet flies straight at one speed, so its row is written once: where, which way and when it was
     * fired. Players compute where it is, and a bullet in flight costs no byte, until it comes into another
     * cell: there it is written anew, for those who begin to see it.
     */
    bullets: table(
      { x: coordinate, y: coordinate, heading: angle(4096), bornAt: tick(), by: ref("players") },
      { position: ["x", "y"] },
    ),
    pickups: table(
      { x: coordinate, y: coordinate, kind: oneOf("health", "rapid", "spread", "shield") },
      { position: ["x", "y"] },
    ),
    match: record({
      phase: oneOf("live", "over"),
      round: u16,
      endsAt: tick(),
      /** In the room, in sight or not. */
      players: u16,
      /** While the phase is `over`; empty where nobody scored. */
      winner: text(48),
    }),
    /** The best of the round, for everybody: those who lead are rarely in sight. `ship` is there where they are. */
    leaders: table({
      place: u8,
      ship: ref("players"),
      name: text(48),
      colour: u8,
      bot: bool,
      score: u16,
      deaths: u16,
      wins: u8,
    }),
    /** What everybody knows of the whole map, roughly and now and then. */
    radar: record({
      /** How many ships fly in each square, 255 standing for more, too. */
      ships: bytes(RADAR_SIDE ** 2),
      /** The square with the leader; as many as there are squares: nobody leads. */
      leader: u8,
    }),
  },
  input: {
    move: held(angle(), "optional"),
    aim: held(angle()),
    fire: held(bool),
    dash: pressed(),
  },
  predict: { table: "players", step },
  events: {
    // Told where they happen.
    hit: { on: ref("players"), by: ref("players"), damage: u8, shielded: bool },
    died: { who: ref("players"), by: ref("players") },
    pickedUp: { who: ref("players"), kind: oneOf("health", "rapid", "spread", "shield") },
    // Told to whom they concern, in sight or not: so they name ships in words.
    killed: { who: text(48), whoColour: u8, by: text(48), byColour: u8 },
    chat: { from: ref("players"), name: text(48), colour: u8, text: text(CHAT_LENGTH * 3) },
    /** `name` and `before` are there where the kind has use for them. */
    notice: {
      kind: oneOf("joined", "left", "renamed", "round-started", "round-over", "chat-too-fast"),
      name: text(48),
      before: optional(text(48)),
    },
    /** By whoever runs the server. */
    announced: { text: text(ANNOUNCEMENT_BYTES) },
  },
  messages: {
    /** How the player's window lies: they see farther along its longer side. */
    view: v.object({ shape: v.picklist(["wide", "tall"]) }),
    chat: v.object({ text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(CHAT_LENGTH)) }),
  },
  requests: {
    rename: {
      input: v.object({ name: pilotName }),
      reply: v.object({ name: v.string() }),
      errors: ["taken", "too-soon"],
    },
  },
});

export type ArenaSpec = (typeof arena)["spec"];
type State = ArenaSpec["state"];
export type Ship = RowOf<State, "players">;
export type Bullet = RowOf<State, "bullets">;
type Pickup = RowOf<State, "pickups">;
export type Match = RowOf<State, "match">;
export type Leader = RowOf<State, "leaders">;
export type PickupKind = Pickup["kind"];

export const TICKS_PER_SECOND = arena.spec.tickRate;

/** Whole ticks in so many seconds. */
export function ticks(seconds: number): number {
  return Math.round(seconds * TICKS_PER_SECOND);
}
