import { describe, expect, test } from "vitest";
import {
  bool,
  bytes,
  cold,
  fixed,
  i16,
  list,
  optional,
  ref,
  text,
  u8,
  u16,
  visibleTo,
} from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { record, table } from "../definition/table.ts";
import { CommittedState, type OutOfRangeWarning } from "./committed-state.ts";
import { InvalidValueError } from "./field-codec.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { RowStream } from "./row-stream.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: {
    things: table({
      x: fixed(0, 100, 0.1),
      hp: u8,
      name: text(8),
      of: ref("things"),
      tags: list(u16, 3),
      data: bytes(4),
      level: cold(list(u8, 8)),
      maybe: optional(i16),
    }),
    hands: table({ open: bool, secret: visibleTo("owner", u8) }, { owner: "player" }),
    match: record({ round: u8 }),
  },
});
const layout = gameLayout(game.description);
const [things, hands, match] = layout.tables as [TableLayout, TableLayout, TableLayout];
const field = (table: TableLayout, name: string) => table.fields.findIndex((each) => each.name === name);

function setup(idRestTicks = 10) {
  const warnings: OutOfRangeWarning[] = [];
  const room = new RowStream(0, "room", 10);
  const state = new CommittedState(layout, {
    roomStream: room,
    idRestTicks,
    onOutOfRange: (warning) => warnings.push(warning),
  });
  let tick = 0;
  /** Ends a tick and takes what the room is sent. */
  const commit = () => {
    tick += 1;
    state.commit(tick);
    return room.takeDelta(tick);
  };
  const committed = (table: TableLayout, id: number, name: string) =>
    [...state.rows(table)].find((row) => row.id === id)?.values[field(table, name)];
  return { state, room, warnings, commit, committed };
}

const bit = (name: string) => 1 << field(things, name);

test("[STA-9] a row that moves 0.9 units a second at 20 Hz moves, although its step is 0.1", () => {
  const { state, commit, committed } = setup();
  const row = state.add(things, { x: 10 }) as { id: number; x: number };
  const seen: unknown[] = [];
  for (let tick = 0; tick < 20; tick++) {
    row.x += 0.9 / 20;
    commit();
    seen.push(committed(things, row.id, "x"));
  }
  expect(row.x).toBeCloseTo(10.9);
  expect(seen.at(-1)).toBe(109);
  expect(new Set(seen).size).toBe(10);
});

test("[STA-5] a new row has what was given, and initial values for the rest", () => {
  const { state, commit, committed } = setup();
  const row = state.add(things, { hp: 7, maybe: -3 });
  expect(row).toEqual({
    id: 1,
    x: 0,
    hp: 7,
    name: "",
    of: undefined,
    tags: [],
    data: new Uint8Array(0),
    level: [],
    maybe: -3,
  });
  commit();
  expect(committed(things, 1, "hp")).toBe(7);
  expect(state.find("things", 1)).toBe(row);
  expect(state.find("nothing", 1)).toBeUndefined();
  expect(state.size(things)).toBe(1);
});

test("[STA-16] only what changed goes out, and nothing when nothing did", () => {
  const { state, commit } = setup();
  const row = state.add(things, {}) as {
    id: number;
    x: number;
    hp: number;
    tags: number[];
    data: Uint8Array;
  };
  state.add(match, {});
  const all = 2 ** things.fields.length - 1;
  expect(commit()).toEqual({
    rows: [0, [1, all * 2 + 1, 0, 0, "", 0, [], new Uint8Array(0), [], null], 2, [1, 3, 0]],
    leaves: [],
  });
  expect(commit()).toEqual({ rows: [], leaves: [] });
  row.hp = 3;
  row.x = 0.04;
  expect(commit()).toEqual({ rows: [0, [1, bit("hp") * 2, 3]], leaves: [] });
  row.x = 0.03;
  row.tags = [];
  row.data = new Uint8Array(0);
  expect(commit()).toEqual({ rows: [], leaves: [] });
});

