import { describe, expect, test } from "vitest";
import { PADS, PICKUP_RADIUS } from "./pickups.ts";
import { isClear, keepClear, openDistance, SHIP_RADIUS, WALLS, WORLD_SIZE } from "./world.ts";

const CENTRE = WORLD_SIZE / 2;

describe("the map", () => {
  test("[ARE-1] the map looks the same from all four sides", () => {
    const key = (x: number, y: number, width: number, height: number) => `${x},${y},${width},${height}`;
    const all = new Set(WALLS.map((wall) => key(wall.x, wall.y, wall.width, wall.height)));
    for (const { x, y, width, height } of WALLS) {
      const [dx, dy] = [x - CENTRE, y - CENTRE];
      expect(all).toContain(key(CENTRE - dy - height, CENTRE + dx, height, width));
    }
  });

  test("[ARE-1] every wall is inside the map, and every pad can be reached", () => {
    for (const wall of WALLS) {
      expect(wall.x).toBeGreaterThanOrEqual(0);
      expect(wall.y).toBeGreaterThanOrEqual(0);
      expect(wall.x + wall.width).toBeLessThanOrEqual(WORLD_SIZE);
      expect(wall.y + wall.height).toBeLessThanOrEqual(WORLD_SIZE);
    }
    for (const pad of PADS) expect(isClear(pad.x, pad.y, SHIP_RADIUS + PICKUP_RADIUS)).toBe(true);
  });

  test("[ARE-2] nothing ends up inside a wall or outside of the map, wherever it started near one", () => {
    for (const wall of WALLS) {
      for (let part = 0; part <= 1; part += 0.125) {
        for (const depth of [-10, 0, 10, 20]) {
          const circle = { x: wall.x + wall.width * part, y: wall.y + depth };
          keepClear(circle, SHIP_RADIUS);
          expect(isClear(circle.x, circle.y, SHIP_RADIUS - 1e-6)).toBe(true);
        }
      }
    }
    const lost = { x: -500, y: WORLD_SIZE + 500 };
    keepClear(lost, SHIP_RADIUS);
    expect(lost).toEqual({ x: SHIP_RADIUS, y: WORLD_SIZE - SHIP_RADIUS });
  });

  test("[ARE-3] a ray ends at the first wall, or else at the border", () => {
    const wall = { x: 2210, y: 2210, width: 230, height: 44 };
    expect(WALLS).toContainEqual(wall);
    expect(openDistance({ x: 2300, y: 2110 }, Math.PI / 2, 5_000)).toBeCloseTo(100);
    expect(openDistance({ x: 2300, y: 2110 }, Math.PI / 2, 60)).toBe(60);
    expect(openDistance({ x: 20, y: 20 }, Math.PI, 5_000)).toBeCloseTo(20);
    expect(openDistance({ x: 2300, y: 2220 }, 0, 5_000)).toBe(0);
  });
});
