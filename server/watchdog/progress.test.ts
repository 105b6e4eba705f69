import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { TickScheduler } from "../tick/tick-scheduler.ts";
import { nameBytes, ProgressReader, ProgressWriter } from "./progress.ts";
import { watchedScheduler } from "./watched-scheduler.ts";

const room = { game: "arena", id: "k3v9" };

test("[WAT-1] the watching thread sees beats, whose step runs, and whether somebody debugs", () => {
  const writer = new ProgressWriter();
  const reader = new ProgressReader(writer.memory);
  expect(reader).toMatchObject({ beats: 0, room: undefined, inspected: false });
  writer.beat();
  writer.beat();
  writer.enter(nameBytes({ game: "a-longer-name", id: "before" }));
  writer.enter(nameBytes(room));
  writer.inspected(true);
  expect(reader).toMatchObject({ beats: 2, room: "arena/k3v9", inspected: true });
  writer.exit();
  writer.inspected(false);
  expect(reader).toMatchObject({ beats: 2, room: undefined, inspected: false });
});

test("[WAT-1] a name that is too long is cut", () => {
  const writer = new ProgressWriter();
  writer.enter(nameBytes({ game: "x".repeat(1_000), id: "y" }));
  expect(new ProgressReader(writer.memory).room).toBe("x".repeat(256));
});

test("[WAT-1] waiting ends at once when the watch is over", () => {
  const writer = new ProgressWriter();
  const reader = new ProgressReader(writer.memory);
  expect(reader.wait(1)).toBe(true);
  writer.stop();
  expect(reader.wait(60_000)).toBe(false);
});

test("[WAT-2] a room is said to run during its steps alone, also where they throw", async () => {
  const clock = new ManualClock();
  const scheduler = new TickScheduler(clock, { spinBelowRooms: 0, onTaskError: () => {} });
  const writer = new ProgressWriter();
  const reader = new ProgressReader(writer.memory);
  const seen: unknown[] = [];
  const task = (fails: boolean) => ({
    step: () => {
      seen.push(reader.room);
      if (fails) throw new Error("a tick's bug");
    },
    slipped: () => {},
  });
  for (const [id, fails] of [
    ["a", false],
    ["b", true],
  ] as const)
    watchedScheduler(scheduler, { game: "arena", id }, writer).add(task(fails), 20);
  await clock.run(50);
  expect(seen.toSorted()).toEqual(["arena/a", "arena/b"]);
  expect(reader.room).toBeUndefined();
});
