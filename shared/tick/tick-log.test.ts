import { expect, test } from "vitest";
import { TickLog } from "./tick-log.ts";

const since = (log: TickLog<string>, base: number) =>
  [...log.since(base)].map(([tick, item]) => `${tick}${item}`);

function filled(most?: number): TickLog<string> {
  const log = new TickLog<string>(most);
  log.push(1, "a");
  log.push(2, "b");
  log.push(2, "c");
  log.push(4, "d");
  return log;
}

test("[TIC-16] a log gives what happened after a tick, oldest first", () => {
  const log = filled();
  expect([0, 1, 2, 3, 4].map((base) => since(log, base))).toEqual([
    ["1a", "2b", "2c", "4d"],
    ["2b", "2c", "4d"],
    ["4d"],
    ["4d"],
    [],
  ]);
});

test("[TIC-16] what nobody asks for any more is forgotten, and that is no loss", () => {
  const log = filled();
  log.forget(1);
  expect(since(log, 0)).toEqual(["2b", "2c", "4d"]);
  log.forget(2);
  expect(since(log, 0)).toEqual(["4d"]);
  log.forget(100);
  expect([since(log, 0), log.size, log.droppedUpTo]).toEqual([[], 0, Number.NEGATIVE_INFINITY]);
});

test("[TIC-17] a full log drops its oldest entry and says up to which tick", () => {
  const log = filled(2);
  expect([since(log, 0), log.size, log.droppedUpTo]).toEqual([["2c", "4d"], 2, 2]);
  for (let tick = 5; tick < 1000; tick++) log.push(tick, "e");
  expect([since(log, 0), log.size, log.droppedUpTo]).toEqual([["998e", "999e"], 2, 997]);
});
