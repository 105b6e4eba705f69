import { describe, expect, test } from "vitest";
import { u8, visibleTo } from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { table } from "../definition/table.ts";
import { StreamAudience } from "../protocol/frames.ts";
import type { Wire } from "./field-codec.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { Replica, type ReplicaRow, type ReplicaSink } from "./replica.ts";

const ROOM = 0;

/** `[id, mask, values]` of a row that enters, and of one that changed. */
const enters = (id: number, mask: number, ...values: Wire[]): Wire[] => [id, mask * 2 + 1, ...values];
const changes = (id: number, mask: number, ...values: Wire[]): Wire[] => [id, mask * 2, ...values];

describe("[GRP-5] a row that goes out of its group", () => {
  const grouped = gameLayout(
    defineGame({
      name: "test",
      tickRate: 20,
      state: {
        units: table(
          {
            name: visibleTo("room", u8),
            x: u8,
            y: u8,
            plan: visibleTo("group", u8),
            aim: visibleTo("group", u8),
          },
          { position: ["x", "y"], group: "name" },
        ),
        notes: table({ to: u8, n: u8 }, { group: "to", visibleTo: "group" }),
      },
    }).description,
  );
  const [units, notes] = grouped.tables as [TableLayout, TableLayout];
  const [NAME, SIGHT, PLAN, NOTE] = [0b00001, 0b00110, 0b11000, 0b11];
  const [UNITS, NOTES] = [0, 1];
  const [CELL, RED, BLUE, NONE, GONE] = [3, 4, 5, -1, 0];
  const GROUP = StreamAudience.group;

  /** Unit 1 in a cell and in red, note 9 in red. */
  function watching() {
    const replica = new Replica(grouped, (stream) => (stream === ROOM ? "room" : "sight"));
    let told: string[] = [];
    const tell = (what: string, row: ReplicaRow, mask?: number) => {
      told.push(`${what} ${row.table.name} ${row.id}${mask === undefined ? "" : ` ${mask.toString(2)}`}`);
    };
    const sink: ReplicaSink = {
      entered: (row) => tell("entered", row),
      changed: (row, mask) => tell("changed", row, mask),
      left: (row, how) => tell(how, row),
      faded: (row, mask) => tell("faded", row, mask),
    };
    const close = () => {
      told = [];
      replica.close(sink);
      replica.sweep(sink);
      return told;
    };
    replica.stageKeyframe(CELL, [UNITS, enters(1, SIGHT, 5, 6)]);
    replica.stageKeyframe(RED, [UNITS, enters(1, PLAN, 7, 8), NOTES, enters(9, NOTE, 1, 2)], GROUP);
    replica.stageDelta(ROOM, [UNITS, enters(1, NAME, 77)], []);
    expect(close()).toEqual(["entered units 1", "entered notes 9"]);
    const unit = replica.rows(units).get(1) as ReplicaRow;
    return { replica, sink, close, unit };
  }

  test("loses the group's fields where another stream still tells of it: a change of those; else it is out of sight", () => {
    const { replica, close, unit } = watching();
    const note = replica.rows(notes).get(9);
    replica.stageDelta(RED, [], [UNITS, 1, 1 + BLUE, NOTES, 9, NONE]);
    expect(close()).toEqual(["changed units 1 11000", "out-of-sight notes 9"]);
    expect(unit.values).toEqual([77, 5, 6, undefined, undefined]);
    // With its last values.
    expect(note?.values).toEqual([1, 2]);
    expect(close()).toEqual([]);
  });

  test("the same where the group is let go, whatever it says meanwhile", () => {
    const { replica, close, unit } = watching();
    replica.stageDelta(RED, [UNITS, changes(1, 0b01000, 99), NOTES, enters(8, NOTE, 1, 1)], []);
    replica.stageRelease(RED);
    expect(close()).toEqual(["changed units 1 11000", "out-of-sight notes 9"]);
    expect(unit.values).toEqual([77, 5, 6, undefined, undefined]);
  });

  test("what changes besides is told with it, once", () => {
    const { replica, close } = watching();
    replica.stageDelta(RED, [], [UNITS, 1, NONE]);
    replica.stageDelta(CELL, [UNITS, changes(1, 0b00010, 9)], []);
    replica.stageDelta(ROOM, [UNITS, changes(1, NAME, 78)], []);
    expect(close()).toEqual(["changed units 1 11011"]);
  });

  test("is gone where it is gone for good, and has its last values", () => {
    const { replica, close, unit } = watching();
    for (const stream of [RED, CELL, ROOM]) replica.stageDelta(stream, [], [UNITS, 1, GONE, NOTES, 9, GONE]);
    expect(close().toSorted()).toEqual(["removed notes 9", "removed units 1"]);
    expect(unit.values).toEqual([77, 5, 6, 7, 8]);
  });

  test("gone for good counts though the group is let go", () => {
    const { replica, close } = watching();
    replica.stageDelta(RED, [], [NOTES, 9, GONE]);
    replica.stageRelease(RED);
    expect(close()).toEqual(["changed units 1 11000", "removed notes 9"]);
  });

  test.each([
    ["first in the one", [RED, BLUE]],
    ["first in the other", [BLUE, RED]],
  ])("to another that is followed as well changes only in its values, told %s", (_which, order) => {
    const { replica, close, unit } = watching();
    replica.stageKeyframe(BLUE, [], GROUP);
    close();
    for (const stream of order) {
      if (stream === RED) replica.stageDelta(RED, [], [UNITS, 1, 1 + BLUE, NOTES, 9, 1 + BLUE]);
      else replica.stageDelta(BLUE, [UNITS, enters(1, PLAN, 7, 9), NOTES, enters(9, NOTE, 2, 2)], []);
    }
    expect(close().toSorted()).toEqual(["changed notes 9 1", "changed units 1 10000"]);
    expect(unit.values).toEqual([77, 5, 6, 7, 9]);
  });

  test("and out of sight in one tick loses both, each told its way; what stands in neither then is out of sight", () => {
    const { replica, close, unit } = watching();
    replica.stageRelease(RED);
    replica.stageRelease(CELL);
    expect(close()).toEqual(["changed units 1 11000", "out-of-sight notes 9", "faded units 1 110"]);
    expect(unit.values).toEqual([77, undefined, undefined, undefined, undefined]);
  });

  test("what goes from one kind of stream to the other has the fields of the other alone", () => {
    const { replica, close, unit } = watching();
    // Without the room's, there is a moment in which no stream has it.
    replica.stageDelta(ROOM, [], [UNITS, 1, NONE]);
    close();
    replica.stageRelease(CELL);
    expect(close()).toEqual(["faded units 1 110"]);
    replica.stageDelta(RED, [], [UNITS, 1, NONE]);
    replica.stageKeyframe(CELL, [UNITS, enters(1, SIGHT, 5, 6)]);
    expect(close()).toEqual(["changed units 1 11110"]);
    expect(unit.values).toEqual([77, 5, 6, undefined, undefined]);
    replica.stageKeyframe(RED, [], GROUP);
    close();
    replica.stageDelta(CELL, [], [UNITS, 1, 1 + BLUE]);
    replica.stageDelta(RED, [UNITS, enters(1, PLAN, 1, 2)], []);
    expect(close()).toEqual(["changed units 1 11000", "faded units 1 110"]);
    expect(unit.values).toEqual([77, undefined, undefined, 1, 2]);
  });

  test("back in a group, its fields are a change, even with the values of before", () => {
    const { replica, close, unit } = watching();
    replica.stageRelease(RED);
    close();
    replica.stageKeyframe(BLUE, [UNITS, enters(1, PLAN, 7, 8)], GROUP);
    expect(close()).toEqual(["changed units 1 11000"]);
    expect(unit.values).toEqual([77, 5, 6, 7, 8]);
  });

  test("the stream of a group that was let go may be a cell's afterwards, and the other way round", () => {
    const { replica, close, unit } = watching();
    replica.stageRelease(RED);
    close();
    replica.stageRelease(CELL);
    close();
    replica.stageKeyframe(RED, [UNITS, enters(1, SIGHT, 5, 6)]);
    replica.stageKeyframe(CELL, [UNITS, enters(1, PLAN, 7, 8)], GROUP);
    expect(close()).toEqual(["changed units 1 11110"]);
    replica.stageRelease(RED);
    expect(close()).toEqual(["faded units 1 110"]);
    replica.stageRelease(CELL);
    expect(close()).toEqual(["changed units 1 11000"]);
    expect(unit.values).toEqual([77, undefined, undefined, undefined, undefined]);
  });

  test("of a tick that is discarded, no stream has become a group's", () => {
    const { replica, close } = watching();
    replica.stageKeyframe(CELL, [], GROUP);
    replica.discard();
    expect(close()).toEqual([]);
    replica.stageRelease(CELL);
    expect(close()).toEqual(["faded units 1 110"]);
  });

  test("what a group's keyframe does not name may be elsewhere", () => {
    const { replica, close } = watching();
    replica.stageKeyframe(RED, [], GROUP);
    expect(close()).toEqual(["changed units 1 11000", "out-of-sight notes 9"]);
  });
});