describe("[STA-7] what an author changes in place", () => {
  test("is seen in a list and in bytes", () => {
    const { state, commit, committed } = setup();
    const row = state.add(things, { tags: [1], data: Uint8Array.of(1) }) as never as {
      tags: number[];
      data: Uint8Array;
    };
    commit();
    row.tags.push(2);
    row.data[0] = 9;
    expect(commit().rows).toEqual([0, [1, (bit("tags") | bit("data")) * 2, [1, 2], Uint8Array.of(9)]]);
    expect(committed(things, 1, "tags")).toEqual([1, 2]);
  });

  test("is not seen in a cold field, which is compared by identity alone", () => {
    const { state, commit, committed } = setup();
    const row = state.add(things, { level: [1] }) as never as { level: number[] };
    commit();
    row.level.push(2);
    expect(commit().rows).toEqual([]);
    row.level = [...row.level];
    expect(commit().rows).toEqual([0, [1, bit("level") * 2, [1, 2]]]);
    row.level = [1, 2];
    expect(commit().rows).toEqual([]);
    expect(committed(things, 1, "level")).toEqual([1, 2]);
  });
});

describe("[STA-6] a reference", () => {
  test("to a removed row becomes 0 with the same commit, also inside a list that stays the same", () => {
    const { state, commit, committed } = setup();
    const target = state.add(things, {});
    const row = state.add(things, { of: target });
    commit();
    expect(committed(things, row.id, "of")).toBe(target.id);
    state.remove(things, target);
    expect(commit()).toEqual({ rows: [0, [row.id, bit("of") * 2, 0]], leaves: [0, target.id, 0] });
  });

  test("to a row added in the same tick is its id, whichever comes first", () => {
    const { state, commit, committed } = setup();
    const row = state.add(things, {});
    row.of = state.add(things, {});
    commit();
    expect(committed(things, row.id, "of")).toBe(2);
  });

  test("to a removed row does not mean the row that got its id", () => {
    const { state, commit, committed } = setup(1);
    const target = state.add(things, {});
    const row = state.add(things, { of: target });
    commit();
    state.remove(things, target);
    commit();
    expect(state.add(things, {}).id).toBe(target.id);
    commit();
    expect(committed(things, row.id, "of")).toBe(0);
  });
});

describe("[STA-24] an event may refer", () => {
  test("to a row that was removed in its tick, which players still see when the event is told", () => {
    const { state, commit } = setup();
    const row = state.add(things, {});
    commit();
    expect(state.mayName("things", row)).toBe(true);
    state.remove(things, row);
    expect(state.mayName("things", row)).toBe(true);
    expect(state.mayName("hands", row)).toBe(false);
    commit();
    expect(state.mayName("things", row)).toBe(false);
  });

  test("not to a row that was never sent, nor to a copy of one that was", () => {
    const { state } = setup();
    const row = state.add(things, {});
    expect(state.mayName("things", { ...row })).toBe(false);
    state.remove(things, row);
    expect(state.mayName("things", row)).toBe(false);
  });
});

describe("[STA-3] a value out of range", () => {
  test("is told once a field, with table, field, row, value and bounds", () => {
    const { state, commit, warnings } = setup();
    state.add(things, {});
    const row = state.add(things, { hp: 300 });
    commit();
    expect(warnings).toEqual([{ table: "things", field: "hp", row: 2, value: 300, bounds: "0 to 255" }]);
    row.hp = -1;
    state.add(things, { hp: 999, x: -1 });
    commit();
    commit();
    expect(warnings.map((warning) => warning.field)).toEqual(["hp", "x"]);
  });
});

describe("[STA-4] what is no value of its field", () => {
  test.each([
    ["x", Number.NaN, "things.x of row 2: NaN is no number"],
    ["name", 5, "things.name of row 2: 5 is no text"],
    ["of", {}, 'things.of of row 2: an object is no row of "things"'],
    ["tags", [1, "b"], 'things.tags of row 2: "b" is no u16'],
  ])("ends the commit with its place: %s", (name, value, message) => {
    const { state, commit } = setup();
    state.add(things, {});
    const row = state.add(things, {});
    commit();
    row[name] = value;
    expect(commit).toThrow(new TypeError(message));
    expect(commit).toThrow(expect.objectContaining({ cause: expect.any(InvalidValueError) }));
  });
});

