import { describe, expect, test } from "vitest";
import { FULL_HP, FULL_SHIELD } from "./combat.ts";
import { give, HEALTH_GIVEN, PADS, WEAPON_TICKS, wants } from "./pickups.ts";
import { shipAt } from "./ship.fixture.ts";

describe("pickups", () => {
  test("[ARE-13] a repair or shield that would be wasted is left for others", () => {
    expect(wants(shipAt(0, 0), "health")).toBe(false);
    expect(wants(shipAt(0, 0, { hp: 99 }), "health")).toBe(true);
    expect(wants(shipAt(0, 0, { shield: FULL_SHIELD }), "shield")).toBe(false);
    expect(wants(shipAt(0, 0), "shield")).toBe(true);
    expect(wants(shipAt(0, 0, { weapon: "rapid" }), "rapid")).toBe(true);
  });

  test("[ARE-14] each kind gives what it is named for", () => {
    const ship = shipAt(0, 0, { hp: 20 });
    give(ship, "health", 10);
    expect(ship.hp).toBe(20 + HEALTH_GIVEN);
    give(ship, "health", 10);
    expect(ship.hp).toBe(FULL_HP);
    give(ship, "shield", 10);
    expect(ship.shield).toBe(FULL_SHIELD);
    give(ship, "rapid", 10);
    expect(ship).toMatchObject({ weapon: "rapid", weaponUntil: 10 + WEAPON_TICKS });
    give(ship, "spread", 20);
    expect(ship).toMatchObject({ weapon: "spread", weaponUntil: 20 + WEAPON_TICKS });
  });

  test("[ARE-1] every kind lies equally often on the map", () => {
    const count = (kind: string) => PADS.filter((pad) => pad.kind === kind).length;
    for (const kind of ["health", "rapid", "shield", "spread"]) expect(count(kind)).toBe(PADS.length / 4);
  });
});
