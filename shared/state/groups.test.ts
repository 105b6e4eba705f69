import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bool, i32, oneOf, optional, text, u8, visibleTo } from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { table } from "../definition/table.ts";
import type { CommittedRow, SourceRow } from "./committed-row.ts";
import { CommittedState } from "./committed-state.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { type Group, type GroupName, Groups, standsInGroups } from "./groups.ts";
import { LEFT_FOR_GOOD, LEFT_TO_NONE, RowStream } from "./row-stream.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: {
    units: table(
      {
        team: optional(oneOf("red", "blue")),
        hp: u8,
        plan: visibleTo("group", u8),
        way: visibleTo("group", u8),
      },
      { group: "team" },
    ),
    notes: table({ to: text(3), n: u8 }, { group: "to", visibleTo: "group" }),
    lots: table({ of: i32, n: visibleTo("group", u8) }, { group: "of" }),
    flags: table({ up: bool, n: visibleTo("group", u8) }, { group: "up" }),
    scores: table({ team: oneOf("red", "blue") }, { group: "team" }),
  },
});
const layout = gameLayout(game.description);
const [units, notes, lots, flags, scores] = layout.tables as [
  TableLayout,
  TableLayout,
  TableLayout,
  TableLayout,
  TableLayout,
];
const HORIZON = 5;
const [UNITS, NOTES, SCORES] = [0, 1, 4];
/** Of units: what their group sees, with the mark of one who enters. */
const ENTERS = 0b1100 * 2 + 1;

/** A state whose author does something, tick by tick. */
function setup() {
  const closed: number[] = [];
  const dirty: RowStream[] = [];
  let nextStream = 1;
  const groups = new Groups({
    openStream: () => new RowStream(nextStream++, "group", HORIZON, (stream) => dirty.push(stream)),
    closeStream: ({ id }) => closed.push(id),
  });
  const room = new RowStream(0, "room", HORIZON);
  const state = new CommittedState(layout, {
    roomStream: room,
    groups,
    idRestTicks: HORIZON,
    onOutOfRange: () => {},
  });
  let tick = 0;
  const commit = (): number => {
    state.commit(++tick);
    room.takeDelta(tick);
    return tick;
  };
  const add = (to: TableLayout, given: Record<string, unknown>): SourceRow => state.add(to, given);
  const rowOf = (of: TableLayout, { id }: SourceRow): CommittedRow => state.committed(of, id) as CommittedRow;
  const groupOf = (of: TableLayout, source: SourceRow): GroupName | undefined =>
    rowOf(of, source).group?.name;
  /** What the group's stream says of the last tick. */
  const news = ({ stream }: Group) => stream.takeDelta(tick);
  return { groups, state, closed, dirty, room, commit, add, rowOf, groupOf, news };
}

describe("[GRP-1] a row stands in the group that its group field names", () => {
  test("whatever its type and table; undefined is no group", () => {
    const { groups, add, commit, groupOf } = setup();
    const red = add(units, { team: "red" });
    const alone = add(units, {});
    const note = add(notes, { to: "red" });
    const lot = add(lots, { of: -7 });
    const flag = add(flags, {});
    commit();
    expect([groupOf(units, red), groupOf(units, alone), groupOf(notes, note)]).toEqual([
      "red",
      undefined,
      "red",
    ]);
    expect([groupOf(lots, lot), groupOf(flags, flag)]).toEqual([-7, false]);
    expect(groups.count).toBe(3);
    expect(groups.find("red")?.stream.size).toBe(2);
  });

  test("as it is committed: a text that was cut is the shorter one's", () => {
    const { add, commit, groupOf } = setup();
    const note = add(notes, { to: "reddish" });
    const lot = add(lots, { of: 1.4 });
    commit();
    expect([groupOf(notes, note), groupOf(lots, lot)]).toEqual(["red", 1]);
  });

  test("1, the text 1 and true are three groups, as are 0, the empty text and false", () => {
    const { groups, add, commit } = setup();
    for (const to of ["1", ""]) add(notes, { to });
    for (const of of [1, 0]) add(lots, { of });
    for (const up of [true, false]) add(flags, { up });
    commit();
    expect(groups.count).toBe(6);
    for (const name of ["1", "", 1, 0, true, false]) expect(groups.find(name)?.stream.size).toBe(1);
  });

  test("with the fields for the group alone; a table without such stands in none", () => {
    const { groups, add, commit, news, room } = setup();
    const red = groups.hold("red");
    const unit = add(units, { team: "red", hp: 9, plan: 3, way: 4 });
    add(scores, { team: "red" });
    commit();
    expect(news(red)).toEqual({ rows: [UNITS, [unit.id, ENTERS, 3, 4]], leaves: [] });
    // The word and `hp`.
    expect(room.keyframe()).toEqual([UNITS, [unit.id, 0b0011 * 2 + 1, 0, 9], SCORES, [1, 0b1 * 2 + 1, 0]]);
    expect([units, notes, scores].map(standsInGroups)).toEqual([true, true, false]);
  });
});