describe("[STA-15] a row that comes and goes within one tick", () => {
  test("is never sent", () => {
    const { state, commit } = setup();
    expect(state.remove(things, state.add(things, { hp: 1 }))).toBe(true);
    expect(commit()).toEqual({ rows: [], leaves: [] });
    expect(commit()).toEqual({ rows: [], leaves: [] });
  });

  test("and removing it twice, or another table's row, does nothing", () => {
    const { state, commit } = setup();
    const row = state.add(things, {});
    const hand = state.add(hands, {});
    commit();
    expect(state.remove(things, hand)).toBe(false);
    expect(state.remove(things, row)).toBe(true);
    expect(state.remove(things, row)).toBe(false);
    expect(commit().leaves).toEqual([0, row.id, 0]);
    expect(state.size(hands)).toBe(1);
  });
});

describe("[STA-14] an id rests", () => {
  test("for idRestTicks after the tick that removed its row", () => {
    const { state, commit } = setup(3);
    const removed = state.add(things, {}).id;
    commit();
    state.remove(things, state.find("things", removed) as never);
    const taken: number[] = [];
    for (let tick = 0; tick <= 3; tick++) {
      taken.push(state.add(things, {}).id);
      commit();
    }
    expect(taken).toEqual([2, 3, 4, removed]);
  });

  test("in its own table only", () => {
    const { state } = setup();
    expect([state.add(things, {}).id, state.add(hands, {}).id, state.add(match, {}).id]).toEqual([1, 1, 1]);
  });
});

test("[STA-13] an owner's field goes to the owner's stream, the rest to the room's", () => {
  const { state, commit } = setup();
  const own = new RowStream(5, "owner", 10);
  const hand = state.add(hands, { secret: 7 }, own);
  expect(commit().rows).toEqual([1, [1, 1 * 2 + 1, false]]);
  expect(own.takeDelta(1).rows).toEqual([1, [1, 2 * 2 + 1, 7]]);
  hand.secret = 8;
  expect(commit().rows).toEqual([]);
  expect(own.takeDelta(2).rows).toEqual([1, [1, 2 * 2, 8]]);
  expect(own.deltaSince(0).rows).toEqual([1, [1, 2 * 2 + 1, 8]]);
  expect(own.deltaSince(1).rows).toEqual([1, [1, 2 * 2, 8]]);
  state.remove(hands, hand);
  expect(commit().leaves).toEqual([1, 1, 0]);
  expect(own.takeDelta(3).leaves).toEqual([1, 1, 0]);
});

test("[STA-26] who left is remembered for the horizon, and nothing of what they had", () => {
  const { state, commit, room } = setup();
  const hand = state.add(hands, { secret: 7 }, new RowStream(5, "owner", 10));
  commit();
  const kept = state.committed(hands, hand.id);
  expect(kept?.ownerStream).toBeDefined();
  state.remove(hands, hand);
  commit();
  expect(room.leavesSince(1)).toEqual([1, 1, 0]);
  expect(kept?.ownerStream).toBeUndefined();
});

test("[STA-13] a table for owners alone stands in no room stream at all", () => {
  const secret = defineGame({
    name: "secret",
    tickRate: 20,
    state: { hands: table({ card: u8 }, { owner: "player", visibleTo: "owner" }) },
  });
  const layout = gameLayout(secret.description);
  const room = new RowStream(0, "room", 10);
  const own = new RowStream(1, "owner", 10);
  const state = new CommittedState(layout, { roomStream: room, idRestTicks: 10, onOutOfRange: () => {} });
  const empty = state.hash();
  const hand = state.add(layout.tables[0] as TableLayout, {}, own);
  state.commit(1);
  hand.card = 3;
  state.commit(2);
  expect(room.takeDelta(2)).toEqual({ rows: [], leaves: [] });
  expect(room.keyframe()).toEqual([]);
  expect(own.keyframe()).toEqual([0, [1, 3, 3]]);
  expect(state.hash()).toBe(empty);
  state.remove(layout.tables[0] as TableLayout, hand);
  state.commit(3);
  expect(room.takeDelta(3)).toEqual({ rows: [], leaves: [] });
});
