import { describe, expect, test } from "vitest";
import { bot, CROWD_FROM } from "./bot.ts";
import { newWander, wander } from "./crowd-member.ts";
import { HOT_SPOTS, hotSpot } from "./hot-spots.ts";
import { seededSelf, shipAt } from "./ship.fixture.ts";
import { isClear, SHIP_RADIUS } from "./world.ts";

const nobody = { players: [], pickups: [], radar: new Uint8Array() };

describe("a crowd of bots", () => {
  test("[ARE-31] from so many players on, a bot's input changes five times a second at most", () => {
    const self = { ...seededSelf(3), memory: bot.behaviour.memory?.(seededSelf(3)) };
    const changesWith = (players: number): number => {
      const inputs: unknown[] = [];
      const [me, other] = [shipAt(2000, 2000), shipAt(2200, 2050, { id: 2 })];
      const state = {
        match: { players },
        players: [me, other],
        pickups: [],
        radar: { ships: new Uint8Array() },
      };
      for (let tick = 1; tick <= 100; tick++) {
        other.x += 5;
        const input = (values: unknown) => inputs.push(values);
        bot.behaviour.tick?.({ me, state, tick, input, send: () => {} } as never, self);
      }
      return inputs.length;
    };
    expect(changesWith(CROWD_FROM)).toBe(25);
    expect(changesWith(CROWD_FROM - 1)).toBe(100);
  });

  test("[ARE-31] crowds gather where everybody knows, in the open, and move on", () => {
    for (let spot = 0; spot < HOT_SPOTS; spot++) {
      const places = [0, 5_000, 50_000].map((tick) => hotSpot(spot, tick));
      for (const { x, y } of places) expect(isClear(x, y, SHIP_RADIUS)).toBe(true);
      expect(new Set(places.map(({ x }) => x)).size).toBe(3);
      expect(hotSpot(spot, 5_000)).toEqual(places[1]);
    }
  });

  test("[ARE-31] one of a crowd shoots at who comes near, and at nobody else", () => {
    const me = shipAt(2000, 2000);
    const firesAt = (other: Parameters<typeof shipAt>): boolean => {
      const chance = seededSelf(1);
      const mind = newWander(chance);
      const view = { ...nobody, me, players: [me, shipAt(...other)] };
      return Array.from({ length: 80 }, (_, tick) => wander({ ...view, tick }, mind, chance)?.fire).includes(
        true,
      );
    };
    expect(firesAt([2150, 2000, { id: 2 }])).toBe(true);
    for (const life of ["ghost", "away"] as const) expect(firesAt([2150, 2000, { id: 2, life }])).toBe(false);
    expect(firesAt([2900, 2000, { id: 2 }])).toBe(false);
  });
});