describe("[GRP-2] a row whose group changes", () => {
  test("enters the other whole and leaves the one, to that stream", () => {
    const { groups, add, commit, news } = setup();
    const [red, blue] = [groups.hold("red"), groups.hold("blue")];
    const unit = add(units, { team: "red", plan: 3, way: 4 });
    commit();
    news(red);
    Object.assign(unit, { team: "blue", plan: 5 });
    commit();
    expect(news(red)).toEqual({ rows: [], leaves: [UNITS, unit.id, blue.stream.id + 1] });
    expect(news(blue)).toEqual({ rows: [UNITS, [unit.id, ENTERS, 5, 4]], leaves: [] });
  });

  test("to none leaves to nowhere, and is not gone; it may come back", () => {
    const { groups, add, commit, news } = setup();
    const red = groups.hold("red");
    const unit = add(units, { team: "red" });
    commit();
    news(red);
    unit.team = undefined;
    commit();
    expect(news(red).leaves).toEqual([UNITS, unit.id, LEFT_TO_NONE]);
    unit.plan = 7;
    commit();
    expect(red.stream.quiet).toBe(true);
    unit.team = "red";
    commit();
    expect(news(red).rows).toEqual([UNITS, [unit.id, ENTERS, 7, 0]]);
  });

  test("in its table's other rows nothing changes, and a change in place is told to its group alone", () => {
    const { groups, add, commit, news } = setup();
    const [red, blue] = [groups.hold("red"), groups.hold("blue")];
    const [a, b] = [add(units, { team: "red" }), add(units, { team: "blue" })];
    commit();
    news(red);
    news(blue);
    a.way = 8;
    b.hp = 8;
    commit();
    expect(news(red)).toEqual({ rows: [UNITS, [a.id, 0b1000 * 2, 8]], leaves: [] });
    expect(blue.stream.quiet).toBe(true);
  });

  test("and is removed in one tick is gone for good from where it stood", () => {
    const { groups, state, add, commit, news } = setup();
    const [red, blue] = [groups.hold("red"), groups.hold("blue")];
    const unit = add(units, { team: "red" });
    commit();
    news(red);
    unit.team = "blue";
    state.remove(units, unit);
    commit();
    expect(news(red).leaves).toEqual([UNITS, unit.id, LEFT_FOR_GOOD]);
    expect(blue.stream.quiet).toBe(true);
  });

  test("there and back within a tick has not moved", () => {
    const { groups, add, commit, news } = setup();
    const red = groups.hold("red");
    const unit = add(units, { team: "red" });
    commit();
    news(red);
    unit.team = "blue";
    unit.team = "red";
    commit();
    expect(red.stream.quiet).toBe(true);
  });
});

