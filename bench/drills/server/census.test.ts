import { expect, test } from "vitest";
import { type Census, leftBehind } from "./census.ts";

const base: Census = {
  sessions: 10,
  rooms: 10,
  seats: 10,
  connections: 10,
  topics: 20,
  subscriptions: 20,
  timers: 1,
  handles: 1,
};

test("[DRL-7] whatever is more or less than before is named", () => {
  expect(leftBehind(base, { ...base })).toEqual([]);
  expect(leftBehind(base, { ...base, topics: 21, rooms: 9 })).toEqual([
    "rooms: 10 before, 9 after",
    "topics: 20 before, 21 after",
  ]);
});
