import { expect, test } from "vitest";
import { shipAt } from "../ship.fixture.ts";
import { Hulls } from "./hulls.ts";

test("[ARE-22] a hull turns after its ship, the short way round and not at once", () => {
  const hulls = new Hulls();
  const ship = shipAt(100, 100, { aim: 0.2 });
  hulls.turn([ship], 10);
  expect(hulls.of(ship)).toMatchObject({ heading: 0.2, moving: false });
  let x = 100;
  let y = 100;
  for (let tick = 10.25; tick <= 11; tick += 0.25) {
    x += 2;
    y -= 2;
    hulls.turn([shipAt(x, y)], tick);
    expect(hulls.of(ship).heading).toBeCloseTo(Math.max(0.2 - (tick - 10) * 1.1, -Math.PI / 4));
  }
  expect(hulls.of(ship).moving).toBe(true);
});

test("[ARE-22] the hull of one who stands, or appears elsewhere, stays as it is", () => {
  const hulls = new Hulls();
  hulls.turn([shipAt(100, 100, { aim: 1 })], 10);
  hulls.turn([shipAt(100, 100)], 10.3);
  expect(hulls.of(shipAt(0, 0))).toMatchObject({ heading: 1, moving: false });
  hulls.turn([shipAt(3_000, 100)], 10.6);
  expect(hulls.of(shipAt(0, 0))).toMatchObject({ heading: 1, moving: false });
});

test("[ARE-22] a hull that is forgotten points where its ship aims", () => {
  const hulls = new Hulls();
  hulls.turn([shipAt(100, 100, { aim: 1 })], 10);
  hulls.forget(1);
  expect(hulls.of(shipAt(0, 0, { aim: 2 })).heading).toBe(2);
});
