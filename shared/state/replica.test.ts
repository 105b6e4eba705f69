import { describe, expect, test } from "vitest";
import { list, ref, u8, visibleTo } from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { record, table } from "../definition/table.ts";
import type { Wire } from "./field-codec.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { Replica, ReplicaError, type ReplicaRow, type ReplicaSink } from "./replica.ts";
import type { RowParts } from "./row-stream.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: {
    things: table(
      { a: u8, tags: list(u8, 4), of: ref("things"), mine: visibleTo("owner", u8) },
      { owner: "player" },
    ),
    match: record({ round: u8 }),
  },
});
const layout = gameLayout(game.description);
const [things, match] = layout.tables as [TableLayout, TableLayout];
const ROOM = 0;
const OWN = 7;
const ALL = 0b0111;
const MINE = 0b1000;

/** `[id, mask, values]` of a row that enters, and of one that changed. */
const enters = (id: number, mask: number, ...values: Wire[]): Wire[] => [id, mask * 2 + 1, ...values];
const changes = (id: number, mask: number, ...values: Wire[]): Wire[] => [id, mask * 2, ...values];
const inThings = (...rows: Wire[][]): RowParts => [0, rows.flat()];

function setup(...rows: Wire[][]) {
  const replica = new Replica(layout);
  let told: string[] = [];
  const tell = (what: string) => (row: ReplicaRow, mask?: number) => {
    told.push(`${what} ${row.table.name} ${row.id}${mask === undefined ? "" : ` ${mask.toString(2)}`}`);
  };
  const sink: ReplicaSink = {
    entered: tell("entered"),
    changed: tell("changed"),
    left: (row, how) => tell(how)(row),
    faded: tell("faded"),
  };
  const heard = () => {
    const said = told;
    told = [];
    return said;
  };
  /** Ends the tick and returns what was told. */
  const close = () => {
    replica.close(sink);
    replica.sweep(sink);
    return heard();
  };
  replica.stageKeyframe(ROOM, inThings(...rows));
  close();
  const row = (id: number) => replica.rows(things).get(id);
  return { replica, sink, close, heard, row };
}

describe("[STA-18] a tick is applied whole or not at all", () => {
  test("what is staged shows when the tick closes", () => {
    const { replica, row, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, inThings(changes(1, 1, 6)), []);
    replica.stageDelta(OWN, inThings(enters(2, MINE, 1)), []);
    expect(row(1)?.values[0]).toBe(5);
    expect(row(2)).toBeUndefined();
    expect(close()).toEqual(["changed things 1 1", "entered things 2"]);
    expect(row(1)?.values[0]).toBe(6);
  });

  test("what is discarded never shows, and the next tick is applied", () => {
    const { replica, row, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, inThings(changes(1, 1, 6), enters(2, ALL, 1, [], 0)), [0, 1, 0]);
    replica.discard();
    expect(close()).toEqual([]);
    expect(row(1)?.values[0]).toBe(5);
    replica.stageDelta(ROOM, inThings(changes(1, 1, 7)), []);
    expect(close()).toEqual(["changed things 1 1"]);
  });
});

