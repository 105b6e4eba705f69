import { describe, expect, test } from "vitest";
import { SteeringScript, TURN_STEPS } from "./steering-script.ts";

describe("the steering script", () => {
  test("[BEN-27] every client changes its heading five times a second, to another one", () => {
    for (const [hz, clients] of [
      [20, 1000],
      [60, 37],
      [5, 3],
    ] as const) {
      const script = new SteeringScript({ clients, hz });
      for (const client of [0, 1, clients - 1]) {
        const headings: number[] = [];
        for (let tick = 0; tick < 10 * hz; tick++) {
          const change = script.changeAt(client, tick);
          if (change !== undefined) headings.push(script.headingOf(client, change));
        }
        expect(headings.length).toBe(50);
        headings.forEach((heading, i) => {
          expect(heading).toBeGreaterThanOrEqual(0);
          expect(heading).toBeLessThan(TURN_STEPS);
          expect(heading).not.toBe(headings[i + 1]);
        });
      }
    }
  });

  test("[BEN-27] changes are spread evenly over ticks, and who changes in one stands in one range", () => {
    const script = new SteeringScript({ clients: 1003, hz: 20 });
    for (let tick = 0; tick < 12; tick++) {
      const [from, to] = script.changersAt(tick);
      expect(Math.abs(to - from - 1003 / 4)).toBeLessThan(1);
      for (let client = 0; client < 1003; client++)
        expect(script.changeAt(client, tick) !== undefined).toBe(client >= from && client < to);
    }
  });
});
