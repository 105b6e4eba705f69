import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { u8, visibleTo } from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { table } from "../definition/table.ts";
import type { CommittedRow } from "./committed-row.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { Replica, type ReplicaSink } from "./replica.ts";
import { LEFT_FOR_GOOD, RowStream } from "./row-stream.ts";

const game = defineGame({
  name: "test",
  tickRate: 20,
  state: { things: table({ a: u8, b: u8, secret: visibleTo("owner", u8) }, { owner: "player" }) },
});
const layout = gameLayout(game.description);
const [things] = layout.tables as [TableLayout];
const HORIZON = 5;
const A = 1;
const ROOM_FIELDS = 0b011;
const silent: ReplicaSink = { entered: () => {}, changed: () => {}, left: () => {}, faded: () => {} };

/** A row as a commit of tick `tick` leaves it. */
const committed = (id: number, tick: number, ...values: number[]): CommittedRow => ({
  id,
  table: things,
  source: { id },
  values,
  changedAt: values.map(() => tick),
  quantised: [],
  sent: true,
  removed: false,
  ownerStream: undefined,
  cells: [],
  group: undefined,
});

function change(row: CommittedRow, tick: number, field: number, value: number): void {
  row.values[field] = value;
  row.changedAt[field] = tick;
}

/** What the sink hears of one closed tick. */
function heard(replica: Replica): string[] {
  const told: string[] = [];
  const sink: ReplicaSink = {
    entered: (row) => told.push(`entered ${row.id}`),
    changed: (row, mask) => told.push(`changed ${row.id} ${mask}`),
    left: (row, how) => told.push(`${how} ${row.id}`),
    faded: (row) => told.push(`faded ${row.id}`),
  };
  replica.close(sink);
  replica.sweep(sink);
  return told;
}

describe("[STA-13] a stream carries what its audience sees", () => {
  test("in deltas, keyframes and deltas since", () => {
    const room = new RowStream(0, "room", HORIZON);
    const own = new RowStream(9, "owner", HORIZON);
    const row = committed(3, 1, 10, 20, 30);
    for (const stream of [room, own]) stream.enter(row, 1);
    expect(room.takeDelta(1).rows).toEqual([0, [3, ROOM_FIELDS * 2 + 1, 10, 20]]);
    expect(own.takeDelta(1).rows).toEqual([0, [3, 0b100 * 2 + 1, 30]]);
    change(row, 2, 1, 21);
    change(row, 2, 2, 31);
    for (const stream of [room, own]) stream.change(row, 0b110);
    expect(room.takeDelta(2).rows).toEqual([0, [3, 0b010 * 2, 21]]);
    expect(own.takeDelta(2).rows).toEqual([0, [3, 0b100 * 2, 31]]);
    expect(room.deltaSince(1).rows).toEqual([0, [3, 0b010 * 2, 21]]);
    expect(own.deltaSince(1).rows).toEqual([0, [3, 0b100 * 2, 31]]);
    expect(own.keyframe()).toEqual([0, [3, 0b100 * 2 + 1, 31]]);
  });

  test("and says nothing of what it does not see", () => {
    const room = new RowStream(0, "room", HORIZON);
    const row = committed(3, 1, 10, 20, 30);
    room.enter(row, 1);
    room.takeDelta(1);
    change(row, 2, 2, 31);
    room.change(row, 0b100);
    expect(room.takeDelta(2)).toEqual({ rows: [], leaves: [] });
    expect(room.deltaSince(1)).toEqual({ rows: [], leaves: [] });
  });
});

test("[STA-16] a delta is taken once", () => {
  const room = new RowStream(0, "room", HORIZON);
  room.enter(committed(1, 1, 1, 2, 3), 1);
  expect(room.takeDelta(1).rows).not.toEqual([]);
  expect(room.takeDelta(1)).toEqual({ rows: [], leaves: [] });
});

