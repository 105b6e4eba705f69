import type { Card, Suit } from "./cards.ts";
import {
  canDraw,
  type Deal,
  type Drawn,
  draw,
  handAt,
  isOver,
  newDeal,
  type Passed,
  type Played,
  pass,
  play,
  topOf,
} from "./deal.ts";
import { PLACES, type Seat, TURN_SECONDS, ticks } from "./eights.ts";
import { scoreOf, TARGET } from "./score.ts";
import { isDeserted, list, settle } from "./seating.ts";
import { moveOf } from "./strategy.ts";
import { comes, type EightsRoom, seatsOf } from "./table.ts";

/** From the second player on others have so long to come. */
const START_SECONDS = 8;
/** The house takes its time, so that one sees what it does. */
const HOUSE_SECONDS = 1.2;
/** One who is away gets so long to come back before the house moves. */
const AWAY_SECONDS = 3;
const DEAL_OVER_SECONDS = 9;
const MATCH_OVER_SECONDS = 14;
/** After so many turns in a row that the clock ended, the house plays until one does something. */
const SLEEPS = 2;

/** Begins the countdown to the first deal where there are two, and ends it where there are not any more. */
export function awaitDeal(room: EightsRoom): void {
  const { match, seats } = room.state;
  if (match.phase !== "waiting") return;
  if (seats.size < 2) {
    room.data.callOff();
    match.until = 0;
  } else if (match.until === 0) {
    match.until = room.tick + ticks(START_SECONDS);
    comes(room, START_SECONDS, () => deal(room));
  }
}

export function deal(room: EightsRoom): void {
  const { data } = room;
  const { match } = room.state;
  settle(room);
  const seats = seatsOf(room);
  for (const seat of seats) seat.shown = [];
  if (seats.length < 2) {
    wait(room);
    return;
  }
  if (match.phase === "match-over") for (const seat of seats) seat.score = 0;
  const first = Math.max(
    0,
    seats.findIndex(({ place }) => place >= data.nextFirst),
  );
  data.nextFirst = ((seats[first]?.place ?? 0) + 1) % PLACES;
  data.dealtIn = seats;
  data.deal = newDeal(seats.length, first, () => room.random());
  match.phase = "playing";
  match.deal += 1;
  match.winner = undefined;
  match.points = 0;
  room.broadcast("dealt", { deal: match.deal });
  show(room, data.deal);
  beginTurn(room);
}

/** What the one with the turn does; the error where it cannot be done. */
export function playCard(room: EightsRoom, seat: Seat, card: Card, suit: Suit | undefined): Played {
  const { deal, place } = dealOf(room, seat);
  const played = play(deal, place, card, suit);
  if (!played.ok) return played;
  room.broadcast("played", { seat, card, suit: deal.suit });
  afterMove(room, deal);
  return played;
}

export function drawCard(room: EightsRoom, seat: Seat): Drawn {
  const { deal, place } = dealOf(room, seat);
  const drawn = draw(deal, place, () => room.random());
  if (!drawn.ok) return drawn;
  room.broadcast("drew", { seat });
  show(room, deal);
  return drawn;
}

export function passTurn(room: EightsRoom, seat: Seat): Passed {
  const { deal, place } = dealOf(room, seat);
  const passed = pass(deal, place);
  if (!passed.ok) return passed;
  room.broadcast("passed", { seat });
  afterMove(room, deal);
  return passed;
}

/** The house plays for a seat from now on. */
export function takeOver(room: EightsRoom, seat: Seat): void {
  seat.playedBy = "house";
  list(room);
  if (room.state.match.turn === seat) awaitMove(room, AWAY_SECONDS);
}

/** Somebody plays for themselves again; is it their turn, they have all of its time. */
export function handBack(room: EightsRoom, seat: Seat): void {
  room.data.slept.delete(seat.id);
  if (seat.playedBy === "self") return;
  seat.playedBy = "self";
  list(room);
  if (room.state.match.turn === seat) beginTurn(room);
}

