import { expect, test } from "vitest";
import { RoomRecorders } from "./room-recorders.ts";

const window = { epoch: 1000, periodMs: 50, fromTick: 10, toTick: 12 };

test("[BEN-111] latency counts from the time of the own room's tick", () => {
  const epochs = [1000, 1030, 1180];
  const recorders = new RoomRecorders(window, epochs);
  // Each room sends its ticks 5 to 14, to two clients, 1 and 3 ms after their times.
  epochs.forEach((epoch, room) => {
    for (let tick = 5; tick < 15; tick++) {
      recorders.received(room, tick, tick - 1, epoch + tick * 50 + 1);
      recorders.received(room, tick, tick - 1, epoch + tick * 50 + 3);
    }
  });
  const { first, last, all } = recorders.latencies();
  expect([first.max, last.p50, all.max]).toEqual([
    expect.closeTo(1, 2),
    expect.closeTo(3, 2),
    expect.closeTo(3, 2),
  ]);
  expect([recorders.delivered, recorders.gaps]).toEqual([3 * 2 * 2, 0]);
});

test("who is counted only is not timed, in its room either", () => {
  const recorders = new RoomRecorders(window, [1000, 1030]);
  recorders.counted(1, 10, 7);
  expect([recorders.delivered, recorders.gaps, recorders.latencies().all.max]).toEqual([1, 1, 0]);
});
