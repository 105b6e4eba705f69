import { type Card, isEight, nameOf, rankNameOf, type Suit } from "../cards.ts";
import { eights } from "../eights.ts";
import type { GameRoom, View } from "./view.ts";

/** Why something could not be done, in a sentence. */
export const PROBLEMS: Readonly<Record<string, string>> = {
  "not-playing": "You are not in this deal.",
  "not-your-turn": "It is not your turn.",
  "not-in-hand": "You do not have that card.",
  "does-not-match": "That card matches neither suit nor rank.",
  "name-a-suit": "An eight needs a suit.",
  "drew-already": "One card a turn.",
  "nothing-to-draw": "There is nothing left to draw.",
  "draw-first": "Draw a card before you pass.",
  "seated-already": "You sit already.",
  "table-full": "All places are taken.",
  "not-seated": "You have no seat.",
  "in-play": "A deal is being played.",
  "too-few": "It takes two to play.",
  timeout: "No answer from the server.",
  closed: "Not connected.",
  lost: "Not connected.",
};

/** Who somebody is, to whoever reads the page. */
export function youOr(name: string | undefined, isYou: boolean): string {
  return isYou ? "You" : (name ?? "Somebody");
}

/** What is to be done, in a sentence. */
export function messageOf(room: GameRoom, view: View): string {
  const { match, seats } = room.state;
  const { seat, myTurn } = view;
  switch (match.phase) {
    case "waiting":
      if (seats.size >= 2) return `The first deal is in ${view.secondsLeft} s.`;
      return seat === undefined ? "Nobody plays yet." : "Invite somebody, or play with the house.";
    case "playing": {
      if (match.turn === undefined || match.top === undefined) return "";
      if (!myTurn) return waitingFor(room, view);
      if (seat?.playedBy === "house") return "The house plays for you. Do something to play on.";
      if (match.drew) return view.playable.length > 0 ? "Play a card, or pass." : "Nothing goes. Pass.";
      if (view.playable.length > 0) return `Your turn: ${whatGoes(match.top, match.suit)}.`;
      return view.canDraw ? `Nothing goes on ${nameOf(match.top)}. Draw a card.` : "Nothing goes. Pass.";
    }
    case "deal-over":
    case "match-over": {
      const winner = youOr(match.winner?.name, match.winner?.id === seat?.id && seat !== undefined);
      const next = `Next deal in ${view.secondsLeft} s.`;
      const points = `${match.points} ${match.points === 1 ? "point" : "points"}`;
      return match.phase === "match-over"
        ? `${winner} ${winner === "You" ? "win" : "wins"} the match! ${next}`
        : `${winner} ${winner === "You" ? "get" : "gets"} ${points}. ${next}`;
    }
  }
}

/** "a spade or a queen". */
function whatGoes(top: Card, suit: Suit): string {
  const ofSuit = `a ${suit.slice(0, -1)}`;
  if (isEight(top)) return ofSuit;
  const rank = rankNameOf(top);
  return `${ofSuit} or ${rank === "ace" ? "an" : "a"} ${rank}`;
}

function waitingFor({ state: { match }, me }: GameRoom, { seat }: View): string {
  const name = match.turn?.name ?? "Somebody";
  if (seat !== undefined && seat.cards > 0) return `${name} is to move.`;
  return me?.waits ? `${name} is to move. You play with the next deal.` : `${name} is to move. You watch.`;
}

/** Seconds until a tick, never below 0. */
export function secondsUntil(until: number, tick: number): number {
  return Math.max(0, Math.ceil((until - tick) / eights.spec.tickRate));
}
