import type { Player, Room } from "tickcast/server";
import type { Deal } from "./deal.ts";
import type { EightsSpec, Person, Seat } from "./eights.ts";

/** What a room remembers beside its state: the cards, first of all. */
export interface Table {
  /** The one that is played, or is still looked at. */
  deal: Deal | undefined;
  /** Who was dealt in, in the order of turns: the places of the deal. */
  dealtIn: readonly Seat[];
  /** Calls off what is to come by itself: the end of a turn, the house's move, the next deal. */
  callOff: () => void;
  /** How many turns in a row the clock ended, by seat. */
  readonly slept: Map<number, number>;
  /** Seats that the house has from somebody who left, by id: they go with the next deal. */
  readonly leftBehind: Set<number>;
  /** In lower case: names are unique. */
  readonly names: Set<string>;
  /** The place at the table that begins the next deal. */
  nextFirst: number;
}

export type EightsRoom = Room<EightsSpec, undefined, Table, undefined>;
export type EightsPlayer = Player<EightsSpec, undefined>;

export function newTable(): Table {
  return {
    deal: undefined,
    dealtIn: [],
    callOff: () => {},
    slept: new Map(),
    leftBehind: new Set(),
    names: new Set(),
    nextFirst: 0,
  };
}

/** The seats in the order of their places. */
export function seatsOf(room: EightsRoom): readonly Seat[] {
  return [...room.state.seats].toSorted((one, other) => one.place - other.place);
}

export function seatOf(room: EightsRoom, person: Person): Seat | undefined {
  return [...room.state.seats].find(({ player }) => player === person);
}

/** One thing is to come by itself at a time; what was to come before is called off. */
export function comes(room: EightsRoom, seconds: number, what: () => void): void {
  room.data.callOff();
  room.data.callOff = room.after(seconds, () => {
    what();
    return undefined;
  });
}
