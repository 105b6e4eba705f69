/** How long a room that nobody has entered yet waits for its first player, at least. */
const FIRST_PLAYER_MS = 15_000;

/** For how long a room has been empty, and whether that is too long. Counted in published ticks. */
export class Vacancy {
  readonly #periodMs: number;
  readonly #emptyForMs: number;
  #emptyTicks = 0;

  constructor(periodMs: number, emptyForMs = 0) {
    this.#periodMs = periodMs;
    this.#emptyForMs = emptyForMs;
  }

  /**
   * A tick is over; true where the room has to go.
   *
   * @param everEntered whether anybody ever took a seat
   */
  isOver(takenSeats: number, everEntered: boolean): boolean {
    this.#emptyTicks = takenSeats > 0 ? 0 : this.#emptyTicks + 1;
    const patienceMs = Math.max(this.#emptyForMs, everEntered ? 0 : FIRST_PLAYER_MS);
    return this.#emptyTicks * this.#periodMs > patienceMs;
  }
}
