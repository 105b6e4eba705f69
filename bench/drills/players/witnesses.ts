/** What the witnesses in one room went through. */
export interface RoomWitness {
  readonly path: string;
  readonly ticks: number;
  readonly missed: number;
  /** Connections that ended, with what was told. */
  readonly lost: readonly string[];
}
