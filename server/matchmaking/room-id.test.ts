import { expect, test } from "vitest";
import { randomRoomId } from "./room-id.ts";

test("[MAT-7] room ids are 11 letters and digits that nobody mistakes, and differ", () => {
  const ids = Array.from({ length: 2_000 }, randomRoomId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[1-9A-HJ-NP-Za-km-z]{11}$/);
});

test("[MAT-7] every letter is equally likely, so an id is as hard to guess as it is long", () => {
  const counts = new Map<string, number>();
  const ids = Array.from({ length: 20_000 }, randomRoomId);
  for (const letter of ids.join("")) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const expected = (ids.length * 11) / counts.size;
  // Standard deviation of a count: its square root. Six of them: once in five hundred million letters.
  const bound = 6 * Math.sqrt(expected);
  expect(11 * Math.log2(counts.size)).toBeGreaterThan(63);
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(bound);
});
