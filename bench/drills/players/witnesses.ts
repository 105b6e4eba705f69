import type { GapFigures } from "../server/tick-gaps.ts";

/** What the witnesses in one room went through. */
export interface RoomWitness {
  readonly path: string;
  readonly ticks: number;
  readonly missed: number;
  /** Connections that ended, with what was told. */
  readonly lost: readonly string[];
}

/** Over all rooms, and by room. */
export interface WitnessAccount extends GapFigures {
  readonly rooms: readonly RoomWitness[];
}
