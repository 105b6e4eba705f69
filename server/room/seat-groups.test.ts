import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Group, GroupName } from "../../shared/state/groups.ts";
import { RestingIds } from "../../shared/state/resting-ids.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { SightGrid } from "../../shared/state/sight-grid.ts";
import { Following, isGroup, MAX_FOLLOWED } from "./following.ts";
import { CELL_BORDER, SeatInterest } from "./interest.ts";
import { MAX_GROUPS, makeGroups, SeatGroups } from "./seat-groups.ts";

const NAMES: readonly GroupName[] = ["a", "b", "c", 1, 2, "1", true, false, "d", "e", "", 0];

function setup() {
  const groups = makeGroups({
    horizonTicks: 5,
    streamIds: new RestingIds(5),
    tick: () => 1,
    onDirty: () => {},
  });
  const seat = new SeatGroups(groups, () => {});
  return { groups, seat, chosen: seat.chosen };
}

const namesOf = (groups: readonly Group[]): GroupName[] => groups.map(({ name }) => name);

describe("[GRP-10] a player's groups", () => {
  test("are a set to the author at once, and followed with the tick that publishes", () => {
    const { groups, seat, chosen } = setup();
    chosen.add("a");
    chosen.add(1);
    chosen.add("a");
    expect([[...chosen], chosen.size, chosen.has("a"), chosen.has("1")]).toEqual([["a", 1], 2, true, false]);
    expect([seat.held, groups.count]).toEqual([[], 0]);
    const { entered, released } = seat.update();
    expect([namesOf(entered), released]).toEqual([["a", 1], []]);
    expect(seat.held.map(({ holders }) => holders)).toEqual([1, 1]);
    expect([chosen.delete("a"), chosen.delete("b")]).toEqual([true, false]);
    expect(namesOf(seat.held)).toEqual(["a", 1]);
    const next = seat.update();
    expect([next.entered, namesOf(next.released)]).toEqual([[], ["a"]]);
    expect([namesOf(seat.held), groups.count]).toEqual([[1], 1]);
  });

  test("deleted and added again within a tick have not changed, nor the other way round", () => {
    const { groups, seat, chosen } = setup();
    chosen.add("a");
    seat.update();
    const { held } = seat;
    chosen.delete("a");
    chosen.add("a");
    chosen.add("b");
    chosen.delete("b");
    expect(seat.update()).toEqual({ entered: [], released: [] });
    expect(seat.held).toBe(held);
    expect(groups.count).toBe(1);
  });

  test("are 8 at most; one more is refused with a sentence, and what was there stays", () => {
    const { seat, chosen } = setup();
    const eight = NAMES.slice(0, MAX_GROUPS);
    for (const name of eight) chosen.add(name);
    expect(() => chosen.add("ninth")).toThrow(
      new RangeError('a player can be in 8 groups at most: delete one before adding "ninth"'),
    );
    for (const name of eight) chosen.add(name);
    expect([...chosen]).toEqual(eight);
    chosen.delete("a");
    chosen.add("ninth");
    expect(namesOf(seat.update().entered as Group[])).toEqual([...eight.slice(1), "ninth"]);
  });

  test("are shared, each followed once by each, and let go when the player is gone", () => {
    const { groups, seat, chosen } = setup();
    const other = new SeatGroups(groups, () => {});
    for (const each of [chosen, other.chosen]) each.add("a");
    seat.update();
    other.update();
    expect(other.held).toEqual(seat.held);
    expect(groups.find("a")?.holders).toBe(2);
    seat.releaseAll();
    seat.releaseAll();
    expect(groups.find("a")?.holders).toBe(1);
    other.releaseAll();
    expect(groups.count).toBe(0);
  });

  test("after any changes are what the set says, and changes tell exactly how they came about", () => {
    const step = fc.record({
      what: fc.constantFrom("add", "delete", "tick"),
      name: fc.constantFrom(...NAMES),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { groups, seat, chosen } = setup();
        const followed = new Set<Group>();
        const wanted = new Set<GroupName>();
        for (const { what, name } of [...steps, { what: "tick", name: "" }]) {
          if (what === "add" && wanted.size < MAX_GROUPS) {
            wanted.add(name);
            chosen.add(name);
          } else if (what === "delete") expect(chosen.delete(name)).toBe(wanted.delete(name));
          else if (what === "tick") {
            const { entered, released } = seat.update();
            for (const group of released) expect(followed.delete(group)).toBe(true);
            for (const group of entered) expect(followed.has(group)).toBe(false);
            for (const group of entered) followed.add(group);
            expect(new Set(seat.held)).toEqual(followed);
            expect(new Set(namesOf(seat.held))).toEqual(wanted);
            expect(groups.count).toBe(wanted.size);
          }
        }
      }),
      { seed: 10, numRuns: 200 },
    );
  });
});