describe("[STA-17] within one stream and tick", () => {
  const setup = () => {
    const stream = new RowStream(A, "room", HORIZON);
    const row = committed(1, 1, 10, 20, 30);
    const replica = new Replica(layout);
    const close = (tick: number) => {
      const { rows, leaves } = stream.takeDelta(tick);
      replica.stageDelta(A, rows, leaves);
      return heard(replica);
    };
    return { stream, row, replica, close };
  };

  test("a row that left and entered again stays, and only its changes are told", () => {
    const { stream, row, replica, close } = setup();
    stream.enter(row, 1);
    expect(close(1)).toEqual(["entered 1"]);
    stream.leave(row, 2, LEFT_FOR_GOOD);
    change(row, 2, 0, 11);
    stream.enter(row, 2);
    expect(close(2)).toEqual(["changed 1 1"]);
    expect(replica.rows(things).get(1)?.values).toEqual([11, 20]);
    change(row, 3, 0, 12);
    stream.change(row, 0b001);
    expect(close(3)).toEqual(["changed 1 1"]);
  });

  test("a row that entered and left again is gone when the tick ends", () => {
    const { stream, row, replica, close } = setup();
    stream.enter(row, 1);
    stream.leave(row, 1, LEFT_FOR_GOOD);
    close(1);
    expect(replica.rows(things).size).toBe(0);
    expect(stream.keyframe()).toEqual([]);
    expect(stream.deltaSince(0)).toEqual({ rows: [], leaves: [0, 1, LEFT_FOR_GOOD] });
  });

  test("a row that is not in the stream leaves it without a word", () => {
    const { stream, row } = setup();
    stream.leave(row, 1, LEFT_FOR_GOOD);
    expect(stream.takeDelta(1)).toEqual({ rows: [], leaves: [] });
    expect(stream.deltaSince(0).leaves).toEqual([]);
  });
});

describe("[STA-12] a delta since an older tick", () => {
  test("names rows that entered whole, changes by field, and those who left since", () => {
    const stream = new RowStream(A, "room", HORIZON);
    const [stays, leaves, comes] = [
      committed(1, 1, 10, 20, 30),
      committed(2, 1, 10, 20, 30),
      committed(3, 3, 1, 2, 3),
    ] as const;
    stream.enter(stays, 1);
    stream.enter(leaves, 1);
    stream.takeDelta(1);
    change(stays, 2, 0, 11);
    stream.change(stays, 0b001);
    stream.takeDelta(2);
    stream.leave(leaves, 3, 1 + 7);
    stream.enter(comes, 3);
    stream.takeDelta(3);
    expect(stream.deltaSince(0)).toEqual({
      rows: [0, [1, ROOM_FIELDS * 2 + 1, 11, 20, 3, ROOM_FIELDS * 2 + 1, 1, 2]],
      leaves: [0, 2, 8],
    });
    expect(stream.deltaSince(1)).toEqual({
      rows: [0, [1, 0b001 * 2, 11, 3, ROOM_FIELDS * 2 + 1, 1, 2]],
      leaves: [0, 2, 8],
    });
    expect(stream.deltaSince(2)).toEqual({
      rows: [0, [3, ROOM_FIELDS * 2 + 1, 1, 2]],
      leaves: [0, 2, 8],
    });
    expect(stream.deltaSince(3)).toEqual({ rows: [], leaves: [] });
  });

  test("reaches back as far as the horizon", () => {
    const stream = new RowStream(A, "room", HORIZON);
    const row = committed(1, 1, 10, 20, 30);
    stream.enter(row, 1);
    stream.takeDelta(1);
    stream.leave(row, 2, LEFT_FOR_GOOD);
    for (let tick = 2; tick <= 10; tick++) stream.takeDelta(tick);
    expect([4, 5, 6, 10].map((base) => stream.reaches(base, 10))).toEqual([false, true, true, true]);
  });

  test("leaves out who left before and came back", () => {
    const stream = new RowStream(A, "room", HORIZON);
    const row = committed(1, 1, 10, 20, 30);
    stream.enter(row, 1);
    stream.takeDelta(1);
    stream.leave(row, 2, 1 + 7);
    stream.takeDelta(2);
    stream.enter(row, 3);
    stream.takeDelta(3);
    expect(stream.deltaSince(1)).toEqual({ rows: [0, [1, ROOM_FIELDS * 2 + 1, 10, 20]], leaves: [] });
  });
});

