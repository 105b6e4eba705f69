import { type Card, goesOn, isEight, newDeck, type Suit, shuffle, suitOf } from "./cards.ts";

/** One deal, from the first card to the last: all of it, so nothing of this is synchronised as it stands. */
export interface Deal {
  /** By place at the table. */
  readonly hands: readonly Card[][];
  /** Face down; the last is drawn next. */
  stock: Card[];
  /** Face up; the last is on top. */
  pile: Card[];
  /** To be followed. */
  suit: Suit;
  /** The place whose turn it is. */
  turn: number;
  /** They have drawn their one card of this turn. */
  drew: boolean;
  /** Turns in a row in which nobody could do anything. */
  idle: number;
}

/** What came of a move; why it cannot be made is said as the game's requests do. */
export type Moved<Failed extends string, Value = undefined> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failed };

export type Played = Moved<"not-your-turn" | "not-in-hand" | "does-not-match" | "name-a-suit">;
export type Drawn = Moved<"not-your-turn" | "drew-already" | "nothing-to-draw", Card>;
export type Passed = Moved<"not-your-turn" | "draw-first">;

const FEW = 2;

/** Deals to so many players: seven cards to each of two, five to each of more. `first` is the place that begins. */
export function newDeal(players: number, first: number, random: () => number): Deal {
  const stock = newDeck(random);
  const size = players <= FEW ? 7 : 5;
  const hands = Array.from({ length: players }, () => stock.splice(-size));
  // An eight to begin with would leave the suit to nobody: it goes to the bottom.
  while (isEight(topOf(stock))) stock.unshift(stock.pop() as Card);
  const pile = stock.splice(-1);
  return { hands, stock, pile, suit: suitOf(topOf(pile)), turn: first, drew: false, idle: 0 };
}

export function topOf(cards: readonly Card[]): Card {
  const top = cards.at(-1);
  if (top === undefined) throw new Error("there is no card on top of none");
  return top;
}

/** Whether there is anything left to draw, with what lies under the top of the pile. */
export function canDraw({ stock, pile }: Deal): boolean {
  return stock.length + pile.length > 1;
}

/** Plays a card of the hand whose turn it is; with an eight goes the suit that it stands for. */
export function play(deal: Deal, place: number, card: Card, suit: Suit | undefined): Played {
  const hand = handAt(deal, place);
  if (deal.turn !== place) return refused("not-your-turn");
  if (!hand.includes(card)) return refused("not-in-hand");
  if (!goesOn(card, topOf(deal.pile), deal.suit)) return refused("does-not-match");
  if (isEight(card) && suit === undefined) return refused("name-a-suit");
  hand.splice(hand.indexOf(card), 1);
  deal.pile.push(card);
  deal.suit = isEight(card) ? (suit ?? suitOf(card)) : suitOf(card);
  deal.idle = 0;
  endTurn(deal);
  return { ok: true, value: undefined };
}

/** Draws the one card that a turn allows. Where none is face down, those under the top are shuffled. */
export function draw(deal: Deal, place: number, random: () => number): Drawn {
  if (deal.turn !== place) return refused("not-your-turn");
  if (deal.drew) return refused("drew-already");
  if (!canDraw(deal)) return refused("nothing-to-draw");
  if (deal.stock.length === 0) {
    const top = deal.pile.splice(-1);
    deal.stock = shuffle(deal.pile, random);
    deal.pile = top;
  }
  const card = topOf(deal.stock);
  deal.stock.pop();
  handAt(deal, place).push(card);
  deal.drew = true;
  return { ok: true, value: card };
}

/** Ends the turn without a card: only after one was drawn, or where there is none. */
export function pass(deal: Deal, place: number): Passed {
  if (deal.turn !== place) return refused("not-your-turn");
  if (!deal.drew && canDraw(deal)) return refused("draw-first");
  deal.idle = deal.drew ? 0 : deal.idle + 1;
  endTurn(deal);
  return { ok: true, value: undefined };
}

/** Whether somebody is out of cards, or nobody can move any more. */
export function isOver(deal: Deal): "out" | "blocked" | undefined {
  if (deal.hands.some((hand) => hand.length === 0)) return "out";
  return deal.idle >= deal.hands.length ? "blocked" : undefined;
}

export function handAt(deal: Deal, place: number): Card[] {
  const hand = deal.hands[place];
  if (hand === undefined) throw new RangeError(`nobody was dealt in at place ${place}`);
  return hand;
}

function endTurn(deal: Deal): void {
  deal.turn = (deal.turn + 1) % deal.hands.length;
  deal.drew = false;
}

function refused<Failed extends string>(error: Failed): { readonly ok: false; readonly error: Failed } {
  return { ok: false, error };
}
