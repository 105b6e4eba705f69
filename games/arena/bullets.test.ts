import { describe, expect, test } from "vitest";
import type { Bullet, Ship } from "./arena.ts";
import {
  BULLET_RANGE,
  BULLET_SPEED,
  type Flight,
  type FlightEnd,
  flyOn,
  handOver,
  launch,
  MUZZLE,
  positionAt,
  type Shot,
  shotsOf,
  WEAPONS,
} from "./bullets.ts";
import { shipAt } from "./ship.fixture.ts";
import { meeting, ShipGrid } from "./ship-grid.ts";
import { farthestIn } from "./step.ts";
import { CELL, cellAt } from "./view.ts";
import { type Point, SHIP_RADIUS, WALLS } from "./world.ts";

const dt = 0.05;
const TICKS_PER_SECOND = 20;

function fired(by: Ship, index = 0): { shot: Shot; row: Bullet; flight: Flight } {
  const shot = shotsOf(by)[index];
  if (shot === undefined) throw new Error("the muzzle is blocked");
  const row: Bullet = { id: 1, x: shot.x, y: shot.y, heading: shot.heading, bornAt: 0, by };
  return { shot, row, flight: launch(row, shot, by) };
}

/** For bullets of those who see the present. */
const noPast = (): never => {
  throw new Error("nobody here sees the past");
};

function flyToTheEnd(flight: Flight, ships: readonly Ship[]): { end: FlightEnd; ticks: number } {
  const grid = new ShipGrid();
  grid.fill(ships);
  for (let ticks = 1; ticks < 100; ticks++) {
    const [end] = flyOn([flight], grid, dt, noPast);
    if (end !== undefined) return { end, ticks };
  }
  throw new Error("the bullet never ends");
}

/** Ships where they are, and where each was a lag ago: no farther than it can go. */
function wanderers(lag: number): { ships: Ship[]; then: Map<number, Point> } {
  const ships: Ship[] = [];
  const then = new Map<number, Point>();
  for (let index = 0; index < 300; index++) {
    const ship = shipAt(800 + ((index * 977) % 1_200), 800 + ((index * 1_613) % 1_200), { id: index + 1 });
    const way = farthestIn(lag, dt, index % 3 === 0) * (((index * 7) % 11) / 10);
    ships.push(ship);
    // One in ten was not there.
    if (index % 10 !== 0)
      then.set(ship.id, { x: ship.x + way * Math.cos(index), y: ship.y + way * Math.sin(index) });
  }
  return { ships, then };
}

