import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixed, i32, u8 } from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { table } from "../definition/table.ts";
import type { CommittedRow } from "./committed-row.ts";
import type { Wire } from "./field-codec.ts";
import { type FieldLayout, gameLayout, type TableLayout } from "./game-layout.ts";
import { LEFT_FOR_GOOD, RowStream } from "./row-stream.ts";
import { type Cell, positionOf, SightGrid, standsInCells } from "./sight-grid.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: {
    things: table({ x: fixed(-500, 500, 0.01), y: fixed(-500, 500, 0.01), n: u8 }, { position: ["x", "y"] }),
    scores: table({ n: u8 }),
    stars: table({ x: i32, y: i32 }, { position: ["x", "y"] }),
  },
});
const layout = gameLayout(game.description);
const [things, scores, stars] = layout.tables as [TableLayout, TableLayout, TableLayout];
const ALL = 0b111;
const HORIZON = 5;
const FINEST = 0;
const context = { outOfRange: () => {}, holds: () => true };

function setup(extent = 1000) {
  const closed: number[] = [];
  const crossed: number[] = [];
  const dirty: RowStream[] = [];
  let nextStream = 1;
  const grid = new SightGrid({
    cellSize: 10,
    extent,
    border: 0.1,
    openStream: () => new RowStream(nextStream++, "sight", HORIZON, (stream) => dirty.push(stream)),
    closeStream: ({ id }) => closed.push(id),
    onCross: ({ id }) => crossed.push(id),
  });
  /** A row as a commit leaves it. */
  const committed = (id: number, x: number, y: number, table = things): CommittedRow => ({
    id,
    table,
    source: { id },
    values: [...wire(table, x, y), 0],
    changedAt: [1, 1, 1],
    quantised: [],
    sent: true,
    removed: false,
    ownerStream: undefined,
    cells: [],
    group: undefined,
  });
  const move = (row: CommittedRow, x: number, y: number, tick = 2): void => {
    row.values.splice(0, 2, ...wire(row.table, x, y));
    grid.change(row, 0b011, tick);
  };
  return { grid, closed, dirty, crossed, committed, move };
}

/** A position as it is committed. */
const wire = (table: TableLayout, ...position: number[]): Wire[] =>
  position.map((value, field) => (table.fields[field] as FieldLayout).codec.quantise(value, context));

const placeOf = (row: CommittedRow, level = FINEST): unknown => {
  const cell = row.cells[level];
  return cell && [cell.column, cell.row];
};

describe("[INT-1] a row stands in the square cell of its position", () => {
  test.each([
    [0, 0, [0, 0]],
    [9.9, 10, [0, 1]],
    [-0.5, -10, [-1, -1]],
    [-10.5, 499, [-2, 49]],
  ])("at %d, %d", (x, y, place) => {
    const { grid, committed } = setup();
    const row = committed(1, x, y);
    grid.enter(row, 1);
    expect(placeOf(row)).toEqual(place);
  });

  test("where everybody sees it: one that is beyond the world's edge stands at the edge", () => {
    const { grid, committed, move } = setup();
    const row = committed(1, 1e9, 0);
    grid.enter(row, 1);
    expect(placeOf(row)).toEqual([50, 0]);
    move(row, 0, Number.NEGATIVE_INFINITY);
    expect(placeOf(row)).toEqual([0, -50]);
  });

  test("and whoever looks at it is told when it comes into another, once however many levels there are", () => {
    const { grid, committed, move, crossed } = setup();
    const row = committed(1, 5, 5);
    grid.enter(row, 1);
    grid.hold(1, 0, 0, 1);
    move(row, 8, 8);
    expect(crossed).toEqual([]);
    move(row, 15, 5);
    move(row, 95, 5);
    expect(crossed).toEqual([1, 1]);
  });

  test("also in a world of more cells than can be counted: what is far out is not taken for another", () => {
    const { grid, committed } = setup(2 ** 32);
    const places = [-(2 ** 31), -(2 ** 30), -5, 5, 2 ** 30, 2 ** 31 - 1];
    const rows = places.flatMap((x, i) => places.map((y, j) => committed(i * 10 + j + 1, x, y, stars)));
    for (const row of rows) grid.enter(row, 1);
    for (const row of rows) {
      const { x, y } = positionOf(row);
      const [cell, ...more] = grid.at(x, y);
      expect([cell, more]).toEqual([row.cells[FINEST], []]);
      // Who is in it is on that side of the world.
      for (const other of rows.filter((each) => cell?.stream.has(each))) {
        expect(Math.sign(positionOf(other).x)).toBe(Math.sign(x));
        expect(Math.sign(positionOf(other).y)).toBe(Math.sign(y));
      }
    }
  });

  test.each([Number.POSITIVE_INFINITY, -(2 ** 60), 1e300])(
    "and around %d there are cells, too, each its own",
    (x) => {
      const { grid } = setup();
      const [column, row] = [grid.place(FINEST, x), grid.place(FINEST, -x)];
      const cells = new Set<Cell>();
      for (let beside = -100; beside <= 100; beside++)
        cells.add(grid.hold(FINEST, column + beside, row - beside, 1));
      expect(cells.size).toBe(201);
      expect(grid.cellCount).toBe(201);
      expect([...grid.at(x, -x)]).toEqual([grid.hold(FINEST, column, row, 1)]);
    },
  );

  test("and no row of a table without a position, or that the room sees", () => {
    expect([things, scores].map(standsInCells)).toEqual([true, false]);
    const folded = gameLayout(game.description, "room");
    expect(folded.tables.map(standsInCells)).toEqual([false, false, false]);
  });
});