describe("[STA-19] a closed tick is told row by row, once each", () => {
  test("a row that enters in two streams enters once, with the fields of both", () => {
    const { replica, row, close } = setup();
    replica.stageDelta(OWN, inThings(enters(1, MINE, 9)), []);
    replica.stageDelta(ROOM, inThings(enters(1, ALL, 5, [], 0), changes(1, 1, 6)), []);
    expect(close()).toEqual(["entered things 1"]);
    expect(row(1)?.values).toEqual([6, [], 0, 9]);
  });

  test("changes of one row from several frames are one, with the mask of all", () => {
    const { replica, close } = setup(enters(1, ALL | MINE, 5, [], 0, 1));
    replica.stageDelta(OWN, inThings(changes(1, MINE, 2)), []);
    replica.stageDelta(ROOM, inThings(changes(1, 0b010, [3])), []);
    replica.stageDelta(ROOM, inThings(changes(1, 0b001, 6)), []);
    expect(close()).toEqual(["changed things 1 1011"]);
    expect(close()).toEqual([]);
  });

  test("values that are held already are no change, lists included", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [1, 2], 0));
    replica.stageDelta(ROOM, inThings(changes(1, ALL, 5, [1, 2], 0)), []);
    expect(close()).toEqual([]);
    replica.stageKeyframe(ROOM, inThings(enters(1, ALL, 5, [1, 3], 0)));
    expect(close()).toEqual(["changed things 1 10"]);
  });

  test("a field seen for the first time is a change", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageKeyframe(OWN, inThings(enters(1, MINE, 0)));
    expect(close()).toEqual(["changed things 1 1000"]);
  });

  test("a row that changes and leaves is told of twice: while it is there, and when it is gone", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, inThings(changes(1, 1, 0)), [0, 1, 0]);
    expect(close()).toEqual(["changed things 1 1", "removed things 1"]);
  });

  test("records are rows like any other", () => {
    const { replica, close } = setup();
    replica.stageDelta(ROOM, [1, enters(1, 1, 0)], []);
    expect(close()).toEqual(["entered match 1"]);
    expect(replica.rows(match).get(1)?.values).toEqual([0]);
  });
});

describe("[STA-20] a row stays", () => {
  test("readable after its last stream let go, until the sweep", () => {
    const { replica, sink, row, heard } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, [], [0, 1, 0]);
    replica.close(sink);
    expect(row(1)?.values[0]).toBe(5);
    expect(heard()).toEqual([]);
    replica.sweep(sink);
    expect(row(1)).toBeUndefined();
    expect(heard()).toEqual(["removed things 1"]);
    replica.sweep(sink);
    expect(heard()).toEqual([]);
  });

  test.each([
    ["the room's first", ROOM, OWN],
    ["its own first", OWN, ROOM],
  ])("until both of its streams have let go, %s", (_order, first, second) => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageKeyframe(OWN, inThings(enters(1, MINE, 3)));
    close();
    replica.stageDelta(first, [], [0, 1, 0]);
    expect(close()).toEqual([]);
    replica.stageDelta(second, [], [0, 1, 0]);
    expect(close()).toEqual(["removed things 1"]);
  });

  test("and leaves once when both let go in one tick", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(OWN, inThings(enters(1, MINE, 3)), []);
    close();
    replica.stageDelta(OWN, [], [0, 1, 0]);
    replica.stageDelta(ROOM, [], [0, 1, 0]);
    expect(close()).toEqual(["removed things 1"]);
  });

  test("where a stream lets go that never had it, since its keyframe came without it", () => {
    const { replica, row, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(OWN, [], [0, 1, 0, 0, 99, 0, 5, 1, 0]);
    expect(close()).toEqual([]);
    expect(row(1)).toBeDefined();
  });

  test("after a row of that id went, the next one is another row", () => {
    const { replica, row, close } = setup(enters(1, ALL, 5, [8], 0));
    const before = row(1);
    replica.stageDelta(ROOM, [], [0, 1, 0]);
    close();
    replica.stageDelta(ROOM, inThings(enters(1, ALL, 5, [], 0)), []);
    expect(close()).toEqual(["entered things 1"]);
    expect(row(1)).not.toBe(before);
    expect(before?.values).toEqual([5, [8], 0]);
  });
});

describe("[STA-17] a row that leaves one stream for another is moved, not removed", () => {
  const [here, there] = [3, 4];
  test.each([
    ["the one left", 0],
    ["the one entered", 1],
  ])("whichever frame comes first: %s", (_first, order) => {
    const { replica, row, close } = setup();
    replica.stageKeyframe(here, inThings(enters(1, ALL, 5, [], 0)));
    close();
    const before = row(1);
    const frames = [
      () => replica.stageDelta(here, [], [0, 1, 1 + there]),
      () => replica.stageDelta(there, inThings(enters(1, ALL, 6, [], 0)), []),
    ];
    for (const stage of order === 0 ? frames : frames.toReversed()) stage();
    expect(close()).toEqual(["changed things 1 1"]);
    expect(row(1)).toBe(before);
    expect([...(row(1)?.streams ?? [])]).toEqual([there]);
  });
});

