import type { StreamStatistics } from "tickcast/client";
import { expect, test } from "vitest";
import { CELL } from "../view.ts";
import { cellOf, nameOf, StreamWatch } from "./stream-watch.ts";

const at = (column: number, line: number) => ({ x: column * CELL, y: line * CELL });

test("[ARE-32] a row well inside a square tells the stream's cell; one near a border may stand beside it", () => {
  expect(cellOf([at(2.5, 3.5)])).toEqual({ column: 2, line: 3 });
  expect(cellOf([at(3.05, 3.5), undefined, at(2.2, 3.8)])).toEqual({ column: 2, line: 3 });
  expect(cellOf([at(2.95, 3.5), at(2.5, 3.02)])).toBeUndefined();
  expect(cellOf([])).toBeUndefined();
  expect(nameOf({ column: 2, line: 3 })).toBe("C4");
});

const cell = (frames: number, bytes: number, lastTick: number, ids: readonly number[]): StreamStatistics => ({
  stream: 9,
  audience: "sight",
  rows: ids.map((id) => ({ table: "players", id })),
  frames,
  bytes,
  lastTick,
});

test("[ARE-32] a cell that is known stays known while it is followed, and its rates are of the last second", () => {
  const watch = new StreamWatch();
  const places = new Map([[1, at(4.5, 1.5)]]);
  const look = (now: number, ...streams: StreamStatistics[]) => {
    watch.look(streams, now, (_table, id) => places.get(id));
    return watch.streams[0];
  };
  for (let tick = 0; tick <= 40; tick++) look(tick * 50, cell(tick, tick * 100, tick, [1]));
  expect(watch.streams[0]).toEqual({
    stream: 9,
    audience: "sight",
    rows: 1,
    framesPerSecond: 20,
    bytesPerSecond: 2_000,
    heardAt: 2_000,
    cell: { column: 4, line: 1 },
  });
  // It falls silent and empty.
  for (let tick = 41; tick <= 62; tick++) look(tick * 50, cell(40, 4_000, 40, []));
  expect(watch.streams[0]).toMatchObject({
    rows: 0,
    bytesPerSecond: 0,
    heardAt: 2_000,
    cell: { column: 4, line: 1 },
  });
  // Let go, and its number given to another cell.
  expect(look(3_150)).toBeUndefined();
  places.set(1, at(0.5, 0.5));
  expect(look(3_200, cell(1, 50, 64, [1]))).toMatchObject({
    cell: { column: 0, line: 0 },
    bytesPerSecond: 0,
  });
});