describe("bullets", () => {
  test("[ARE-6] a bullet flies straight at one speed to the end of its range, and where it is follows from its row", () => {
    const { row, flight } = fired(shipAt(2000, 2000));
    const grid = new ShipGrid();
    grid.fill([]);
    for (let tick = 1; tick <= 3; tick++) {
      expect(flyOn([flight], grid, dt, noPast)).toEqual([]);
      const told = positionAt(row, tick, TICKS_PER_SECOND, BULLET_RANGE);
      expect(flight.x).toBeCloseTo(told.x);
      expect(flight.y).toBeCloseTo(told.y);
    }
    expect(flight.x - row.x).toBeCloseTo(3 * BULLET_SPEED * dt);
    const { end } = flyToTheEnd(flight, []);
    expect(end.struck).toBeUndefined();
    expect(flight.x - row.x).toBeLessThanOrEqual(BULLET_RANGE + 1e-9);
  });

  test("[ARE-27] a bullet that comes into another cell is written anew there, and nowhere else", () => {
    const { row, flight } = fired(shipAt(2 * CELL - 120, 2000));
    const grid = new ShipGrid();
    grid.fill([]);
    const rows: Bullet[] = [];
    for (let tick = 1; flyOn([flight], grid, dt, noPast).length === 0; tick++) {
      handOver(flight, tick);
      if (rows.at(-1)?.bornAt !== row.bornAt) rows.push({ ...row });
      // Wherever it was written last, it says where the bullet is, and in which cell, give or take its border.
      const told = positionAt(row, tick, TICKS_PER_SECOND, BULLET_RANGE);
      expect(flight.x).toBeCloseTo(told.x);
      expect(flight.y).toBeCloseTo(told.y);
      expect(cellAt(flight.x, cellAt(row.x))).toBe(cellAt(row.x));
    }
    expect(rows.map(({ x }) => cellAt(x))).toEqual([1, 2]);
  });

  test("[ARE-7] a bullet ends at a wall, and a muzzle inside one fires nothing", () => {
    const wall = WALLS[0];
    if (wall === undefined) throw new Error("no walls");
    const shooter = shipAt(wall.x + wall.width / 2, wall.y - 200, { aim: Math.PI / 2 });
    const { flight } = fired(shooter);
    flyToTheEnd(flight, []);
    expect(flight.y).toBeCloseTo(wall.y);
    expect(shotsOf({ ...shooter, y: wall.y - MUZZLE + 2 })).toEqual([]);
  });

  test("[ARE-8] a bullet strikes the first ship on its way, never the one that fired it", () => {
    const shooter = shipAt(2000, 2000, { id: 1 });
    const near = shipAt(2130, 2010, { id: 2 });
    const far = shipAt(2145, 1995, { id: 3 });
    const { flight } = fired(shooter);
    expect(flyToTheEnd(flight, [far, shooter, near]).end.struck).toBe(near);
  });

  test("[ARE-8] a fast bullet cannot jump over a ship between two ticks", () => {
    for (let gap = 0; gap < BULLET_SPEED * dt; gap += 5) {
      const target = shipAt(2100 + gap, 2000, { id: 2 });
      const { flight } = fired(shipAt(2000, 2000));
      expect(flyToTheEnd(flight, [target]).end.struck).toBe(target);
    }
  });

  test("[ARE-9] the weapon says how many bullets leave and what each does", () => {
    const spread = shipAt(2000, 2000, { weapon: "spread", aim: 1 });
    const headings = shotsOf(spread).map((shot) => shot.heading - 1);
    expect(headings).toHaveLength(3);
    headings.forEach((heading, index) => {
      expect(heading).toBeCloseTo(WEAPONS.spread.headings[index] ?? Number.NaN);
    });
    expect(fired(spread).flight.damage).toBe(WEAPONS.spread.damage);
    expect(fired(shipAt(2000, 2000)).flight.damage).toBe(WEAPONS.single.damage);
  });

  test("[ARE-34] a late bullet strikes whom its shooter saw in its way, wherever that ship is by now", () => {
    const target = shipAt(2100, 2000, { id: 2 });
    const decoy = shipAt(2060, 2000, { id: 3 });
    const grid = new ShipGrid();
    grid.fill([target, decoy]);
    // The target has come from the line since, the decoy onto it.
    const places = new Map<number, Point>([
      [2, { x: 2100, y: 2000 }],
      [3, { x: 2060, y: 2060 }],
    ]);
    Object.assign(target, { y: 2060 });
    const asked: number[] = [];
    const fly = (lag: number): Ship | undefined => {
      grid.fill([target, decoy]);
      const { row, shot } = fired(shipAt(2000, 2000));
      const flights = [launch(row, shot, row.by as Ship, lag)];
      for (let ticks = 1; ticks < 20; ticks++) {
        const [end] = flyOn(flights, grid, dt, (behind, look) => {
          asked.push(behind);
          return look(10 - behind, ({ id }) => places.get(id));
        });
        if (end !== undefined) return end.struck;
      }
      return undefined;
    };
    expect(fly(0)).toBe(decoy);
    expect(asked).toEqual([]);
    expect(fly(4.5)).toBe(target);
    expect(new Set(asked)).toEqual(new Set([4.5]));
  });

  test("[ARE-34] no ship is missed for where it is: the grid finds what a look at all of them finds", () => {
    let met = 0;
    for (const lag of [0.4, 2, 3.5, 10]) {
      const { ships, then } = wanderers(lag);
      const grid = new ShipGrid();
      grid.fill(ships);
      const elsewhere = {
        drift: farthestIn(lag, dt, true),
        driftOf: ({ id }: Ship) => farthestIn(lag, dt, (id - 1) % 3 === 0),
        placeOf: ({ id }: Ship) => then.get(id),
      };
      for (let index = 0; index < 300; index++) {
        const [x, y] = [700 + ((index * 1_301) % 1_400), 700 + ((index * 557) % 1_400)];
        const [toX, toY] = [x + 40 * Math.cos(index), y + 40 * Math.sin(index)];
        let nearest = Number.POSITIVE_INFINITY;
        for (const place of then.values())
          nearest = Math.min(nearest, meeting(x, y, toX, toY, place.x, place.y, SHIP_RADIUS + 5));
        const found = grid.firstAlong(x, y, toX, toY, 5, () => false, elsewhere);
        const place = found && then.get(found.id);
        const at = place && meeting(x, y, toX, toY, place.x, place.y, SHIP_RADIUS + 5);
        expect(at ?? Number.POSITIVE_INFINITY).toBe(nearest);
        if (found !== undefined) met += 1;
      }
    }
    expect(met).toBeGreaterThan(50);
  });

  test("the grid finds the same nearest ship as a look at all of them", () => {
    const ships = Array.from({ length: 300 }, (_, index) =>
      shipAt((index * 977) % 4000, (index * 1_613) % 4000, { id: index + 1, hp: index % 100 }),
    );
    const grid = new ShipGrid();
    grid.fill(ships);
    let found = 0;
    for (let index = 0; index < 300; index++) {
      const [x, y, reach] = [(index * 1_301) % 4000, (index * 557) % 4000, 40 + (index % 5) * 90];
      const distance = (ship: Ship): number => Math.hypot(ship.x - x, ship.y - y);
      const fitting = ships.filter((ship) => ship.hp < 50 && distance(ship) <= reach);
      const nearest = fitting.toSorted((a, b) => distance(a) - distance(b))[0];
      const met = grid.nearest(x, y, reach, ({ hp }) => hp < 50);
      expect(met && distance(met)).toBe(nearest && distance(nearest));
      if (met !== undefined) found += 1;
    }
    expect(found).toBeGreaterThan(50);
  });

  test("the grid finds the same ship as a look at all of them", () => {
    const ships = Array.from({ length: 200 }, (_, index) =>
      shipAt((index * 977) % 4000, (index * 1_613) % 4000, { id: index + 1 }),
    );
    const grid = new ShipGrid();
    grid.fill(ships);
    let met = 0;
    for (let index = 0; index < 500; index++) {
      const [x, y] = [(index * 1_301) % 4000, (index * 557) % 4000];
      const [toX, toY] = [x + 45 * Math.cos(index), y + 45 * Math.sin(index)];
      let nearest = Number.POSITIVE_INFINITY;
      for (const ship of ships) nearest = Math.min(nearest, meeting(x, y, toX, toY, ship.x, ship.y, 29));
      const found = grid.firstAlong(x, y, toX, toY, 5, () => false);
      const at =
        found === undefined ? Number.POSITIVE_INFINITY : meeting(x, y, toX, toY, found.x, found.y, 29);
      expect(at).toBe(nearest);
      if (found !== undefined) met++;
    }
    expect(met).toBeGreaterThan(10);
  });
});