describe("[STA-21] a keyframe says its whole stream", () => {
  test("what it does not name leaves", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0), enters(2, ALL, 6, [], 0));
    replica.stageKeyframe(ROOM, inThings(enters(2, ALL, 6, [], 0), enters(3, ALL, 7, [], 0)));
    expect(close()).toEqual(["entered things 3", "removed things 1"]);
    replica.stageKeyframe(ROOM, []);
    expect(close()).toEqual(["removed things 2", "removed things 3"]);
  });

  test("what another stream has stays", () => {
    const { replica, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(OWN, inThings(enters(1, MINE, 3)), []);
    close();
    replica.stageKeyframe(ROOM, []);
    expect(close()).toEqual([]);
    replica.stageKeyframe(OWN, []);
    expect(close()).toEqual(["removed things 1"]);
  });
});

describe("[STA-22] what cannot be is an error, not a guess", () => {
  test.each<[string, RowParts, string]>([
    ["a change of a row that never entered", inThings(changes(9, 1, 5)), "never entered"],
    ["a table that is not there", [2, enters(1, 1, 0)], "no table 2"],
    ["a row without its values", inThings(enters(2, ALL, 5, [])), "cut short"],
    ["a change without its value", inThings(changes(1, 1)), "cut short"],
    ["an id alone", inThings([1]), "cut short"],
  ])("%s", (_what, rows, message) => {
    const { replica, sink } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, rows, []);
    expect(() => replica.close(sink)).toThrow(ReplicaError);
    replica.stageDelta(ROOM, rows, []);
    expect(() => replica.close(sink)).toThrow(message);
  });

  test("a change of a row that left is one", () => {
    const { replica, sink, close } = setup(enters(1, ALL, 5, [], 0));
    replica.stageDelta(ROOM, [], [0, 1, 0]);
    close();
    replica.stageDelta(ROOM, inThings(changes(1, 1, 6)), []);
    expect(() => replica.close(sink)).toThrow(ReplicaError);
  });
});

test("[STA-6] a reference reads as the row one sees, and undefined for one that went or was never seen", () => {
  const { replica, row, close } = setup(enters(1, ALL, 0, [], 2), enters(2, ALL, 0, [], 77));
  const lookup = (table: string, id: number) => {
    const layout = replica.layout.tableByName.get(table);
    return layout && replica.rows(layout).get(id);
  };
  const of = (id: number) => things.fields[2]?.codec.restore(row(id)?.values[2] as Wire, lookup);
  expect(of(1)).toBe(row(2));
  expect(of(2)).toBeUndefined();
  replica.stageDelta(ROOM, [], [0, 2, 0]);
  close();
  expect(of(1)).toBeUndefined();
});

