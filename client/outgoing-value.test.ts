import fc from "fast-check";
import { expect, test } from "vitest";
import { scanMessage } from "../shared/protocol/byte-scanner.ts";
import { encode } from "../shared/protocol/codec.ts";
import { DEFAULT_MAX_MESSAGE_BYTES } from "../shared/protocol/frames.ts";
import { assertSendable } from "./outgoing-value.ts";

const ring: unknown[] = [];
ring.push(ring);

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

test.each<[string, unknown, string]>([
  ["an infinity", { to: [1, Number.POSITIVE_INFINITY] }, "it.to.1 is Infinity"],
  ["half a character", { name: "\ud800" }, "it.name has half a character"],
  ["such a key", { "\ud800": 1 }, "a key of it has half a character"],
  ["a bigint", 1n, "it is a bigint"],
  ["a function", { call: () => {} }, "it.call is a function"],
  ["a date", new Date(0), "it is a Date"],
  ["a map", [new Map()], "it.0 is a Map"],
  ["another typed array", new Float32Array(1), "it is a Float32Array"],
  ["the key __proto__", JSON.parse('{ "__proto__": 1 }'), "it has a key __proto__"],
  ["a cycle", ring, "levels deep"],
  ["eight levels", nested(8), "levels deep"],
  ["too many values", Array(5_000).fill(0), "it.4079 comes behind 4080 other values"],
  ["too many holes", { a: Object.assign([], { 5000: 1 }) }, "comes behind 4080 other values"],
  ["too long a text", "a".repeat(17_000), "it takes 17003 bytes of at most 16320"],
  ["too long a text in bytes", { text: "日".repeat(6_000) }, "it takes 18009 bytes"],
  ["too much together", [new Uint8Array(9_000), new Uint8Array(9_000)], "it takes 18007 bytes"],
])("[CLI-20] %s is refused, and the place is named", (_, value, problem) => {
  expect(() => assertSendable(value, "it")).toThrow(problem);
});

test.each([
  [undefined],
  [null],
  [0.1],
  [-0],
  [1e300],
  ["日本"],
  [Uint8Array.of(1)],
  [nested(7)],
  [{ a: [undefined] }],
])("[CLI-20] %j is allowed", (value) => {
  expect(() => assertSendable(value, "it")).not.toThrow();
});

test.each<[string, unknown]>([
  ["a few holes", Object.assign([], { 100: 1 })],
  ["a text that fills a message", "a".repeat(16_317)],
])("[CLI-20] %s may be", (_, value) => {
  expect(() => assertSendable(value, "it")).not.toThrow();
});

test("[CLI-20] what is allowed here, the server's scanner accepts", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
    maxDepth: 9,
    key: fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("__proto__", "then", "toJSON", "constructor"),
    ),
  });
  let allowed = 0;
  fc.assert(
    fc.property(anything, (value) => {
      try {
        assertSendable(value, "it");
      } catch {
        return;
      }
      allowed += 1;
      const bytes = encode([2, 1, 0, value]);
      expect(scanMessage(bytes)).toMatchObject({ ok: true });
      expect(bytes.length).toBeLessThanOrEqual(DEFAULT_MAX_MESSAGE_BYTES);
    }),
    { seed: 5, numRuns: 3_000 },
  );
  expect(allowed).toBeGreaterThan(500);
});
