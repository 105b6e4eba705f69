import { expect, test } from "vitest";
import { conditionsInWords, isPerfect, networkConditions, perfectNetwork } from "./network-conditions.ts";

test("[LNK-18] what is left out is as it was, at first perfect", () => {
  expect(networkConditions({})).toEqual(perfectNetwork);
  const slow = networkConditions({ latencyMs: 80, cutEveryMs: 9_000 });
  expect(networkConditions({ jitterMs: 5 }, slow)).toEqual({ ...slow, jitterMs: 5 });
  expect([isPerfect(perfectNetwork), isPerfect(slow)]).toEqual([true, false]);
});

test.each([
  [{ latencyMs: -1 }, "latencyMs is -1; it must be 0 or more milliseconds"],
  [{ jitterMs: Number.POSITIVE_INFINITY }, "jitterMs is Infinity; it must be 0 or more milliseconds"],
  [{ bytesPerSecond: 0 }, "bytesPerSecond is 0; it must be above 0, Infinity for no limit"],
  [{ stallEveryMs: 0 }, "stallEveryMs is 0; it must be above 0 milliseconds, Infinity for never"],
  [{ cutEveryMs: Number.NaN }, "cutEveryMs is NaN; it must be above 0 milliseconds, Infinity for never"],
  [
    { stallEveryMs: 500, stallForMs: 500 },
    "stallForMs is 500; it must be less than stallEveryMs, which is 500",
  ],
])("[LNK-18] %j is no network", (given, problem) => {
  expect(() => networkConditions(given)).toThrow(new RangeError(problem));
});

test.each([
  [{}, "as it is"],
  [{ latencyMs: 80, jitterMs: 20 }, "80 ms each way, up to 20 ms more"],
  [
    { stallEveryMs: 5_000, stallForMs: 400, cutEveryMs: 30_000 },
    "still for 400 ms every 5 s, cut every 30 s",
  ],
  [{ bytesPerSecond: 64_000, stallEveryMs: 5_000 }, "64 kB/s each way"],
])("%j in words", (given, words) => {
  expect(conditionsInWords(networkConditions(given))).toBe(words);
});
