import { type Card, goesOn, isEight, pointsOf, SUITS, type Suit, suitOf } from "./cards.ts";

/** What somebody with a turn knows: their own hand, and what lies open. */
export interface Sight {
  readonly hand: readonly Card[];
  readonly top: Card;
  readonly suit: Suit;
  readonly drew: boolean;
  readonly canDraw: boolean;
}

export type Move =
  | { readonly move: "play"; readonly card: Card; readonly suit: Suit | undefined }
  | { readonly move: "draw" }
  | { readonly move: "pass" };

/**
 * Plays as a careful person does: the dearest card that goes, of the suit that one has most of; an eight only where
 * nothing else goes. The house plays by it for who is away, and bots do.
 */
export function moveOf({ hand, top, suit, drew, canDraw }: Sight): Move {
  const fitting = hand.filter((card) => goesOn(card, top, suit));
  const plain = fitting.filter((card) => !isEight(card));
  const best = plain.toSorted((one, other) => worth(other, hand) - worth(one, hand))[0];
  if (best !== undefined) return { move: "play", card: best, suit: undefined };
  const [eight] = fitting;
  if (eight !== undefined) return { move: "play", card: eight, suit: favourite(hand, eight) };
  return !drew && canDraw ? { move: "draw" } : { move: "pass" };
}

function worth(card: Card, hand: readonly Card[]): number {
  return hand.filter((other) => suitOf(other) === suitOf(card)).length * 20 + pointsOf(card);
}

/** The suit that one has most of, beside the eight that names it. */
function favourite(hand: readonly Card[], eight: Card): Suit {
  const others = hand.filter((card) => card !== eight && !isEight(card));
  const count = (suit: Suit): number => others.filter((card) => suitOf(card) === suit).length;
  return SUITS.toSorted((one, other) => count(other) - count(one))[0] ?? "clubs";
}
