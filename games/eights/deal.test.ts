import { describe, expect, test } from "vitest";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { CARDS, type Card, cardOf, goesOn, isEight, type Suit } from "./cards.ts";
import { canDraw, type Deal, draw, isOver, newDeal, pass, play, topOf } from "./deal.ts";
import { scoreOf } from "./score.ts";
import { moveOf } from "./strategy.ts";

const allOf = ({ hands, stock, pile }: Deal): Card[] =>
  [...hands.flat(), ...stock, ...pile].toSorted((one, other) => one - other);

const whole = Array.from({ length: CARDS }, (_, card) => card);

/** A deal in its midst. */
function dealWith(hands: Card[][], change: Partial<Deal> = {}): Deal {
  const pile = change.pile ?? [cardOf("5", "hearts")];
  return { hands, stock: [], suit: "hearts", turn: 0, drew: false, idle: 0, ...change, pile };
}

const [h2, h8, s5, cK] = [
  cardOf("2", "hearts"),
  cardOf("8", "hearts"),
  cardOf("5", "spades"),
  cardOf("K", "clubs"),
];

describe("a deal", () => {
  test.each([
    [2, 7],
    [3, 5],
    [4, 5],
  ])(
    "[CAR-1] gives each of %i players %i cards, every card once, and begins with no eight",
    (players, size) => {
      for (let seed = 1; seed <= 60; seed++) {
        const deal = newDeal(players, 1, seededRandom(seed));
        expect(deal.hands.map((hand) => hand.length)).toEqual(Array(players).fill(size));
        expect(allOf(deal)).toEqual(whole);
        expect(isEight(topOf(deal.pile))).toBe(false);
        expect(deal.turn).toBe(1);
      }
    },
  );

  test("[CAR-2] a card goes on its suit or its rank, an eight on everything", () => {
    const top = cardOf("5", "hearts");
    expect([h2, s5, cK, h8].map((card) => goesOn(card, top, "hearts"))).toEqual([true, true, false, true]);
    // Under an eight the suit counts that was named.
    const suits: Suit[] = ["clubs", "hearts"];
    expect(suits.map((suit) => goesOn(cK, h8, suit))).toEqual([true, false]);
  });

  test("[CAR-2] who plays is the one whose turn it is, with a card of theirs that goes; an eight names its suit", () => {
    const deal = dealWith([
      [h2, h8, cK],
      [s5, cK],
    ]);
    expect(play(deal, 1, s5, undefined)).toEqual({ ok: false, error: "not-your-turn" });
    expect(play(deal, 0, s5, undefined)).toEqual({ ok: false, error: "not-in-hand" });
    expect(play(deal, 0, cK, undefined)).toEqual({ ok: false, error: "does-not-match" });
    expect(play(deal, 0, h8, undefined)).toEqual({ ok: false, error: "name-a-suit" });
    expect(allOf(deal)).toHaveLength(6);
    expect(play(deal, 0, h8, "clubs")).toEqual({ ok: true, value: undefined });
    expect(deal).toMatchObject({
      hands: [
        [h2, cK],
        [s5, cK],
      ],
      suit: "clubs",
      turn: 1,
    });
    // A suit that is named with another card says nothing.
    expect(play(deal, 1, cK, "hearts").ok).toBe(true);
    expect(deal).toMatchObject({ suit: "clubs", turn: 0 });
  });

  test("[CAR-3] one card is drawn a turn, and one passes only behind it", () => {
    const deal = dealWith([[cK], [s5]], { stock: [h2, h8] });
    expect(pass(deal, 0)).toEqual({ ok: false, error: "draw-first" });
    expect(draw(deal, 1, () => 0)).toEqual({ ok: false, error: "not-your-turn" });
    expect(draw(deal, 0, () => 0)).toEqual({ ok: true, value: h8 });
    expect(draw(deal, 0, () => 0)).toEqual({ ok: false, error: "drew-already" });
    expect(pass(deal, 0).ok).toBe(true);
    expect(deal).toMatchObject({ hands: [[cK, h8], [s5]], turn: 1, drew: false, idle: 0 });
  });

  test("[CAR-3] where none is face down, those under the top are shuffled", () => {
    const deal = dealWith([[cK], [s5]], { pile: [h8, s5, h2] });
    expect(draw(deal, 0, seededRandom(1)).ok).toBe(true);
    expect(deal.pile).toEqual([h2]);
    expect([...deal.stock, ...(deal.hands[0] ?? [])].toSorted()).toEqual([h8, s5, cK].toSorted());
    expect(canDraw(dealWith([[cK]]))).toBe(false);
    expect(draw(dealWith([[cK]]), 0, () => 0)).toEqual({ ok: false, error: "nothing-to-draw" });
  });

  test("[CAR-4] it is over when somebody is out of cards, who gets what the others hold", () => {
    const deal = dealWith([[h2], [s5, h8], [cK]]);
    expect(isOver(deal)).toBeUndefined();
    play(deal, 0, h2, undefined);
    expect(isOver(deal)).toBe("out");
    expect(scoreOf(deal)).toEqual({ winner: 0, points: 5 + 50 + 10 });
  });

  test("[CAR-4] it is over when nobody can move, for the cheapest hand, by what the others hold beyond it", () => {
    const deal = dealWith([[cK, s5], [s5], [cK]], { pile: [h8], suit: "hearts" });
    for (const place of [0, 1, 2]) {
      expect(isOver(deal)).toBeUndefined();
      expect(pass(deal, place).ok).toBe(true);
    }
    expect(isOver(deal)).toBe("blocked");
    expect(scoreOf(deal)).toEqual({ winner: 1, points: 10 + 5 });
    // Among equals the one who would play next.
    expect(scoreOf({ hands: [[cK], [cK]], turn: 1 })).toEqual({ winner: 1, points: 0 });
  });
});

describe("[CAR-5] the house", () => {
  const sight = { top: cardOf("5", "hearts"), suit: "hearts" as Suit, drew: false, canDraw: true };

  test("keeps its eights while anything else goes, then names the suit that it has most of", () => {
    expect(moveOf({ ...sight, hand: [h8, h2, cK] })).toEqual({ move: "play", card: h2, suit: undefined });
    const clubs = [cK, cardOf("2", "clubs"), cardOf("3", "spades")];
    expect(moveOf({ ...sight, hand: [h8, ...clubs] })).toEqual({ move: "play", card: h8, suit: "clubs" });
  });

  test("draws once where nothing goes, then passes", () => {
    expect(moveOf({ ...sight, hand: [cK] })).toEqual({ move: "draw" });
    expect(moveOf({ ...sight, hand: [cK], drew: true })).toEqual({ move: "pass" });
    expect(moveOf({ ...sight, hand: [cK], canDraw: false })).toEqual({ move: "pass" });
  });

  test("plays every deal to its end, and no card is lost or doubled", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const deal = newDeal(2 + (seed % 3), 0, random);
      let moves = 0;
      while (isOver(deal) === undefined) {
        const { turn, suit, drew } = deal;
        const hand = deal.hands[turn] ?? [];
        const move = moveOf({ hand, top: topOf(deal.pile), suit, drew, canDraw: canDraw(deal) });
        const made =
          move.move === "play"
            ? play(deal, turn, move.card, move.suit)
            : move.move === "draw"
              ? draw(deal, turn, random)
              : pass(deal, turn);
        expect(made.ok).toBe(true);
        expect(allOf(deal)).toEqual(whole);
        moves += 1;
        expect(moves).toBeLessThan(2_000);
      }
    }
  });
});
