/** A card as it travels: suit × 13 + rank. */
export type Card = number;

export const SUITS = ["clubs", "diamonds", "hearts", "spades"] as const;
export type Suit = (typeof SUITS)[number];

/** In order, an ace first; `rankOf` gives the place. */
export const RANKS = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"] as const;

export const CARDS = SUITS.length * RANKS.length;

/** Its place in {@link RANKS}. */
const EIGHT = 7;
const JACK = 10;

export function rankOf(card: Card): number {
  return card % RANKS.length;
}

export function suitOf(card: Card): Suit {
  return SUITS[Math.floor(card / RANKS.length)] ?? "clubs";
}

export function cardOf(rank: (typeof RANKS)[number], suit: Suit): Card {
  return SUITS.indexOf(suit) * RANKS.length + RANKS.indexOf(rank);
}

/** An eight goes on everything, and whoever plays it names the suit to follow. */
export function isEight(card: Card): boolean {
  return rankOf(card) === EIGHT;
}

/** What a card costs whoever still holds it when somebody goes out. */
export function pointsOf(card: Card): number {
  if (isEight(card)) return 50;
  return rankOf(card) >= JACK ? 10 : rankOf(card) + 1;
}

export function pointsIn(hand: readonly Card[]): number {
  return hand.reduce((sum, card) => sum + pointsOf(card), 0);
}

/** Whether a card may be played on that one, where this suit is to be followed. */
export function goesOn(card: Card, top: Card, suit: Suit): boolean {
  return isEight(card) || suitOf(card) === suit || rankOf(card) === rankOf(top);
}

const NAMES: Readonly<Record<string, string>> = { A: "ace", J: "jack", Q: "queen", K: "king" };

/** "queen". */
export function rankNameOf(card: Card): string {
  const rank = RANKS[rankOf(card)] ?? "";
  return NAMES[rank] ?? rank;
}

/** "queen of hearts", for those who hear the page. */
export function nameOf(card: Card): string {
  return `${rankNameOf(card)} of ${suitOf(card)}`;
}

/** Shuffles in place, by Fisher and Yates. */
export function shuffle(cards: Card[], random: () => number): Card[] {
  for (let last = cards.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [cards[last], cards[other]] = [cards[other] as Card, cards[last] as Card];
  }
  return cards;
}

export function newDeck(random: () => number): Card[] {
  return shuffle(
    Array.from({ length: CARDS }, (_, card) => card),
    random,
  );
}
