import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineGame } from "../../shared/definition/game.ts";
import { fixed, i16, i32, table, u8, u32 } from "../../shared/game.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import { type FieldLayout, gameLayout, type TableLayout } from "../../shared/state/game-layout.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { type Cell, type Point, SightGrid } from "../../shared/state/sight-grid.ts";
import { CELL_BORDER, type Focus, SeatInterest, worldExtent } from "./interest.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: {
    players: table(
      { x: fixed(-500, 500, 0.5), y: fixed(-500, 500, 0.5) },
      { owner: "player", position: ["x", "y"] },
    ),
  },
});
const [players] = gameLayout(game.description).tables as [TableLayout];
const SIZE = 10;
const context = { outOfRange: () => {}, holds: () => true };

function place(row: CommittedRow, { x, y }: Point): void {
  for (const [field, value] of [x, y].entries())
    row.values[field] = (players.fields[field] as FieldLayout).codec.quantise(value, context);
}

function committed(at: Point): CommittedRow {
  const row: CommittedRow = {
    id: 1,
    table: players,
    source: { id: 1 },
    values: [],
    changedAt: [1, 1],
    quantised: [],
    sent: true,
    removed: false,
    ownerStream: undefined,
    cells: [],
    group: undefined,
  };
  place(row, at);
  return row;
}

function setup({ radius = 1, at = { x: 5, y: 5 } }: { radius?: number; at?: Point } = {}) {
  let nextStream = 1;
  const grid = new SightGrid({
    cellSize: SIZE,
    extent: 1000,
    border: CELL_BORDER,
    openStream: () => new RowStream(nextStream++, "sight", 5),
    closeStream: () => {},
    onCross: () => {},
  });
  const own = committed(at);
  const interest = new SeatInterest(grid, radius, own);
  let tick = 0;
  const look = (focus?: Focus) => {
    if (focus !== undefined) interest.lookAt(focus);
    return interest.update(++tick);
  };
  return { grid, own, interest, look };
}

const placesOf = (cells: readonly Cell[]): string[] =>
  cells.map(({ level, column, row }) => `${level}: ${column},${row}`).toSorted();
const around = (level: number, columns: readonly number[], rows: readonly number[]): string[] =>
  columns.flatMap((column) => rows.map((row) => `${level}: ${column},${row}`)).toSorted();

describe("[INT-10] a player follows the cells around what they look at", () => {
  test("their own row, to begin with", () => {
    const { interest, look } = setup();
    const { entered, released } = look();
    expect(placesOf(interest.held)).toEqual(around(0, [-1, 0, 1], [-1, 0, 1]));
    expect([placesOf(entered), released]).toEqual([placesOf(interest.held), []]);
  });

  test("as far as the radius says", () => {
    const far = setup({ radius: 2 });
    far.look();
    expect(placesOf(far.interest.held)).toEqual(around(0, [-2, -1, 0, 1, 2], [-2, -1, 0, 1, 2]));
    const near = setup({ radius: 0 });
    near.look();
    expect(placesOf(near.interest.held)).toEqual(["0: 0,0"]);
  });

  test("a point, or several with what they share once", () => {
    const { interest, look } = setup();
    look({ x: -45, y: 95 });
    expect(placesOf(interest.held)).toEqual(around(0, [-6, -5, -4], [8, 9, 10]));
    look([
      { x: 5, y: 5 },
      { x: 15, y: 5 },
    ]);
    expect(placesOf(interest.held)).toEqual(around(0, [-1, 0, 1, 2], [-1, 0, 1]));
  });

  test("nothing where there is nothing to look at", () => {
    const { grid, interest, look } = setup();
    look();
    look([]);
    expect([interest.held, grid.cellCount]).toEqual([[], 0]);
    expect(look([])).toEqual({ entered: [], released: [] });
    const rowless = new SeatInterest(grid, 1, undefined);
    expect(rowless.update(1)).toEqual({ entered: [], released: [] });
    look({ x: Number.NaN, y: 5 });
    expect(interest.held).toEqual([]);
  });

  test("what they see moves with it: the cells behind are let go, those ahead are entered", () => {
    const { own, interest, look } = setup();
    look();
    const kept = interest.held.find(({ column, row: line }) => column === 1 && line === 0);
    place(own, { x: 15, y: 5 });
    const { entered, released } = look();
    expect(placesOf(entered)).toEqual(around(0, [2], [-1, 0, 1]));
    expect(placesOf(released)).toEqual(around(0, [-1], [-1, 0, 1]));
    expect(interest.held).toContain(kept);
  });

  test("who looks away and back before the tick ends has seen no change", () => {
    const { interest, look } = setup();
    look();
    const before = interest.held;
    interest.lookAt("everything");
    interest.lookAt({ x: 400, y: 400 });
    expect(look("own-row")).toEqual({ entered: [], released: [] });
    expect(interest.held).toBe(before);
  });

  test.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 2 ** 60])(
    "also at %d, where no neighbour can be counted",
    (x) => {
      const { interest, look } = setup({ radius: 2 });
      look({ x, y: -x });
      expect(new Set(interest.held).size).toBe(25);
      expect(look()).toEqual({ entered: [], released: [] });
    },
  );

  test("when they are gone, they follow nothing", () => {
    const { grid, interest, look } = setup();
    look();
    interest.releaseAll();
    expect([interest.held, grid.cellCount]).toEqual([[], 0]);
    interest.releaseAll();
    expect(grid.cellCount).toBe(0);
  });
});