describe("[STA-17] rows that move among streams", () => {
  /** Where each of four rows stands at the end of each tick: in one of three streams or in none. */
  const history = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  /** A detour within the tick ends where it began: a row may leave and enter one stream between two commits. */
  const detours = fc.array(fc.boolean(), { minLength: 32, maxLength: 32 });

  test("are moved, entered or gone for a client by the streams that it holds, whichever these are", () => {
    fc.assert(
      fc.property(history, detours, fc.subarray([1, 2, 3], { minLength: 1 }), (ticks, detour, held) => {
        const streams = [1, 2, 3].map((id) => new RowStream(id, "room", HORIZON));
        const rows = [1, 2, 3, 4].map((id) => committed(id, 0, 0, 0, 0));
        const replica = new Replica(layout);
        let before = [0, 0, 0, 0];
        ticks.forEach((places, index) => {
          const tick = index + 1;
          const expected: string[] = [];
          places.forEach((place, i) => {
            const row = rows[i] as CommittedRow;
            const from = streams[(before[i] as number) - 1];
            const to = streams[place - 1];
            change(row, tick, 0, tick);
            if (from !== to || detour[index * 4 + i] === true) {
              from?.leave(row, tick, place === 0 ? LEFT_FOR_GOOD : 1 + place);
              to?.enter(row, tick);
            } else to?.change(row, 0b001);
            const [saw, sees] = [held.includes(before[i] as number), held.includes(place)];
            if (saw && sees) expected.push(`changed ${row.id} 1`);
            else if (saw) expected.push(`${place === 0 ? "removed" : "out-of-sight"} ${row.id}`);
            else if (sees) expected.push(`entered ${row.id}`);
          });
          for (const stream of streams) {
            const { rows, leaves } = stream.takeDelta(tick);
            if (held.includes(stream.id)) replica.stageDelta(stream.id, rows, leaves);
          }
          expect(heard(replica).toSorted()).toEqual(expected.toSorted());
          before = places;
        });
      }),
      { seed: 171, numRuns: 400 },
    );
  });

  test("stay one row for a client that gets a keyframe of the entered stream instead of its delta", () => {
    const [from, to] = [new RowStream(1, "room", HORIZON), new RowStream(2, "room", HORIZON)];
    const row = committed(1, 1, 10, 20, 30);
    const replica = new Replica(layout);
    from.enter(row, 1);
    replica.stageKeyframe(1, from.keyframe());
    replica.close(silent);
    replica.sweep(silent);
    from.takeDelta(1);
    from.leave(row, 2, 1 + 2);
    to.enter(row, 2);
    const { rows, leaves } = from.takeDelta(2);
    replica.stageDelta(1, rows, leaves);
    replica.stageKeyframe(2, to.keyframe());
    expect(heard(replica)).toEqual([]);
    expect([...(replica.rows(things).get(1)?.streams ?? [])]).toEqual([2]);
  });
});

describe("[INT-6] a stream that nobody follows", () => {
  test("says nothing, knows its rows and who left, and speaks again when it is followed", () => {
    const stream = new RowStream(A, "room", HORIZON);
    const [first, second] = [committed(1, 1, 10, 20, 30), committed(2, 1, 10, 20, 30)];
    stream.follow("unheld");
    stream.enter(first, 1);
    stream.enter(second, 1);
    change(first, 2, 0, 11);
    stream.change(first, 0b001);
    stream.leave(second, 2, 1 + 7);
    expect([stream.quiet, stream.takeDelta(2)]).toEqual([true, { rows: [], leaves: [] }]);
    expect(stream.keyframe()).toEqual([0, [1, ROOM_FIELDS * 2 + 1, 11, 20]]);
    expect(stream.deltaSince(1)).toEqual({ rows: [0, [1, 0b001 * 2, 11]], leaves: [0, 2, 8] });
    stream.follow("held");
    stream.change(first, 0b001);
    expect(stream.takeDelta(3).rows).toEqual([0, [1, 0b001 * 2, 11]]);
  });

  test("let go in mid-tick still says to those who leave it what they were there for", () => {
    const stream = new RowStream(A, "room", HORIZON);
    const [stays, goes] = [committed(1, 1, 10, 20, 30), committed(2, 1, 10, 20, 30)];
    stream.enter(stays, 1);
    stream.enter(goes, 1);
    stream.takeDelta(1);
    change(stays, 2, 0, 11);
    stream.change(stays, 0b001);
    stream.leave(goes, 2, LEFT_FOR_GOOD);
    stream.follow("unheld");
    expect(stream.takeDelta(2)).toEqual({ rows: [0, [1, 0b001 * 2, 11]], leaves: [0, 2, LEFT_FOR_GOOD] });
    stream.follow("held");
    stream.follow("unheld");
    expect(stream.takeDelta(3)).toEqual({ rows: [], leaves: [] });
  });

  test("tells of its first news in a tick, once a tick", () => {
    let told = 0;
    const stream = new RowStream(A, "sight", HORIZON, () => {
      told += 1;
    });
    const row = {
      ...committed(1, 1, 10),
      table: { ...things, masks: { ...things.masks, room: 0, sight: 0b1 } },
    };
    stream.enter(row, 1);
    stream.change(row, 0b1);
    expect(told).toBe(1);
    stream.takeDelta(1);
    stream.leave(row, 2, LEFT_FOR_GOOD);
    expect([told, stream.quiet]).toEqual([2, false]);
  });
});