describe("[GRP-11] cells and groups together are at most 28", () => {
  function watching(radius: number) {
    const { groups, seat, chosen } = setup();
    let nextStream = 100;
    const grid = new SightGrid({
      cellSize: 10,
      extent: 1000,
      border: CELL_BORDER,
      openStream: () => new RowStream(nextStream++, "sight", 5),
      closeStream: () => {},
      onCross: () => {},
    });
    const interest = new SeatInterest(grid, radius, undefined);
    const following = new Following(interest, seat);
    let tick = 0;
    return { groups, grid, chosen, interest, following, update: () => following.update(++tick) };
  }

  test.each([
    [2, 1, 3, 0, 25],
    [2, 1, 4, 1, 9],
    [1, 2, 8, 0, 18],
    [1, 3, 1, 0, 27],
    [1, 3, 2, 4, 1],
    [0, 20, 8, 0, 20],
    [0, 21, 8, 4, 1],
  ])(
    "radius %d around %d points beside %d groups is at level %d: %d cells",
    (radius, count, members, level, cells) => {
      const { interest, chosen, following, update } = watching(radius);
      interest.lookAt(Array.from({ length: count }, (_, i) => ({ x: i * 3000, y: -i * 3000 })));
      for (const name of NAMES.slice(0, members)) chosen.add(name);
      update();
      expect(new Set(interest.held.map((cell) => cell.level))).toEqual(new Set([level]));
      expect(interest.held).toHaveLength(cells);
      expect(following.held.filter(isGroup)).toHaveLength(members);
      expect(following.held).toHaveLength(cells + members);
    },
  );

  test("whoever comes into one group more sees the same through coarser cells, and back", () => {
    const { interest, chosen, following, update } = watching(2);
    interest.lookAt({ x: 5, y: 5 });
    for (const name of ["a", "b", "c"]) chosen.add(name);
    update();
    const places = (): string[] =>
      interest.held.map(({ level, column, row }) => `${level}: ${column},${row}`);
    const before = places();
    chosen.add("d");
    const more = update();
    expect([more.entered.length, more.released.length, following.held.length]).toEqual([10, 25, 13]);
    chosen.delete("d");
    const back = update();
    expect([back.entered.length, back.released.length]).toEqual([25, 10]);
    expect(places()).toEqual(before);
  });

  test("whatever is looked at and joined, changes tell exactly what is followed, and all of it is let go", () => {
    const point = fc.record({ x: fc.integer({ min: -60, max: 60 }), y: fc.integer({ min: -60, max: 60 }) });
    const step = fc.record({
      focus: fc.oneof(fc.constant("everything" as const), fc.array(point, { maxLength: 5 })),
      name: fc.constantFrom(...NAMES),
      whether: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.nat(2), fc.array(step, { maxLength: 20 }), (radius, steps) => {
        const { groups, grid, interest, chosen, following, update } = watching(radius);
        const known = new Set<unknown>();
        for (const { focus, name, whether } of steps) {
          interest.lookAt(focus);
          if (!whether) chosen.delete(name);
          else if (chosen.size < MAX_GROUPS) chosen.add(name);
          const { entered, released } = update();
          for (const followed of released) expect(known.delete(followed)).toBe(true);
          for (const followed of entered) expect(known.has(followed)).toBe(false);
          for (const followed of entered) known.add(followed);
          expect(new Set(following.held)).toEqual(known);
          expect(following.held).toHaveLength(known.size);
          expect(known.size).toBeLessThanOrEqual(MAX_FOLLOWED);
          // Each has a stream of its own, by which it is known.
          expect(new Set(following.held.map(({ stream }) => stream)).size).toBe(known.size);
        }
        following.releaseAll();
        expect([grid.cellCount, groups.count, following.held]).toEqual([0, 0, []]);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test("in a room without interest groups alone are followed", () => {
    const { seat, chosen } = setup();
    const following = new Following(undefined, seat);
    chosen.add("a");
    expect(following.update(1).entered).toEqual(following.held);
    expect(following.held.map(isGroup)).toEqual([true]);
    following.releaseAll();
    expect(following.held).toEqual([]);
  });
});
