import { describe, expect, test } from "vitest";
import { spawnPoint } from "./spawning.ts";
import { isClear, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("spawning", () => {
  test("[ARE-15] everybody starts in the open", () => {
    for (let seed = 0; seed < 300; seed++) {
      const others = seed % 3 === 0 ? [] : [{ x: (seed * 131) % 4000, y: (seed * 37) % 4000 }];
      const { x, y } = spawnPoint(seeded(seed), others);
      expect(isClear(x, y, SHIP_RADIUS)).toBe(true);
    }
  });

  test("[ARE-15] a newcomer starts near somebody, but not beside them", () => {
    for (let seed = 0; seed < 300; seed++) {
      const other = { x: 1_000 + (seed % 20) * 100, y: 1_000 + (seed % 15) * 130 };
      const { x, y } = spawnPoint(seeded(seed), [other]);
      const distance = Math.hypot(x - other.x, y - other.y);
      expect(distance).toBeGreaterThanOrEqual(420 - 1e-6);
      expect(distance).toBeLessThanOrEqual(800 + 1e-6);
    }
  });

  test("[ARE-16] equal chance gives equal places", () => {
    const others = [{ x: WORLD_SIZE / 2, y: 900 }];
    expect(spawnPoint(seeded(5), others)).toEqual(spawnPoint(seeded(5), others));
  });
});
