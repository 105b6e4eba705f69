/** A wall clock that can be moved, as an administrator or NTP does. It is loaded before everything else (`--import`). */

const RealDate = Date;
let shiftMs = 0;
let readings = 0;

class MovableDate extends RealDate {
  constructor(...parts: ConstructorParameters<typeof Date> | []) {
    if (parts.length === 0) super(MovableDate.now());
    else super(...parts);
  }

  static override now(): number {
    readings += 1;
    return RealDate.now() + shiftMs;
  }
}

/** From now on all of this process reads it. */
export function makeWallClockMovable(): void {
  globalThis.Date = MovableDate as DateConstructor;
}

/** Moves it by so many milliseconds, on top of before; how often it was read since the last time. */
export function shiftWallClock(ms: number): { readonly readings: number; readonly now: number } {
  shiftMs += ms;
  const answer = { readings, now: MovableDate.now() };
  readings = 0;
  return answer;
}
