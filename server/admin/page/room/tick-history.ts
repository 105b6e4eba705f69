import type { TickNote, TicksAnswer } from "../../answers.ts";

/** One tick; durations are microseconds. */
export type TickView = { readonly [Column in keyof TicksAnswer]: number };

/** Ticks that the page keeps while it is open: two minutes at 20 Hz. */
const MOST = 2_400;

/** A room's ticks, as they came. */
export class TickHistory {
  #ticks: readonly TickView[] = [];
  #notes: readonly TickNote[] = [];

  get ticks(): readonly TickView[] {
    return this.#ticks;
  }

  /** The last tick that is known of. */
  get newest(): number {
    return this.#ticks.at(-1)?.tick ?? 0;
  }

  add(more: TicksAnswer, notes: readonly TickNote[]): void {
    if (more.tick.length === 0) return;
    const columns = Object.entries(more);
    const ticks = more.tick.map(
      (_tick, index) =>
        Object.fromEntries(columns.map(([name, values]) => [name, values[index]])) as TickView,
    );
    this.#ticks = [...this.#ticks, ...ticks].slice(-MOST);
    const oldest = this.#ticks[0]?.tick ?? 0;
    this.#notes = [...this.#notes, ...notes].filter(({ tick }) => tick >= oldest);
  }

  /** Where a tick stands in {@link ticks}; −1 for one that is not kept. */
  placeOf(tick: number): number {
    return this.#ticks.findIndex((known) => known.tick === tick);
  }

  notesOf(tick: number): readonly TickNote[] {
    return this.#notes.filter((note) => note.tick === tick);
  }

  /** The one that took longest from when it was due, of the last so many. */
  worst(most: number): TickView | undefined {
    return this.#ticks
      .slice(-most)
      .reduce<TickView | undefined>(
        (worst, tick) => (worst === undefined || wholeOf(tick) > wholeOf(worst) ? tick : worst),
        undefined,
      );
  }
}

/** From when a tick was due to when all of it was with the kernel. */
export function wholeOf({ lateness, flushed, step, commit, publish }: TickView): number {
  return Math.max(0, lateness) + Math.max(flushed, step + commit + publish);
}
