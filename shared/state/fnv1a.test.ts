import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fnv1a } from "./fnv1a.ts";

/** The second half of the result is plain FNV-1a over 32 bits. */
const plain = (text: string) => {
  const hash = new Fnv1a();
  for (const byte of Buffer.from(text)) hash.byte(byte);
  return hash.hex().slice(8);
};
const bytesOf = (value: number) => new Fnv1a().integer(value).hex();

test.each([
  ["", "811c9dc5"],
  ["a", "e40c292c"],
  ["foobar", "bf9cf968"],
])("[STA-23] of %j the published hash is %s", (text, expected) => {
  expect(plain(text)).toBe(expected);
});

describe("[STA-23] what differs hashes differently", () => {
  test("integers of up to 53 bits, negative ones included", () => {
    const values = [0, 1, -1, 255, 256, 2 ** 31, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), Number.MAX_SAFE_INTEGER];
    expect(new Set(values.map(bytesOf)).size).toBe(values.length);
  });

  test("any two integers and any two texts", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        expect(bytesOf(a) === bytesOf(b)).toBe(a === b);
      }),
      { seed: 231 },
    );
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(new Fnv1a().text(a).hex() === new Fnv1a().text(b).hex()).toBe(a === b);
      }),
      { seed: 232 },
    );
  });

  test("texts by where they end", () => {
    expect(new Fnv1a().text("ab").text("c").hex()).not.toBe(new Fnv1a().text("a").text("bc").hex());
  });

  test("both halves, each by itself", () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) => new Fnv1a().integer(i).hex());
    const distinct = (part: (hash: string) => string) => new Set(hashes.map(part)).size;
    expect(distinct((hash) => hash)).toBe(hashes.length);
    // Of 20,000 in 2^32, chance lets some 0.05 pairs meet.
    expect(distinct((hash) => hash.slice(0, 8))).toBeGreaterThan(hashes.length - 3);
    expect(distinct((hash) => hash.slice(8))).toBeGreaterThan(hashes.length - 3);
    expect(hashes.some((hash) => hash.slice(0, 8) === hash.slice(8))).toBe(false);
  });
});
