import fc from "fast-check";
import { expect, test } from "vitest";
import { trimFrame } from "./trim-frame.ts";

test.each([
  [[4, 9, 8, [], [], [], null], 3, [4, 9, 8]],
  [[4, 9, 8, [], [0, 1, 0], [], undefined], 3, [4, 9, 8, [], [0, 1, 0]]],
  [[4, 9, 8, [0, []], []], 3, [4, 9, 8, [0, []]]],
  [[null, null, null], 2, [null, null]],
  [[1], 3, [1]],
  [[], 0, []],
])("[STA-25] %j, of which %i parts are kept, is sent as %j", (frame, keep, expected) => {
  expect(trimFrame(frame, keep)).toEqual(expected);
});

test("[STA-25] only null, undefined and empty arrays are empty", () => {
  for (const part of [0, false, "", Number.NaN, {}, new Uint8Array(0), [undefined]])
    expect(trimFrame([1, part], 1)).toEqual([1, part]);
});

test("[STA-25] a trimmed frame is the frame's beginning, and only empty parts are left out", () => {
  const part = fc.oneof(fc.constantFrom(null, undefined, 0, ""), fc.array(fc.nat(), { maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 9 }), fc.nat(9), (frame, keep) => {
      const trimmed = trimFrame([...frame], keep);
      expect(trimmed).toEqual(frame.slice(0, trimmed.length));
      expect(trimmed.length).toBeGreaterThanOrEqual(Math.min(keep, frame.length));
      for (const left of frame.slice(trimmed.length)) expect(left ?? []).toEqual([]);
      if (trimmed.length > keep) expect(trimmed.at(-1) ?? []).not.toEqual([]);
    }),
    { seed: 251, numRuns: 500 },
  );
});
