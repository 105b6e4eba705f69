import { describe, expect, test } from "vitest";
import { expire, FULL_HP, fall, GHOST_TICKS, RESPAWN_TICKS, revive, strike } from "./combat.ts";
import { shipAt } from "./ship.fixture.ts";

describe("combat", () => {
  test("[ARE-10] damage goes to the shield first, what is left of it to the hull", () => {
    const ship = shipAt(0, 0, { shield: 30 });
    expect(strike(ship, 20)).toBe("absorbed");
    expect(ship).toMatchObject({ shield: 10, hp: 100 });
    expect(strike(ship, 25)).toBe("hurt");
    expect(ship).toMatchObject({ shield: 0, hp: 85 });
    expect(strike(ship, 500)).toBe("killed");
    expect(ship.hp).toBe(0);
  });

  test("[ARE-11] ghosts, the dead and those away take no damage", () => {
    for (const life of ["ghost", "dead", "away"] as const) {
      const ship = shipAt(0, 0, { life, hp: 40 });
      expect(strike(ship, 100)).toBe("nothing");
      expect(ship.hp).toBe(40);
    }
  });

  test("[ARE-12] a fallen ship loses what it found, and may return after a wait", () => {
    const ship = shipAt(7, 8, { weapon: "rapid", weaponUntil: 900, shield: 10, hp: 0 });
    fall(ship, 100);
    expect(ship).toMatchObject({ life: "dead", weapon: "single", weaponUntil: 0, shield: 0, deaths: 1 });
    expect(ship.respawnAt).toBe(100 + RESPAWN_TICKS);
  });

  test("[ARE-11] a revived ship is whole, elsewhere, and a ghost for a moment", () => {
    const ship = shipAt(7, 8, { life: "dead", hp: 0 });
    revive(ship, { x: 300, y: 400 }, 200);
    expect(ship).toMatchObject({ x: 300, y: 400, hp: FULL_HP, life: "ghost" });
    expire(ship, 200 + GHOST_TICKS - 1);
    expect(ship.life).toBe("ghost");
    expire(ship, 200 + GHOST_TICKS);
    expect(ship.life).toBe("alive");
  });

  test("[ARE-14] a found weapon is spent when its time is over", () => {
    const ship = shipAt(0, 0, { weapon: "spread", weaponUntil: 50 });
    expire(ship, 49);
    expect(ship.weapon).toBe("spread");
    expire(ship, 50);
    expect(ship.weapon).toBe("single");
  });
});