function dealOf(room: EightsRoom, seat: Seat): { readonly deal: Deal; readonly place: number } {
  const { deal, dealtIn } = room.data;
  if (deal === undefined) throw new Error("nothing has been dealt");
  return { deal, place: dealtIn.indexOf(seat) };
}

function afterMove(room: EightsRoom, deal: Deal): void {
  show(room, deal);
  if (isOver(deal)) endDeal(room, deal);
  else beginTurn(room);
}

function beginTurn(room: EightsRoom): void {
  const { match } = room.state;
  const seat = match.turn;
  if (seat === undefined) return;
  if (seat.playedBy === "house") {
    awaitMove(room, HOUSE_SECONDS);
    return;
  }
  match.until = room.tick + ticks(TURN_SECONDS);
  comes(room, TURN_SECONDS, () => overslept(room, seat));
}

/** The time of a turn is over: the house moves, and plays on for who sleeps. */
function overslept(room: EightsRoom, seat: Seat): void {
  const slept = (room.data.slept.get(seat.id) ?? 0) + 1;
  room.data.slept.set(seat.id, slept);
  if (slept >= SLEEPS) {
    seat.playedBy = "house";
    room.broadcast("notice", { kind: "asleep", name: seat.name });
  }
  houseMove(room, seat);
}

function awaitMove(room: EightsRoom, seconds: number): void {
  const seat = room.state.match.turn;
  if (seat === undefined) return;
  room.state.match.until = 0;
  comes(room, seconds, () => houseMove(room, seat));
}

function houseMove(room: EightsRoom, seat: Seat): void {
  const { deal, place } = dealOf(room, seat);
  const { pile, suit, drew } = deal;
  const move = moveOf({ hand: handAt(deal, place), top: topOf(pile), suit, drew, canDraw: canDraw(deal) });
  switch (move.move) {
    case "play":
      playCard(room, seat, move.card, move.suit);
      return;
    case "pass":
      passTurn(room, seat);
      return;
    case "draw":
      drawCard(room, seat);
      awaitMove(room, HOUSE_SECONDS);
  }
}

function endDeal(room: EightsRoom, { hands, turn }: Deal): void {
  const { dealtIn } = room.data;
  const { match } = room.state;
  const { winner, points } = scoreOf({ hands, turn });
  const seat = dealtIn[winner];
  if (seat === undefined) return;
  seat.score += points;
  dealtIn.forEach((each, place) => {
    each.shown = [...(hands[place] ?? [])];
  });
  match.turn = undefined;
  match.winner = seat;
  match.points = points;
  match.phase = seat.score >= TARGET ? "match-over" : "deal-over";
  const seconds = match.phase === "match-over" ? MATCH_OVER_SECONDS : DEAL_OVER_SECONDS;
  match.until = room.tick + ticks(seconds);
  comes(room, seconds, () => deal(room));
}

/** Where the last of the people has given up their seat, the deal is broken off, and the table is as it was at first. */
export function clearIfDeserted(room: EightsRoom): void {
  if (isDeserted(room)) wait(room);
}

function wait(room: EightsRoom): void {
  const { match } = room.state;
  room.data.callOff();
  room.data.deal = undefined;
  match.phase = "waiting";
  match.until = 0;
  match.top = undefined;
  match.stock = 0;
  match.pile = 0;
  match.turn = undefined;
  match.winner = undefined;
  settle(room);
  for (const seat of seatsOf(room)) {
    seat.cards = 0;
    seat.score = 0;
    if (seat.player !== undefined) seat.player.hand = [];
  }
}

/** Writes into the state what lies open, and into each hand's own row what is in it. */
function show(room: EightsRoom, deal: Deal): void {
  const { match } = room.state;
  const { dealtIn } = room.data;
  match.turn = dealtIn[deal.turn];
  match.drew = deal.drew;
  match.top = topOf(deal.pile);
  match.suit = deal.suit;
  match.stock = deal.stock.length;
  match.pile = deal.pile.length;
  dealtIn.forEach((seat, place) => {
    const hand = handAt(deal, place);
    seat.cards = hand.length;
    if (seat.player !== undefined) seat.player.hand = [...hand];
  });
}
