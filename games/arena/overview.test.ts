import { describe, expect, test } from "vitest";
import { RADAR_SIDE } from "./arena.ts";
import { standing } from "./match.ts";
import { leadersOf, placesByScore, radarOf, squareOf } from "./overview.ts";
import { shipAt } from "./ship.fixture.ts";
import { CELL } from "./view.ts";
import { WORLD_SIZE } from "./world.ts";

const ships = Array.from({ length: 400 }, (_, index) =>
  shipAt((index * 977) % WORLD_SIZE, (index * 1_613) % WORLD_SIZE, {
    id: index + 1,
    score: (index * 31) % 23,
    deaths: (index * 7) % 5,
  }),
);

describe("[ARE-28] what everybody knows", () => {
  test("the leaders are the first of the standing", () => {
    for (const most of [1, 8, 1_000])
      expect(leadersOf(ships, most)).toEqual(ships.toSorted(standing).slice(0, most));
    expect(leadersOf([], 8)).toEqual([]);
  });

  test("a place is one behind all who have more kills; equals share it", () => {
    const placeOf = placesByScore(ships);
    for (const { score } of ships)
      expect(placeOf(score)).toBe(1 + ships.filter((other) => other.score > score).length);
  });

  test("the radar counts the ships that fly in each square, up to 255", () => {
    const out = (["dead", "away"] as const).map((life) => shipAt(10, 10, { life }));
    const radar = radarOf([...ships, ...out, shipAt(WORLD_SIZE, WORLD_SIZE)]);
    expect(radar).toHaveLength(RADAR_SIDE ** 2);
    expect(radar.reduce((sum, count) => sum + count, 0)).toBe(ships.length + 1);
    expect(radar[0]).toBe(ships.filter(({ x, y }) => x < CELL && y < CELL).length);
    expect(squareOf(shipAt(CELL * 2 + 1, CELL * 3 + 1))).toBe(3 * RADAR_SIDE + 2);
    expect(radarOf(Array.from({ length: 300 }, () => shipAt(5, 5)))[0]).toBe(255);
  });
});
