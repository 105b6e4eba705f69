/** Where a recording is played, in ticks with a fraction. */
export class Playhead {
  readonly #first: number;
  readonly #last: number;
  readonly #ticksPerMs: number;
  #tick: number;
  /** When it was there, by `performance.now()`. */
  #at: number;
  #speed = 1;
  #plays = true;

  constructor(firstTick: number, lastTick: number, tickRate: number, now: number) {
    this.#first = firstTick;
    this.#last = lastTick;
    this.#ticksPerMs = tickRate / 1_000;
    this.#tick = firstTick;
    this.#at = now;
  }

  tick(now: number): number {
    const ran = this.#plays ? (now - this.#at) * this.#ticksPerMs * this.#speed : 0;
    return Math.min(this.#tick + ran, this.#last);
  }

  plays(now: number): boolean {
    return this.#plays && this.tick(now) < this.#last;
  }

  /** Plays or pauses; at the end it begins again. */
  toggle(now: number): void {
    const ended = this.tick(now) >= this.#last;
    this.#set(ended ? this.#first : this.tick(now), now);
    this.#plays = ended || !this.#plays;
  }

  seek(tick: number, now: number): void {
    this.#set(Math.min(Math.max(tick, this.#first), this.#last), now);
  }

  setSpeed(speed: number, now: number): void {
    this.#set(this.tick(now), now);
    this.#speed = speed;
  }

  #set(tick: number, now: number): void {
    this.#tick = tick;
    this.#at = now;
  }
}