describe("[INT-7] what goes out of sight", () => {
  const seen = gameLayout(
    defineGame({
      name: "test",
      tickRate: 20,
      state: {
        hares: table(
          { name: visibleTo("room", u8), x: u8, y: u8, of: ref("hares") },
          { position: ["x", "y"] },
        ),
        seeds: table({ x: u8, y: u8 }, { position: ["x", "y"] }),
      },
    }).description,
  );
  const [hares, seeds] = seen.tables as [TableLayout, TableLayout];
  const [NAME, SIGHT, SEED] = [0b0001, 0b1110, 0b11];
  const [HERE, THERE, GONE] = [3, 4, 0];

  function watching() {
    const replica = new Replica(seen, (stream) => (stream === ROOM ? "room" : "sight"));
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
    replica.stageKeyframe(HERE, [0, enters(1, SIGHT, 5, 6, 1), 1, enters(9, SEED, 5, 6)]);
    replica.stageDelta(ROOM, [0, enters(1, NAME, 77)], []);
    expect(close()).toEqual(["entered hares 1", "entered seeds 9"]);
    const hare = replica.rows(hares).get(1) as ReplicaRow;
    return { replica, sink, close, hare };
  }

  test("is no more, or fades where another stream still tells of it, when its cell is let go", () => {
    const { replica, close, hare } = watching();
    replica.stageRelease(HERE);
    expect(close()).toEqual(["out-of-sight seeds 9", "faded hares 1 1110"]);
    expect(hare.values).toEqual([77, undefined, undefined, undefined]);
    expect([...replica.rows(seeds)]).toEqual([]);
    expect(close()).toEqual([]);
  });

  test("the same where it goes itself, to a cell that is not held", () => {
    const { replica, close, hare } = watching();
    replica.stageDelta(HERE, [], [0, 1, 1 + THERE, 1, 9, 1 + THERE]);
    expect(close()).toEqual(["out-of-sight seeds 9", "faded hares 1 1110"]);
    expect(hare.values[0]).toBe(77);
  });

  test("it is told once, though the row crosses to a cell that is let go as well", () => {
    const { replica, close } = watching();
    replica.stageKeyframe(THERE, []);
    close();
    replica.stageDelta(HERE, [], [0, 1, 1 + THERE, 1, 9, 1 + THERE]);
    replica.stageDelta(THERE, [0, enters(1, SIGHT, 25, 6, 1), 1, enters(9, SEED, 25, 6)], []);
    replica.stageRelease(HERE);
    replica.stageRelease(THERE);
    expect(close().toSorted()).toEqual(["faded hares 1 1110", "out-of-sight seeds 9"]);
  });

  test("whoever holds the values as they were can read them while it is told", () => {
    const { replica, sink, hare } = watching();
    const before = hare.values;
    replica.stageRelease(HERE);
    replica.close(sink);
    replica.sweep({ ...sink, faded: () => expect(before).toEqual([77, 5, 6, 1]) });
    expect(before).toEqual([77, 5, 6, 1]);
    expect(hare.values).not.toBe(before);
  });

  test("a row that crosses between two held cells is in sight all the time", () => {
    const { replica, close, hare } = watching();
    replica.stageKeyframe(THERE, []);
    close();
    replica.stageDelta(HERE, [], [0, 1, 1 + THERE]);
    replica.stageDelta(THERE, [0, enters(1, SIGHT, 25, 6, 1)], []);
    expect(close()).toEqual(["changed hares 1 10"]);
    expect(hare.values).toEqual([77, 25, 6, 1]);
  });

  test("back in sight, its fields are a change, even with the values of before", () => {
    const { replica, close, hare } = watching();
    replica.stageRelease(HERE);
    close();
    replica.stageKeyframe(THERE, [0, enters(1, SIGHT, 5, 6, 1)]);
    expect(close()).toEqual(["changed hares 1 1110"]);
    expect(hare.values).toEqual([77, 5, 6, 1]);
  });

  test("what a cell says in the tick that lets it go does not show, but for who is gone for good", () => {
    const { replica, close, hare } = watching();
    replica.stageDelta(HERE, [1, [...enters(8, SEED, 1, 1)], 0, changes(1, 0b10, 9)], [1, 9, GONE]);
    replica.stageRelease(HERE);
    expect(close()).toEqual(["removed seeds 9", "faded hares 1 1110"]);
    expect(hare.values[0]).toBe(77);
  });

  test("of a tick that is discarded, nothing is let go", () => {
    const { replica, close, hare } = watching();
    replica.stageRelease(HERE);
    replica.discard();
    expect(close()).toEqual([]);
    expect(hare.values).toEqual([77, 5, 6, 1]);
  });

  test("what the room's keyframe does not name is gone for good; what a cell's does not, may be elsewhere", () => {
    const { replica, close } = watching();
    replica.stageKeyframe(HERE, []);
    replica.stageKeyframe(ROOM, []);
    expect(close()).toEqual(["out-of-sight seeds 9", "removed hares 1"]);
  });
});
