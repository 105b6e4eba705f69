/** The golden ratio's fraction: of all steps around a circle the one whose points stay most evenly spread. */
const goldenStep = (Math.sqrt(5) - 1) / 2;

/**
 * Spreads rooms of one tick rate over the period. Room k ticks at the fraction `k × φ mod 1` of it: however
 * many there are, the widest gap between neighbours is at most φ² = 2.62 times the narrowest, and no room
 * ever has to move for another. Released places are taken again, lowest first, so churn leaves no clumps.
 */
export class Stagger {
  readonly #taken: boolean[] = [];
  #lowestFree = 0;

  take(): number {
    let place = this.#lowestFree;
    while (this.#taken[place] === true) place += 1;
    this.#taken[place] = true;
    this.#lowestFree = place + 1;
    return place;
  }

  release(place: number): void {
    this.#taken[place] = false;
    this.#lowestFree = Math.min(this.#lowestFree, place);
  }

  /** The fraction of the period, 0 to 1, at which a place ticks. */
  static phase(place: number): number {
    return (place * goldenStep) % 1;
  }
}
