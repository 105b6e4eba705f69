import { expect, test } from "vitest";
import { frameCopy } from "./frame-copy.ts";

test("[TRN-44] copies have the bytes that they were made of, whatever is written to others", () => {
  // Over several blocks, with some that are too long to share one.
  const sizes = Array.from({ length: 2_000 }, (_, n) => (n * 37) % 300).concat([0, 8_192, 8_193, 100_000]);
  const copies = sizes.map((size, n) => frameCopy(new Uint8Array(size).fill(n)));
  const expectFilled = (byteOf: (n: number) => number): void => {
    for (const [n, copy] of copies.entries()) {
      expect(copy.length).toBe(sizes[n]);
      expect(copy.every((byte) => byte === byteOf(n) % 256)).toBe(true);
    }
  };
  expectFilled((n) => n);
  for (const [n, copy] of copies.entries()) copy.fill(n + 1);
  expectFilled((n) => n + 1);
});
