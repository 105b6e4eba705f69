import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultScanLimits } from "./byte-scanner.ts";
import { decodeUntrusted, encode } from "./codec.ts";
import { readFlatFrame } from "./flat-frame.ts";

/** With limits given, the scanner and the decoder judge. */
const slowly = (bytes: Uint8Array) => decodeUntrusted(bytes, defaultScanLimits);

const flatValue = fc.oneof(
  fc.constantFrom(null, true, false, 0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1),
  fc.nat(2 ** 32 - 1),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value) || value > 0),
);

/** Heads of every kind, so that arrays of strange values are likely. */
const wildBytes = fc
  .tuple(fc.integer({ min: 0x90, max: 0x9f }), fc.uint8Array({ maxLength: 24 }))
  .map(([head, rest]) => Uint8Array.from([head, ...rest]));

describe("a flat frame", () => {
  test("[COD-15] is read as the scanner and the decoder would read it", () => {
    fc.assert(
      fc.property(fc.array(flatValue, { maxLength: 15 }), (values) => {
        const bytes = encode(values).slice();
        const read = readFlatFrame(bytes);
        expect({ ok: true, value: read }).toEqual(slowly(bytes));
      }),
    );
  });

  test("[COD-15] whatever is not surely allowed is left to them", () => {
    let flat = 0;
    fc.assert(
      fc.property(wildBytes, (bytes) => {
        const read = readFlatFrame(bytes);
        if (read === undefined) return;
        flat += 1;
        expect({ ok: true, value: read }).toEqual(slowly(bytes));
      }),
      { numRuns: 20_000, seed: 1 },
    );
    expect(flat).toBeGreaterThan(100);
  });

  test("[COD-15] cut or prolonged it is none", () => {
    const bytes = encode([1, 300, 70_000, 1.5, true, null]).slice();
    for (let length = 0; length < bytes.length; length++)
      expect(readFlatFrame(bytes.subarray(0, length))).toBeUndefined();
    expect(readFlatFrame(Uint8Array.from([...bytes, 0]))).toBeUndefined();
    expect(readFlatFrame(Uint8Array.from([0x91, 0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
  });
});
