import { describe, expect, test } from "vitest";
import { Stagger } from "./stagger.ts";

/** The gaps between neighbours on the circle. */
function gaps(places: readonly number[]): number[] {
  const phases = places.map(Stagger.phase).toSorted((a, b) => a - b);
  const first = phases[0] ?? 0;
  return phases.map((phase, i) => (phases[i + 1] ?? first + 1) - phase);
}

describe("Stagger", () => {
  test("[TIC-9] for any number of rooms the widest gap is at most φ² times the narrowest", () => {
    const stagger = new Stagger();
    const places: number[] = [];
    for (let count = 1; count <= 1000; count++) {
      places.push(stagger.take());
      const between = gaps(places);
      expect(Math.max(...between) / Math.min(...between)).toBeLessThan(2.62);
    }
  });

  test("released places are taken again, lowest first, and no place twice", () => {
    const stagger = new Stagger();
    expect([1, 2, 3, 4, 5].map(() => stagger.take())).toEqual([0, 1, 2, 3, 4]);
    stagger.release(3);
    stagger.release(1);
    expect([1, 2, 3].map(() => stagger.take())).toEqual([1, 3, 5]);
  });
});
