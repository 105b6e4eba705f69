import { describe, expect, test } from "vitest";
import { walkOf } from "./crowd.ts";

const places = (layout: "uniform" | "clustered") =>
  Array.from({ length: 2000 }, (_, number) => {
    const { low, side, east, north } = walkOf(number, layout);
    return { x: low + east, y: low + north, side };
  });

describe("the crowd scenario", () => {
  test("[BEN-28] clustered, half of the players are in 5 % of the area and stay there", () => {
    const inMiddle = places("clustered").filter(({ side }) => side < 4000);
    expect(inMiddle.length).toBe(1000);
    for (const { x, y, side } of inMiddle) {
      expect((side * side) / (4000 * 4000)).toBeCloseTo(0.05);
      for (const at of [x, y]) expect(Math.abs(at - 2000)).toBeLessThanOrEqual(side / 2);
    }
  });

  test("[BEN-28] uniform, every ninth of the world has about a ninth of the players", () => {
    const counts = new Array<number>(9).fill(0);
    for (const { x, y } of places("uniform")) {
      const ninth = Math.floor((x / 4000) * 3) * 3 + Math.floor((y / 4000) * 3);
      counts[ninth] = (counts[ninth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000 / 9)).toBeLessThan(50);
  });
});