describe("[GRP-3] a group is there while it has rows or members", () => {
  test("the last row's leaving drops it, and its stream's id is given back once", () => {
    const { groups, state, closed, add, commit } = setup();
    const [a, b] = [add(units, { team: "red" }), add(notes, { to: "red" })];
    commit();
    const { stream } = groups.find("red") as Group;
    a.team = "blue";
    commit();
    expect([groups.count, closed]).toEqual([2, []]);
    state.remove(notes, b);
    commit();
    expect([groups.count, closed]).toEqual([1, [stream.id]]);
    expect(groups.find("red")).toBeUndefined();
  });

  test("the last member's leaving drops an empty one, and none with rows", () => {
    const { groups, closed, add, commit } = setup();
    add(units, { team: "red" });
    commit();
    const held = [groups.hold("red"), groups.hold("red"), groups.hold("nobody's")];
    expect(held[0]).toBe(held[1]);
    expect(groups.count).toBe(2);
    for (const group of held) groups.release(group);
    expect([groups.count, closed]).toEqual([1, [held[2]?.stream.id]]);
  });

  test("after any history nothing is left, of groups nor of streams", () => {
    const teams = ["red", "blue", undefined] as const;
    const step = fc.record({
      what: fc.constantFrom("add", "turn", "remove", "hold", "release", "commit"),
      at: fc.nat(),
      team: fc.constantFrom(...teams),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { groups, state, closed, add, commit, rowOf } = setup();
        const rows: SourceRow[] = [];
        const held: Group[] = [];
        const opened = new Set<number>();
        const settle = (): void => {
          commit();
          const named = new Set([...held.map(({ name }) => name), ...rows.flatMap((row) => row.team ?? [])]);
          expect(groups.count).toBe(named.size);
          for (const row of rows) {
            const { group } = rowOf(units, row);
            expect(group?.name).toBe(row.team);
            expect(group?.stream.size).toBe(group && rows.filter(({ team }) => team === row.team).length);
          }
          for (const name of named) opened.add(groups.find(name as string)?.stream.id as number);
        };
        for (const { what, at, team } of steps) {
          const row = rows[at % (rows.length + 1)];
          if (what === "add") rows.push(add(units, { team }));
          else if (what === "turn" && row !== undefined) row.team = team;
          else if (what === "remove" && row !== undefined) {
            rows.splice(rows.indexOf(row), 1);
            state.remove(units, row);
          } else if (what === "hold") {
            const group = groups.hold(team ?? "none's");
            opened.add(group.stream.id);
            held.push(group);
          } else if (what === "release") {
            const [group] = held.splice(at % (held.length + 1), 1);
            if (group !== undefined) groups.release(group);
          } else if (what === "commit") settle();
        }
        settle();
        for (const row of rows) state.remove(units, row);
        for (const group of held) groups.release(group);
        commit();
        expect(groups.count).toBe(0);
        expect(closed.toSorted((a, b) => a - b)).toEqual([...opened].sort((a, b) => a - b));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("[GRP-4] a group without members says nothing, and knows its rows", () => {
  test("whoever begins to follow it gets the rows by the keyframe, and from then on the changes", () => {
    const { groups, dirty, add, commit, news } = setup();
    const unit = add(units, { team: "red", plan: 3 });
    commit();
    unit.plan = 4;
    commit();
    expect(dirty).toEqual([]);
    const red = groups.hold("red");
    expect(red.stream.keyframe()).toEqual([UNITS, [unit.id, ENTERS, 4, 0]]);
    unit.plan = 5;
    commit();
    expect(dirty).toEqual([red.stream]);
    expect(news(red).rows).toEqual([UNITS, [unit.id, 0b0100 * 2, 5]]);
    groups.release(red);
    unit.plan = 6;
    commit();
    expect([dirty.length, red.stream.quiet]).toEqual([1, true]);
  });

  test("its memory of who left ends with the horizon, however many come and go", () => {
    const { groups, add, commit } = setup();
    add(notes, { to: "red" });
    commit();
    const { stream } = groups.find("red") as Group;
    for (let n = 0; n < 60; n++) {
      const passer = add(notes, { to: "red" });
      commit();
      passer.to = "x";
      const tick = commit();
      expect(stream.deltaSince(0).leaves.length / 3).toBeLessThanOrEqual(HORIZON);
      expect(stream.deltaSince(tick - 1).leaves).toEqual([NOTES, passer.id, expect.any(Number)]);
    }
  });
});
