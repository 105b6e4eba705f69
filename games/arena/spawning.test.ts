import { describe, expect, test } from "vitest";
import type { Ship } from "./arena.ts";
import { shipAt } from "./ship.fixture.ts";
import { ShipGrid } from "./ship-grid.ts";
import { spawnPoint } from "./spawning.ts";
import { isClear, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function gridOf(...ships: readonly Ship[]): ShipGrid {
  const grid = new ShipGrid();
  grid.fill(ships);
  return grid;
}

describe("spawning", () => {
  test("[ARE-15] everybody starts in the open", () => {
    for (let seed = 0; seed < 300; seed++) {
      const others = seed % 3 === 0 ? [] : [shipAt((seed * 131) % 4000, (seed * 37) % 4000)];
      const { x, y } = spawnPoint(seeded(seed), gridOf(...others));
      expect(isClear(x, y, SHIP_RADIUS)).toBe(true);
    }
  });

  test("[ARE-15] a newcomer starts near somebody, but not beside them", () => {
    for (let seed = 0; seed < 300; seed++) {
      const other = shipAt(1_000 + (seed % 20) * 100, 1_000 + (seed % 15) * 130);
      const { x, y } = spawnPoint(seeded(seed), gridOf(other));
      const distance = Math.hypot(x - other.x, y - other.y);
      expect(distance).toBeGreaterThanOrEqual(420 - 1e-6);
      expect(distance).toBeLessThanOrEqual(800 + 1e-6);
    }
  });

  test("[ARE-16] equal chance gives equal places", () => {
    const others = gridOf(shipAt(WORLD_SIZE / 2, 900));
    expect(spawnPoint(seeded(5), others)).toEqual(spawnPoint(seeded(5), others));
  });

  test("[ARE-29] in a crowd one starts where there is room: thousands spread over the whole map", () => {
    const random = seeded(3);
    const grid = gridOf();
    // A hundred in one corner, then many who come.
    for (let index = 0; index < 100; index++) grid.add(shipAt(200 + index, 200 + index));
    for (let index = 0; index < 1_500; index++) {
      const { x, y } = spawnPoint(random, grid);
      expect(isClear(x, y, SHIP_RADIUS)).toBe(true);
      grid.add(shipAt(x, y));
    }
    const squares = new Map<number, number>();
    for (const { x, y } of grid.ships.slice(100)) {
      const square = Math.floor(x / 1_000) * 4 + Math.floor(y / 1_000);
      squares.set(square, (squares.get(square) ?? 0) + 1);
    }
    expect(squares.size).toBe(16);
    for (const [square, ships] of squares) if (square !== 0) expect(ships).toBeGreaterThan(60);
    expect(squares.get(0)).toBeLessThan(1_500 / 16);
  });
});