describe("[INT-2] a row stays in its cell until it is a tenth of a cell beyond the border", () => {
  test("whoever walks 5 % to and fro over a border changes no cell", () => {
    const { grid, committed, move, closed } = setup();
    const row = committed(1, 9.5, 5);
    grid.enter(row, 1);
    for (let tick = 2; tick < 50; tick++) {
      move(row, tick % 2 === 0 ? 10.5 : 9.5, tick % 3 === 0 ? -0.5 : 0.5, tick);
      expect(placeOf(row)).toEqual([0, 0]);
    }
    expect(closed).toEqual([]);
  });

  test.each([
    [10.9, 0],
    [11, 1],
    [-1, 0],
    [-1.1, -1],
    [25, 2],
  ])("from the cell of 0 to 10, at %d it is in column %d", (x, column) => {
    const { grid, committed, move } = setup();
    const row = committed(1, 5, 5);
    grid.enter(row, 1);
    move(row, x, 5);
    expect(placeOf(row)).toEqual([column, 0]);
  });

  test("wherever it goes, it is never farther from its cell than that", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 1 }), (xs) => {
        const { grid, committed, move } = setup();
        const row = committed(1, 0, 0);
        grid.enter(row, 1);
        for (const [index, to] of xs.entries()) {
          const before = (row.cells[FINEST] as Cell).column;
          move(row, to, 0, index + 2);
          const { column } = row.cells[FINEST] as Cell;
          const { x } = positionOf(row);
          expect(x).toBeGreaterThanOrEqual((column - 0.1) * 10 - 1e-9);
          expect(x).toBeLessThanOrEqual((column + 1.1) * 10 + 1e-9);
          // It stays where it can, and else is where its position says.
          if (column !== before) expect(column).toBe(Math.floor(x / 10));
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe("[INT-3] who crosses a border stands in the entered cell and has left the other, to that one", () => {
  test("at once in both", () => {
    const { grid, committed, move } = setup();
    const row = committed(7, 5, 5);
    grid.enter(row, 1);
    const from = grid.hold(FINEST, 0, 0, 1);
    const to = grid.hold(FINEST, 1, 0, 1);
    move(row, 15, 5);
    expect(from.stream.takeDelta(2)).toEqual({ rows: [], leaves: [0, 7, to.stream.id + 1] });
    expect(to.stream.takeDelta(2).rows).toEqual([0, [7, ALL * 2 + 1, ...row.values]]);
    expect([from.stream.has(row), to.stream.has(row)]).toEqual([false, true]);
  });

  test("a change in place is told to the cell alone, and moves nothing", () => {
    const { grid, committed, closed } = setup();
    const row = committed(7, 5, 5);
    grid.enter(row, 1);
    const { stream } = grid.hold(FINEST, 0, 0, 1);
    row.values[2] = 9;
    grid.change(row, 0b100, 2);
    expect(stream.takeDelta(2)).toEqual({ rows: [0, [7, 0b100 * 2, 9]], leaves: [] });
    expect([grid.cellCount, closed]).toEqual([1, []]);
  });

  test("a row that crosses and is removed in one tick is gone for good from where it stood", () => {
    const { grid, committed } = setup();
    const row = committed(7, 5, 5);
    grid.enter(row, 1);
    const { stream } = grid.hold(FINEST, 0, 0, 1);
    const beside = grid.hold(FINEST, 1, 0, 1);
    // The commit removes first: where the row went meanwhile, nobody has heard of.
    row.values.splice(0, 1, ...wire(things, 15));
    grid.leave(row, 2);
    expect(stream.takeDelta(2).leaves).toEqual([0, 7, LEFT_FOR_GOOD]);
    expect(beside.stream.quiet).toBe(true);
  });
});

describe("[INT-4] a cell is there while it has rows or holders", () => {
  test("the last row's leaving drops it, and its stream's id is given back once", () => {
    const { grid, committed, move, closed } = setup();
    const [a, b] = [committed(1, 5, 5), committed(2, 6, 6)];
    grid.enter(a, 1);
    grid.enter(b, 1);
    const { id } = (a.cells[FINEST] as Cell).stream;
    move(a, 35, 5);
    expect([grid.cellCount, closed]).toEqual([2, []]);
    grid.leave(b, 2);
    expect([grid.cellCount, closed]).toEqual([1, [id]]);
    grid.leave(a, 3);
    expect(grid.cellCount).toBe(0);
    expect(closed).toHaveLength(2);
  });

  test("the last holder's letting go drops an empty one, and none with rows", () => {
    const { grid, committed, closed } = setup();
    grid.enter(committed(1, 5, 5), 1);
    const held = [grid.hold(FINEST, 0, 0, 1), grid.hold(FINEST, 0, 0, 1), grid.hold(FINEST, 1, 0, 1)];
    expect(held[0]).toBe(held[1]);
    for (const cell of held) grid.release(cell);
    expect([grid.cellCount, closed]).toEqual([1, [held[2]?.stream.id]]);
  });

  test("after any history nothing is left, of cells nor of streams", () => {
    const step = fc.record({
      what: fc.constantFrom("enter", "move", "leave", "hold", "release"),
      at: fc.nat(),
      level: fc.nat(3),
      x: fc.integer({ min: -50, max: 50 }),
      y: fc.integer({ min: -50, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { grid, committed, move, closed } = setup();
        const rows: CommittedRow[] = [];
        const held: Cell[] = [];
        const opened = new Set<number>();
        steps.forEach(({ what, at, level, x, y }, index) => {
          const row = rows[at % (rows.length + 1)];
          if (what === "enter") {
            const entering = committed(index, x, y);
            rows.push(entering);
            grid.enter(entering, index);
          } else if (what === "hold")
            held.push(grid.hold(level, grid.place(level, x), grid.place(level, y), index));
          else if (what === "move" && row !== undefined) move(row, x, y, index);
          else if (what === "leave" && row !== undefined) {
            rows.splice(rows.indexOf(row), 1);
            grid.leave(row, index);
          } else if (what === "release") {
            const [cell] = held.splice(at % (held.length + 1), 1);
            if (cell !== undefined) grid.release(cell);
          }
          const cells = new Set([
            ...held,
            ...rows.flatMap((each) => each.cells.filter((cell) => cell !== undefined)),
          ]);
          for (const { stream } of cells) opened.add(stream.id);
          expect(grid.cellCount).toBe(cells.size);
          for (const cell of cells)
            expect(cell.stream.size).toBe(rows.filter((each) => each.cells[cell.level] === cell).length);
        });
        for (const row of rows) grid.leave(row, 99);
        for (const cell of held) grid.release(cell);
        expect(grid.cellCount).toBe(0);
        expect(closed.toSorted((a, b) => a - b)).toEqual([...opened].sort((a, b) => a - b));
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("[INT-5] levels are four times as wide each, up to one cell of everything", () => {
  test("as many as the world needs", () => {
    const { grid } = setup(1000);
    expect([0, 1, 2, 3, 4].map((level) => grid.sizeOf(level))).toEqual([
      10,
      40,
      160,
      640,
      Number.POSITIVE_INFINITY,
    ]);
    expect(grid.coarsest).toBe(4);
    expect(setup(10).grid.coarsest).toBe(0);
  });

  test("a level takes part from its first holder on, with the rows that are there and those that come", () => {
    const { grid, committed, move } = setup();
    const [a, b] = [committed(1, 5, 5), committed(2, -45, 5)];
    grid.enter(a, 1);
    expect(placeOf(a, 1)).toBeUndefined();
    const cell = grid.hold(1, 0, 0, 2);
    expect(cell.stream.keyframe()).toEqual([0, [1, ALL * 2 + 1, ...a.values]]);
    grid.enter(b, 3);
    expect([placeOf(a, 1), placeOf(b, 1)]).toEqual([
      [0, 0],
      [-2, 0],
    ]);
    move(b, 5, 5, 4);
    expect(cell.stream.takeDelta(4).rows).toEqual([0, [2, ALL * 2 + 1, ...b.values]]);
    expect(placeOf(b)).toEqual([0, 0]);
  });

  test("one cell holds everything, wherever it is", () => {
    const { grid, committed, move } = setup();
    const row = committed(1, -500, 500);
    grid.enter(row, 1);
    const cell = grid.hold(grid.coarsest, 0, 0, 1);
    move(row, 1e12, -1e12);
    expect(cell.stream.has(row)).toBe(true);
    expect(cell.stream.takeDelta(2)).toEqual({
      rows: [0, [1, 0b011 * 2, row.values[0], row.values[1]]],
      leaves: [],
    });
  });

  test("at a point there is one cell of each level in use", () => {
    const { grid, committed } = setup();
    grid.enter(committed(1, 5, 5), 1);
    const cells = [grid.hold(FINEST, 0, 0, 1), grid.hold(1, 0, 0, 1), grid.hold(grid.coarsest, 0, 0, 1)];
    expect([...grid.at(7, 7)]).toEqual(cells);
    expect(cells.map((cell) => grid.covers(cell, 7, 7))).toEqual([true, true, true]);
    expect([...grid.at(17, 7)]).toEqual(cells.slice(1));
    expect(cells.map((cell) => grid.covers(cell, 17, 7))).toEqual([false, true, true]);
  });
});

describe("[INT-6] a cell that nobody follows says nothing, and knows its rows", () => {
  test("whoever begins to follow it gets the rows by the keyframe, and from then on the changes", () => {
    const { grid, committed, dirty } = setup();
    const row = committed(1, 5, 5);
    grid.enter(row, 1);
    row.values[2] = 8;
    grid.change(row, 0b100, 2);
    expect(dirty).toEqual([]);
    const cell = grid.hold(FINEST, 0, 0, 2);
    expect(cell.stream.takeDelta(2)).toEqual({ rows: [], leaves: [] });
    expect(cell.stream.keyframe()).toEqual([0, [1, ALL * 2 + 1, ...row.values]]);
    grid.change(row, 0b100, 3);
    expect(dirty).toEqual([cell.stream]);
    expect(cell.stream.takeDelta(3).rows).toEqual([0, [1, 0b100 * 2, 8]]);
    grid.release(cell);
    grid.change(row, 0b100, 4);
    expect([dirty.length, cell.stream.quiet]).toEqual([1, true]);
  });

  test("its memory of who left ends with the horizon, however many come and go", () => {
    const { grid, committed, move } = setup();
    const stays = committed(1, 5, 5);
    grid.enter(stays, 1);
    const { stream } = stays.cells[FINEST] as Cell;
    for (let tick = 2; tick < 100; tick++) {
      const passer = committed(tick, 5, 5);
      grid.enter(passer, tick);
      move(passer, 15, 5, tick);
      expect(stream.deltaSince(0).leaves.length / 3).toBeLessThanOrEqual(HORIZON);
    }
    expect(stream.deltaSince(97).leaves.filter((_, at) => at % 3 === 1)).toEqual([98, 99]);
  });
});
