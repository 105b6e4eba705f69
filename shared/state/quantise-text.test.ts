import fc from "fast-check";
import { expect, test } from "vitest";
import { text } from "../definition/field-types.ts";
import { decodeTrusted, encode } from "../protocol/codec.ts";
import { fieldCodec } from "./field-codec.ts";

const context = { outOfRange: () => {}, holds: () => false };
const quantise = (value: string, maxBytes: number) =>
  fieldCodec(text(maxBytes).description).quantise(value, context) as string;
const utf8 = (value: string) => Buffer.byteLength(value);
const graphic = fc.string({ unit: "binary", maxLength: 40 }).filter((value) => !value.startsWith("\ufeff"));

test.each([
  ["abc", 2, "ab"],
  ["é", 1, ""],
  ["aé", 2, "a"],
  ["a€", 3, "a"],
  ["a€", 4, "a€"],
  ["€€", 5, "€"],
  ["😀😀", 7, "😀"],
  ["😀😀", 8, "😀😀"],
  ["", 1, ""],
])("[STA-8] %j in %i bytes is %j: text is cut at a whole character", (given, maxBytes, expected) => {
  expect(quantise(given, maxBytes)).toBe(expected);
});

test("[STA-8] text is the longest prefix of whole characters that fits", () => {
  fc.assert(
    fc.property(graphic, fc.integer({ min: 1, max: 120 }), (value, maxBytes) => {
      const cut = quantise(value, maxBytes);
      expect(value.startsWith(cut)).toBe(true);
      expect(utf8(cut)).toBeLessThanOrEqual(maxBytes);
      const next = [...value.slice(cut.length)][0];
      if (next !== undefined) expect(utf8(cut + next)).toBeGreaterThan(maxBytes);
    }),
    { seed: 81, numRuns: 1_000 },
  );
});

test.each([
  ["\ud83d", "\ufffd"],
  ["a\ude00b", "a\ufffdb"],
  ["\ude00\ud83d", "\ufffd\ufffd"],
  ["\ud83d\ude00", "😀"],
])("[STA-8] half a surrogate pair is the replacement character: %j", (given, expected) => {
  expect(quantise(given, 64)).toBe(expected);
  expect(quantise(given, 3).length).toBeLessThanOrEqual(1);
});

test("[STA-8] what is committed is what a client decodes, byte-order marks in front left out", () => {
  expect(quantise("\ufeff\ufeffa\ufeff", 64)).toBe("a\ufeff");
  const unit = fc.constantFrom("a", "é", "😀", "\ud83d", "\ufeff", "\0");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 120 }), (value) => {
      const committed = quantise(value, 200);
      expect(decodeTrusted(encode(committed))).toBe(committed);
    }),
    { seed: 82, numRuns: 500 },
  );
});

test("[STA-8] any number of byte-order marks in front is left out", () => {
  expect(quantise(`${"\ufeff".repeat(200_000)}a`, 64)).toBe("a");
});