describe("[INT-2] what is looked at leaves its cell only a tenth of a cell beyond the border", () => {
  test("a row that walks 5 % to and fro over a border changes nothing", () => {
    const { own, look } = setup({ at: { x: 9.5, y: 0.5 } });
    look();
    for (let step = 1; step < 20; step++) {
      place(own, { x: step % 2 === 0 ? 9.5 : 10.5, y: step % 3 === 0 ? -0.5 : 0.5 });
      expect(look()).toEqual({ entered: [], released: [] });
    }
  });

  test("each of several points by itself, whatever the others do", () => {
    const { interest, look } = setup({ radius: 0 });
    look([
      { x: 5, y: 5 },
      { x: 105, y: 5 },
    ]);
    look([
      { x: 45, y: 5 },
      { x: 110.5, y: 5 },
    ]);
    expect(placesOf(interest.held)).toEqual(["0: 10,0", "0: 4,0"]);
  });
});

describe("[INT-11] at most 28 cells are followed; whoever sees more follows coarser cells", () => {
  test.each([
    [1, 1, 0, 9],
    [1, 2, 0, 25],
    [1, 3, 1, 9],
    [1, 8, 1, 25],
    [1, 9, 2, 9],
    [3, 1, 0, 27],
    [4, 1, 4, 1],
    [28, 0, 0, 28],
    [29, 0, 4, 1],
    [1, 100, 3, 25],
  ])("%d points with radius %d are at level %d: %d cells", (count, radius, level, cells) => {
    const { interest, look } = setup({ radius });
    look(Array.from({ length: count }, (_, i) => ({ x: i * 3000, y: -i * 3000 })));
    expect(new Set(interest.held.map((cell) => cell.level))).toEqual(new Set([level]));
    expect(interest.held).toHaveLength(cells);
  });

  test("everything is one cell, and switching back is exact", () => {
    const { grid, interest, look } = setup();
    look();
    const before = placesOf(interest.held);
    const away = look("everything");
    expect(placesOf(interest.held)).toEqual([`${grid.coarsest}: 0,0`]);
    expect(placesOf(away.released)).toEqual(before);
    expect(look("everything")).toEqual({ entered: [], released: [] });
    const back = look("own-row");
    expect(placesOf(back.entered)).toEqual(before);
    expect(placesOf(back.released)).toEqual([`${grid.coarsest}: 0,0`]);
    expect(grid.cellCount).toBe(9);
  });

  test("everything, seen by more points than cells, is the same one cell", () => {
    const { look } = setup();
    look(Array.from({ length: 5 }, (_, x) => ({ x, y: 0 })));
    expect(look("everything")).toEqual({ entered: [], released: [] });
    expect(look(Array.from({ length: 5 }, (_, x) => ({ x, y: 0 })))).toEqual({ entered: [], released: [] });
  });

  const coordinate = fc.oneof(
    fc.integer({ min: -60, max: 60 }),
    fc.double({ min: -500, max: 500, noNaN: true }),
  );
  const point = fc.record({ x: coordinate, y: coordinate });
  const focus: fc.Arbitrary<Focus> = fc.oneof(
    { weight: 4, arbitrary: point },
    { weight: 2, arbitrary: fc.array(point, { maxLength: 5 }) },
    fc.constantFrom<Focus>("own-row", "everything"),
  );

  test("whatever is looked at, changes tell exactly how the cells followed came about, each held once", () => {
    fc.assert(
      fc.property(fc.nat(3), fc.array(focus, { maxLength: 12 }), (radius, looks) => {
        const { grid, interest, look } = setup({ radius });
        let known = new Set<Cell>();
        for (const each of looks) {
          const { entered, released } = look(each);
          for (const cell of released) expect(known.delete(cell)).toBe(true);
          for (const cell of entered) expect(known.has(cell)).toBe(false);
          known = new Set([...known, ...entered]);
          expect(new Set(interest.held)).toEqual(known);
          expect(interest.held).toHaveLength(known.size);
          expect(known.size).toBeLessThanOrEqual(28);
          expect(new Set([...known].map(({ level }) => level)).size).toBeLessThanOrEqual(1);
          expect([...known].every(({ holders }) => holders === 1)).toBe(true);
          expect(grid.cellCount).toBe(known.size);
        }
        interest.releaseAll();
        expect(grid.cellCount).toBe(0);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe("[INT-5] the world is as large as its positions can say", () => {
  test.each([
    [fixed(0, 4000, 0.1), u8, 4000],
    [fixed(-100, 50, 0.1), u8, 256],
    [fixed(900, 1000, 1), fixed(0, 1, 0.1), 1000],
    [i16, u8, 65536],
    [i32, u32, 2 ** 32],
  ] as const)("%#", (x, y, extent) => {
    const { description } = defineGame({
      name: "test",
      tickRate: 20,
      state: { things: table({ x, y }, { position: ["x", "y"] }), scores: table({ n: u32 }) },
    });
    expect(worldExtent(description)).toBe(extent);
  });
});
