import { expect, test } from "vitest";
import { RoundTrips } from "./round-trips.ts";

test("a round trip is measured by its number, in whatever order they return, and once", () => {
  const trips = new RoundTrips();
  const first = trips.leave(100);
  const second = trips.leave(110);
  expect(trips.returned(second, 125)).toBe(15);
  expect(trips.returned(first, 130)).toBe(30);
  expect(trips.returned(first, 140)).toBeUndefined();
  expect(trips.fastest).toBe(15);
  expect(trips.mean).toBe(22.5);
});
