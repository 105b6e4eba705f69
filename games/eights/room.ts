import { defineRoom, fail } from "tickcast/server";
import { freeName } from "../free-name.ts";
import { eights, GRACE_SECONDS, NAME_LENGTH, type Person, PLACES, type Seat } from "./eights.ts";
import {
  awaitDeal,
  clearIfDeserted,
  deal,
  drawCard,
  handBack,
  passTurn,
  playCard,
  takeOver,
} from "./play.ts";
import { giveUp, isBetweenDeals, isFull, seat, seatHouse } from "./seating.ts";
import { type EightsPlayer, type EightsRoom, newTable, seatOf, seatsOf } from "./table.ts";

/** How a table of Crazy Eights behaves. The cards are in `room.data`, which nobody is sent. */
export const eightsRoom = defineRoom(eights, {
  /** Four play, the others watch. */
  maxPlayers: 12,
  emptyForMs: 10_000,
  graceMs: GRACE_SECONDS * 1_000,
  metadata: { people: 0, places: PLACES },
  data: newTable,

  join(room, { row }, { name, bot, watch }) {
    row.name = freeName(name, NAME_LENGTH, (wanted) => room.data.names.has(wanted.toLowerCase()));
    room.data.names.add(row.name.toLowerCase());
    row.bot = bot;
    notice(room, "joined", row);
    if (!watch) sitDown(room, row);
  },

  leave(room, { row }) {
    room.data.names.delete(row.name.toLowerCase());
    standUp(room, row);
    notice(room, "left", row);
  },

  away(room, { row }) {
    const taken = seatOf(room, row);
    if (taken === undefined) return;
    notice(room, "away", row);
    takeOver(room, taken);
  },

  back(room, { row }) {
    const taken = seatOf(room, row);
    if (taken === undefined) return;
    notice(room, "back", row);
    handBack(room, taken);
  },

  announce(room, text) {
    room.broadcast("announced", { text });
  },

  requests: {
    play(room, player, { card, suit }) {
      const taken = atPlay(room, player);
      if (taken === undefined) return fail("not-playing");
      const played = playCard(room, taken, card, suit);
      return played.ok ? { left: taken.cards } : fail(played.error);
    },

    draw(room, player) {
      const taken = atPlay(room, player);
      if (taken === undefined) return fail("not-playing");
      const drawn = drawCard(room, taken);
      return drawn.ok ? { card: drawn.value } : fail(drawn.error);
    },

    pass(room, player) {
      const taken = atPlay(room, player);
      if (taken === undefined) return fail("not-playing");
      const passed = passTurn(room, taken);
      return passed.ok ? {} : fail(passed.error);
    },

    sit(room, { row }) {
      if (row.waits || seatOf(room, row) !== undefined) return fail("seated-already");
      if (isFull(room)) return fail("table-full");
      sitDown(room, row);
      return { seated: row.waits ? "next-deal" : "now" };
    },

    stand(room, { row }) {
      if (!row.waits && seatOf(room, row) === undefined) return fail("not-seated");
      standUp(room, row);
      return {};
    },

    addHouse(room, { row }) {
      if (seatOf(room, row) === undefined) return fail("not-seated");
      if (!isBetweenDeals(room)) return fail("in-play");
      if (seatHouse(room) === undefined) return fail("table-full");
      awaitDeal(room);
      return {};
    },

    deal(room, { row }) {
      if (seatOf(room, row) === undefined) return fail("not-seated");
      if (!isBetweenDeals(room)) return fail("in-play");
      if (seatsOf(room).length < 2) return fail("too-few");
      deal(room);
      return {};
    },
  },
});

/** The seat of one who is dealt in, who plays for themselves from now on. */
function atPlay(room: EightsRoom, { row }: EightsPlayer): Seat | undefined {
  const taken = seatOf(room, row);
  if (taken === undefined || isBetweenDeals(room) || !room.data.dealtIn.includes(taken)) return undefined;
  handBack(room, taken);
  return taken;
}

function sitDown(room: EightsRoom, person: Person): void {
  if (!isBetweenDeals(room) || seat(room, person) === undefined) {
    person.waits = true;
    return;
  }
  notice(room, "sat", person);
  awaitDeal(room);
}

function standUp(room: EightsRoom, person: Person): void {
  person.waits = false;
  const taken = seatOf(room, person);
  if (taken === undefined) return;
  person.hand = [];
  giveUp(room, taken);
  notice(room, "stood", person);
  clearIfDeserted(room);
  if (isBetweenDeals(room)) awaitDeal(room);
  else takeOver(room, taken);
}

type Notice = "joined" | "left" | "sat" | "stood" | "away" | "back";

/** Bots come and go by the dozen; that is no news. */
function notice(room: EightsRoom, kind: Notice, { name, bot }: Person): void {
  if (!bot) room.broadcast("notice", { kind, name });
}
