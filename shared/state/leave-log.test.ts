import { expect, test } from "vitest";
import { type Leave, LeaveLog } from "./leave-log.ts";

const leave = (tick: number, id: number): Leave => ({ tick, table: 0, id, to: 0 });
const ids = (log: LeaveLog, base: number) => [...log.since(base)].map(({ id }) => id);

test("[STA-12] the leaves after a tick, oldest first", () => {
  const log = new LeaveLog(10);
  for (const [tick, id] of [
    [1, 5],
    [2, 6],
    [2, 7],
    [4, 8],
  ] as const)
    log.push(leave(tick, id));
  expect([0, 1, 2, 3, 4].map((base) => ids(log, base))).toEqual([[5, 6, 7, 8], [6, 7, 8], [8], [8], []]);
});

test("[STA-12] leaves are forgotten when no base within the horizon can ask for them", () => {
  const log = new LeaveLog(3);
  for (const tick of [1, 2, 3, 4]) log.push(leave(tick, tick));
  log.prune(4);
  expect(ids(log, 0)).toEqual([2, 3, 4]);
  // Tick 5 can be asked from base 2 on, which has closed tick 2 itself.
  log.prune(5);
  expect(ids(log, 0)).toEqual([3, 4]);
  log.prune(100);
  expect(ids(log, 0)).toEqual([]);
});
