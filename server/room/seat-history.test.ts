import { expect, test } from "vitest";
import { RowStream } from "../../shared/state/row-stream.ts";
import type { Cell } from "../../shared/state/sight-grid.ts";
import { SeatHistory } from "./seat-history.ts";

const cell = (id: number): Cell => ({
  level: 0,
  column: id,
  row: 0,
  stream: new RowStream(id, "sight", 100),
  holders: 1,
});
const [a, b, c] = [cell(1), cell(2), cell(3)];

/** Followed: a from 5 on, b from 5 to 8, c from 8 on and b again from 11 on. */
function moved(): SeatHistory {
  const history = new SeatHistory();
  history.followed(5, { entered: [a, b], released: [] });
  history.followed(8, { entered: [c], released: [b] });
  history.followed(11, { entered: [b], released: [] });
  return history;
}
const now = [a, c, b];

test("[RET-2] what was followed at a tick is told from what is followed now", () => {
  const heldAt = (tick: number) => [...moved().heldAt(tick, now).keys()].map(({ id }) => id).sort();
  expect([4, 5, 7, 8, 10, 11].map(heldAt)).toEqual([[], [1, 2], [1, 2], [1, 3], [1, 3], [1, 2, 3]]);
});

test("[RET-2] events of a stream count while it was followed, the tick in which it was left included", () => {
  const spans = moved()
    .spans(6, now, 20)
    .map(({ followed, after, upTo }) => [followed.stream.id, after, upTo]);
  expect(spans.sort()).toEqual([
    [1, 6, 20],
    [2, 11, 20],
    [2, 6, 8],
    [3, 8, 20],
  ]);
});

test("[RET-2] what a client acknowledged is forgotten, and nobody may stand before that", () => {
  const history = moved();
  history.told(7, { events: [[1, 0]], replies: [[1, 0, "x"]], late: [] });
  history.told(9, { events: [[2, 0]], replies: [], late: [3, 4] });
  expect(history.toldSince(6)).toEqual({
    events: [
      [1, 0],
      [2, 0],
    ],
    replies: [[1, 0, "x"]],
    late: [3, 4],
  });
  history.forget(8);
  expect(history.toldSince(0)).toEqual({ events: [[2, 0]], replies: [], late: [3, 4] });
  expect([history.reaches(7), history.reaches(8), history.lostUpTo]).toEqual([false, true, 8]);
});

test("[RET-7] of too much the oldest goes, and that is known", () => {
  const history = new SeatHistory();
  for (let tick = 1; tick <= 1_025; tick++)
    history.told(tick, { events: [[tick, 0]], replies: [], late: [] });
  expect(history.toldSince(0).events).toHaveLength(1_024);
  expect(history.lostUpTo).toBe(1);
});
