import { type Person, PLACES, type Seat } from "./eights.ts";
import { type EightsRoom, seatOf, seatsOf } from "./table.ts";

/** The house's players, by place. */
const HOUSE_NAMES = ["Clover", "Carat", "Amor", "Pike"] as const;

/** Between two deals seats are taken and given up at once. */
export function isBetweenDeals(room: EightsRoom): boolean {
  return room.state.match.phase !== "playing";
}

/** Whether people have all places, so that the house has none to give up. */
export function isFull(room: EightsRoom): boolean {
  return people(room) === PLACES;
}

/** Whether nobody but the house sits at the table. */
export function isDeserted(room: EightsRoom): boolean {
  return people(room) === 0;
}

function people(room: EightsRoom): number {
  return seatsOf(room).filter(({ player }) => player !== undefined).length;
}

/** The first place without a seat, or else one of the house's, which is given up. */
function freePlace(room: EightsRoom): number | undefined {
  const seats = seatsOf(room);
  const free = Array.from({ length: PLACES }, (_, place) => place).find((place) =>
    seats.every((seat) => seat.place !== place),
  );
  if (free !== undefined) return free;
  const house = seats.find(({ player }) => player === undefined);
  if (house !== undefined) removeSeat(room, house);
  return house?.place;
}

/** Gives somebody a seat. `undefined` where people have all of them. */
export function seat(room: EightsRoom, person: Person): Seat | undefined {
  const place = freePlace(room);
  if (place === undefined) return undefined;
  person.waits = false;
  const taken = room.state.seats.add({ place, name: person.name, player: person, playedBy: "self" });
  list(room);
  return taken;
}

/** Adds a player of the house's. `undefined` where no place is free. */
export function seatHouse(room: EightsRoom): Seat | undefined {
  const seats = seatsOf(room);
  if (seats.length === PLACES) return undefined;
  const place = freePlace(room) ?? 0;
  return room.state.seats.add({ place, name: HOUSE_NAMES[place] ?? "House", playedBy: "house" });
}

/** Somebody's seat becomes the house's, who plays the hand to its end; between two deals it is free. */
export function giveUp(room: EightsRoom, given: Seat): void {
  if (isBetweenDeals(room)) {
    removeSeat(room, given);
  } else {
    given.player = undefined;
    given.playedBy = "house";
    room.data.leftBehind.add(given.id);
  }
  list(room);
}

/** Before a deal: who waits is seated, and the house leaves the seats that it has from somebody, if enough remain. */
export function settle(room: EightsRoom): void {
  for (const person of room.state.players) if (person.waits && !seatOf(room, person)) seat(room, person);
  const { leftBehind } = room.data;
  for (const left of seatsOf(room))
    if (leftBehind.has(left.id) && room.state.seats.size > 2) removeSeat(room, left);
  leftBehind.clear();
  if (!isDeserted(room)) return;
  // The house does not play with itself.
  for (const house of seatsOf(room)) removeSeat(room, house);
}

function removeSeat(room: EightsRoom, gone: Seat): void {
  room.state.seats.remove(gone);
  room.data.slept.delete(gone.id);
}

/**
 * Matchmaking knows seats of the room, which watchers have, too. So a table is found by its address alone while people
 * have all places, for whoever is invited to watch; and while all of them are away.
 */
export function list(room: EightsRoom): void {
  const taken = seatsOf(room).filter(({ player }) => player !== undefined);
  const areAway = taken.length > 0 && taken.every(({ playedBy }) => playedBy === "house");
  room.setVisibility(isFull(room) || areAway ? "private" : "public");
  room.setMetadata({ people: taken.length, places: PLACES });
}
