import type { ClientRoom } from "tickcast/client";
import { type Card, goesOn, RANKS, rankOf, type SUITS, suitOf } from "../cards.ts";
import type { EightsSpec } from "../eights.ts";
import { secondsUntil } from "./words.ts";

export type GameRoom = ClientRoom<EightsSpec>;
export type SeatRow = NonNullable<ReturnType<GameRoom["state"]["seats"]["get"]>>;

/** What the page shows, as it follows from the room. */
export interface View {
  /** One's own; `undefined`: one watches. */
  readonly seat: SeatRow | undefined;
  readonly others: readonly SeatRow[];
  readonly myTurn: boolean;
  /** Sorted by suit and rank. */
  readonly hand: readonly Card[];
  /** What of it goes now. */
  readonly playable: readonly Card[];
  readonly canDraw: boolean;
  readonly secondsLeft: number;
}

export function viewOf({ state, me, tick }: GameRoom): View {
  const { match } = state;
  const seats = [...state.seats].toSorted((one, other) => one.place - other.place);
  const mine = me === undefined ? -1 : seats.findIndex(({ player }) => player?.id === me.id);
  const seat = seats[mine];
  const myTurn = match.phase === "playing" && seat !== undefined && match.turn?.id === seat.id;
  const hand = (me?.hand ?? []).toSorted((one, other) => order(one) - order(other));
  const { top, suit } = match;
  return {
    seat,
    // As one sits: who plays next comes first.
    others: [...seats.slice(mine + 1), ...seats.slice(0, Math.max(mine, 0))],
    myTurn,
    hand,
    playable: myTurn && top !== undefined ? hand.filter((card) => goesOn(card, top, suit)) : [],
    canDraw: myTurn && !match.drew && match.stock + match.pile > 1,
    secondsLeft: secondsUntil(match.until, tick),
  };
}

/** Suits by turns of colour, so that neighbours in the hand are told apart. */
const ORDER = ["spades", "hearts", "clubs", "diamonds"] satisfies readonly (typeof SUITS)[number][];

function order(card: Card): number {
  return ORDER.indexOf(suitOf(card)) * RANKS.length + rankOf(card);
}
