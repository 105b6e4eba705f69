import {
  bool,
  defineGame,
  list,
  oneOf,
  optional,
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
import { CARDS, SUITS } from "./cards.ts";

export const NAME_LENGTH = 16;
const ANNOUNCEMENT_BYTES = 720;

/** Places at the table. */
export const PLACES = 4;
/** How long a seat is kept for one whose connection is lost; the house plays meanwhile. */
export const GRACE_SECONDS = 120;
/** How long one may think about a turn. */
export const TURN_SECONDS = 25;

const personName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "a name, please"),
  v.maxLength(NAME_LENGTH),
  v.regex(/^[^\p{C}]+$/u, "a name has no control characters"),
);
const card = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(CARDS - 1));
const nothing = v.object({});
const playing = ["not-playing", "not-your-turn"] as const;

/**
 * Crazy Eights, for two to four: everything that travels between the room, the page and the bots. The deck never does:
 * it stays in the room, and a hand goes to its owner alone.
 */
export const eights = defineGame({
  name: "eights",
  /** A move waits 0.2 s at most, which nobody notices at a card table. */
  tickRate: 5,
  join: v.object({
    name: personName,
    bot: v.optional(v.boolean(), false),
    watch: v.optional(v.boolean(), false),
  }),
  state: {
    /** Everybody in the room. Who has no seat watches; who `waits` gets one with the next deal. */
    players: table(
      {
        name: text(NAME_LENGTH * 4),
        bot: bool,
        waits: bool,
        hand: visibleTo("owner", list(u8, CARDS)),
      },
      { owner: "player" },
    ),
    seats: table({
      place: u8,
      name: text(NAME_LENGTH * 4),
      /** Whose seat it is; `undefined`: the house's. */
      player: ref("players"),
      /** The house plays for those who are away, or asleep; it is theirs again when they are back. */
      playedBy: oneOf("self", "house"),
      /** In the hand. */
      cards: u8,
      score: u16,
      /** The hand, once a deal is over. */
      shown: list(u8, CARDS),
    }),
    match: record({
      phase: oneOf("waiting", "playing", "deal-over", "match-over"),
      deal: u16,
      /** Whose turn it is, while a deal is played. */
      turn: ref("seats"),
      /** They have drawn. */
      drew: bool,
      /** When the turn ends, or the next phase begins; 0: it does not by itself. */
      until: tick(),
      /** The top of the pile, and the suit to follow. */
      top: optional(u8),
      suit: oneOf(...SUITS),
      /** Cards that lie face down, and under the top. */
      stock: u8,
      pile: u8,
      /** Of the last deal or match. */
      winner: ref("seats"),
      points: u16,
    }),
  },
  events: {
    played: { seat: ref("seats"), card: u8, suit: oneOf(...SUITS) },
    drew: { seat: ref("seats") },
    passed: { seat: ref("seats") },
    dealt: { deal: u16 },
    notice: {
      kind: oneOf("joined", "left", "sat", "stood", "away", "back", "asleep"),
      name: text(NAME_LENGTH * 4),
    },
    announced: { text: text(ANNOUNCEMENT_BYTES) },
  },
  requests: {
    /** With an eight goes the suit that it stands for. */
    play: {
      input: v.object({ card, suit: v.optional(v.picklist(SUITS)) }),
      reply: v.object({ left: v.number() }),
      errors: [...playing, "not-in-hand", "does-not-match", "name-a-suit"],
    },
    /** One card a turn. */
    draw: {
      input: nothing,
      reply: v.object({ card }),
      errors: [...playing, "drew-already", "nothing-to-draw"],
    },
    pass: { input: nothing, reply: nothing, errors: [...playing, "draw-first"] },
    /** At once between two deals, else with the next one. */
    sit: {
      input: nothing,
      reply: v.object({ seated: v.picklist(["now", "next-deal"]) }),
      errors: ["seated-already", "table-full"],
    },
    /** From now on one watches; the house plays the hand to its end. */
    stand: { input: nothing, reply: nothing, errors: ["not-seated"] },
    /** Another player of the house's. */
    addHouse: { input: nothing, reply: nothing, errors: ["not-seated", "in-play", "table-full"] },
    /** Without waiting any longer. */
    deal: { input: nothing, reply: nothing, errors: ["not-seated", "in-play", "too-few"] },
  },
});

export type EightsSpec = (typeof eights)["spec"];
type State = EightsSpec["state"];
export type Person = RowOf<State, "players">;
export type Seat = RowOf<State, "seats">;

/** Whole ticks in so many seconds. */
export function ticks(seconds: number): number {
  return Math.round(seconds * eights.spec.tickRate);
}
