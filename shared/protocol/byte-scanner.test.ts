import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deepestScan, defaultScanLimits, type ScanFault, scanMessage } from "./byte-scanner.ts";

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const scan = (bytes: readonly number[]) => scanMessage(Uint8Array.from(bytes));
const refused = (reason: ScanFault, at: number) => expect.objectContaining({ ok: false, reason, at });
const accepted = expect.objectContaining({ ok: true });

/** [array] × depth around one nil. */
const nested = (depth: number, head = 0x91): number[] => [...new Array<number>(depth).fill(head), 0xc0];

const fourBytes = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

describe("[COD-1] a message is exactly one value", () => {
  test("no bytes are no message", () => {
    expect(scan([])).toEqual({ ok: false, reason: "empty", at: 0, steps: 0 });
  });

  test("bytes after the value are refused at the first of them", () => {
    expect(scan([0x01, 0x02])).toEqual(refused("trailing-bytes", 1));
    expect(scan([0x92, 0xc0, 0xa1, 0x61, 0x00])).toEqual(refused("trailing-bytes", 4));
  });

  test.each([
    ["a number", [0xcd, 0x01]],
    ["a double", [0xcb, 0, 0, 0, 0, 0, 0, 0]],
    ["a length", [0xda, 0x00]],
    ["a text", [0xa3, 0x61, 0x62]],
    ["binary", [0xc4, 0x02, 0x00]],
    ["an array", [0x92, 0x00]],
    ["a map without its last value", [0x81, 0xa1, 0x61]],
  ])("%s cut short is refused", (_, bytes) => {
    expect(scan(bytes)).toEqual(expect.objectContaining({ ok: false, reason: "truncated" }));
  });
});

describe("[COD-2] depth and the number of values are bounded", () => {
  test("eight containers inside each other pass, nine do not", () => {
    expect(scan(nested(8))).toEqual(accepted);
    expect(scan(nested(9))).toEqual(refused("too-deep", 8));
  });

  test("empty containers have a depth, too", () => {
    expect(scan([...new Array<number>(8).fill(0x91), 0x90])).toEqual(refused("too-deep", 8));
  });

  test.each([
    ["arrays", 0x91],
    ["maps", 0x81],
  ])("16 KB of nested %s are left after a few steps", (_, head) => {
    const key = head === 0x81 ? [0xa0] : [];
    const bytes = new Array<number[]>(16_384).fill([head, ...key]).flat();
    const verdict = scan([...bytes, 0xc0]);
    expect(verdict).toEqual(refused("too-deep", 8 * (1 + key.length)));
    expect(verdict.steps).toBeLessThan(20);
  });

  test("containers, keys and elements all count as values", () => {
    const message = Uint8Array.from([0x81, 0xa1, 0x61, 0x91, 0x01]); // { a: [1] }
    expect(scanMessage(message, { maxDepth: 8, maxValues: 4 })).toEqual(accepted);
    expect(scanMessage(message, { maxDepth: 8, maxValues: 3 })).toEqual(refused("too-many-values", 3));
  });

  test("a long list is refused at its head", () => {
    const { maxValues } = defaultScanLimits;
    const list = (length: number) => [0xdc, length >> 8, length & 255, ...new Array<number>(length).fill(0)];
    expect(scan(list(maxValues - 1))).toEqual(accepted);
    expect(scan(list(maxValues))).toEqual(refused("too-many-values", 0));
  });

  test("a limit deeper than the scanner's stack is the caller's mistake", () => {
    expect(() => scanMessage(Uint8Array.of(0), { maxDepth: deepestScan + 1, maxValues: 1 })).toThrow(
      RangeError,
    );
    expect(() => scanMessage(Uint8Array.of(0), { maxDepth: Number.NaN, maxValues: 1 })).toThrow(RangeError);
    const deepest = Uint8Array.from(nested(deepestScan));
    expect(scanMessage(deepest, { maxDepth: deepestScan, maxValues: 100 })).toEqual(accepted);
  });
});

describe("[COD-3] what a count promises must be there before anything is descended into", () => {
  test.each([
    ["elements", 0xdd],
    ["entries", 0xdf],
    ["characters", 0xdb],
    ["bytes", 0xc6],
  ])("five bytes that promise 2^32 − 1 %s are refused in one step", (_, head) => {
    expect(scan([head, 0xff, 0xff, 0xff, 0xff])).toEqual({ ok: false, reason: "truncated", at: 0, steps: 1 });
  });

  test("an entry takes two bytes", () => {
    expect(scan([0x82, 0xa0, 0xc0, 0xa0])).toEqual(refused("truncated", 0));
  });

  test("inner counts share the bytes that outer ones are still owed", () => {
    // [[?, ?], ?] with three bytes for two and one: fits; with the inner one asking for three it does not.
    expect(scan([0x92, 0x92, 0x00, 0x00, 0x00])).toEqual(accepted);
    expect(scan([0x92, 0x93, 0x00, 0x00, 0x00])).toEqual(refused("truncated", 1));
  });
});

describe("[COD-4] extension types and 0xc1 are refused", () => {
  test.each<[string, number[]]>([
    ["undefined", [0xd4, 0x00, 0x00]],
    ["a date", [0xd6, 0xff, 0x00, 0x00, 0x00, 0x00]],
    ["a record definition", [0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01]],
    ["a record definition of two bytes", [0xd5, 0x72, 0x40, 0x00, 0x91, 0xa1, 0x61, 0x01]],
    ["an identity for clones", [0xd6, 0x69, 0x00, 0x00, 0x00, 0x01, 0x90]],
    ["a pointer to a clone", [0xd6, 0x70, 0x00, 0x00, 0x00, 0x01]],
    ["bundled strings", [0xd6, 0x62, 0x00, 0x00, 0x00, 0x04, 0xc0]],
    ["a RegExp", [0xd4, 0x78, 0x00, 0x92, 0xa1, 0x61, 0xa0]],
    ["an Error", [0xd4, 0x65, 0x00, 0x92, 0xa5, ...ascii("Error"), 0xa0]],
    ["a Set", [0xd4, 0x73, 0x00, 0x90]],
    ["a typed array", [0xc7, 0x05, 0x74, 0x07, 0x00, 0x00, 0x00, 0x00]],
    ["a big integer", [0xc7, 0x09, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["fixext 8", [0xd7, 0x01, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["fixext 16", [0xd8, 0x01, ...new Array<number>(16).fill(0)]],
    ["ext 16", [0xc8, 0x00, 0x01, 0x01, 0x00]],
    ["ext 32", [0xc9, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00]],
  ])("%s, alone or inside", (_, bytes) => {
    expect(scan(bytes)).toEqual(refused("extension", 0));
    expect(scan([0x81, 0xa1, 0x61, ...bytes])).toEqual(refused("extension", 3));
  });

  test("nested pointers with a trailing byte, which block a default decoder for seconds", () => {
    const level = (id: number) => [0xd6, 0x69, ...fourBytes(id), 0x92, 0xd6, 0x70, ...fourBytes(id)];
    const bomb = Array.from({ length: 30 }, (_, id) => level(id)).flat();
    expect(scan([...bomb, 0xc0, 0xc0])).toEqual({ ok: false, reason: "extension", at: 0, steps: 1 });
  });

  test("0xc1, alone or inside", () => {
    expect(scan([0xc1])).toEqual(refused("reserved-byte", 0));
    expect(scan([0x91, 0xc1])).toEqual(refused("reserved-byte", 1));
  });
});

describe("[COD-5] text is UTF-8", () => {
  test.each<[string, number[]]>([
    ["a lone high surrogate", [0xed, 0xa0, 0x80]],
    ["a lone low surrogate", [0xed, 0xbf, 0xbf]],
    ["a pair of surrogates", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ["an overlong slash of two bytes", [0xc0, 0xaf]],
    ["an overlong slash of three bytes", [0xe0, 0x80, 0xaf]],
    ["an overlong slash of four bytes", [0xf0, 0x80, 0x80, 0xaf]],
    ["a code point beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a continuation without a beginning", [0x80]],
    ["a beginning without a continuation", [0xe2, 0x82]],
    ["a byte that never occurs", [0xff]],
  ])("%s is refused where it stands", (_, text) => {
    expect(scan([0xa0 + text.length + 1, 0x61, ...text])).toEqual(refused("bad-utf8", 2));
  });

  test("a sequence does not borrow from the next value", () => {
    expect(scan([0x92, 0xa1, 0xc3, 0xa9])).toEqual(refused("bad-utf8", 2));
  });

  test("it agrees with a strict TextDecoder on any bytes", () => {
    const strict = new TextDecoder("utf-8", { fatal: true });
    const wellFormed = (text: Uint8Array): boolean => {
      try {
        strict.decode(text);
        return true;
      } catch {
        return false;
      }
    };
    const edges = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
    ];
    const text = fc.array(fc.constantFrom(...edges), { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes));
    let good = 0;
    fc.assert(
      fc.property(text, (bytes) => {
        const verdict = scan([0xd9, bytes.length, ...bytes]);
        expect(verdict.ok).toBe(wellFormed(bytes));
        if (verdict.ok) good += 1;
      }),
      { seed: 5, numRuns: 10_000 },
    );
    expect(good).toBeGreaterThan(500);
  });
});

describe("[COD-6] numbers are finite, and integers exact", () => {
  const bytesOf = (head: number, size: number, write: (view: DataView) => void): Uint8Array => {
    const bytes = new Uint8Array(1 + size);
    bytes[0] = head;
    write(new DataView(bytes.buffer, 1));
    return bytes;
  };
  const float32 = (bits: number) => bytesOf(0xca, 4, (view) => view.setUint32(0, bits));
  const float64 = (value: number) => bytesOf(0xcb, 8, (view) => view.setFloat64(0, value));
  const uint64 = (value: bigint) => bytesOf(0xcf, 8, (view) => view.setBigUint64(0, value));
  const int64 = (value: bigint) => bytesOf(0xd3, 8, (view) => view.setBigInt64(0, value));
  const largest = BigInt(Number.MAX_SAFE_INTEGER);

  test("NaN and the infinities are refused", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(scanMessage(float64(value))).toEqual(refused("not-finite", 0));
    }
    for (const bits of [0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001]) {
      expect(scanMessage(float32(bits))).toEqual(refused("not-finite", 0));
    }
  });

  test("−0 and the largest and smallest finite numbers pass", () => {
    for (const value of [-0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE]) {
      expect(scanMessage(float64(value))).toEqual(accepted);
    }
    for (const bits of [0x80000000, 0x7f7fffff, 0xff7fffff, 0x00000001]) {
      expect(scanMessage(float32(bits))).toEqual(accepted);
    }
  });

  test("64-bit integers pass up to ± (2^53 − 1)", () => {
    expect(scanMessage(uint64(largest))).toEqual(accepted);
    expect(scanMessage(uint64(largest + 1n))).toEqual(refused("unsafe-integer", 0));
    expect(scanMessage(int64(largest))).toEqual(accepted);
    expect(scanMessage(int64(largest + 1n))).toEqual(refused("unsafe-integer", 0));
    expect(scanMessage(int64(-largest))).toEqual(accepted);
    expect(scanMessage(int64(-largest - 1n))).toEqual(refused("unsafe-integer", 0));
  });

  test("any bits: a double passes when finite, an integer when safe", () => {
    const safe = (value: bigint) => value >= -largest && value <= largest;
    const bits = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }),
      fc.bigInt({ min: 2n ** 64n - 2n ** 53n - 4n, max: 2n ** 64n - 2n ** 53n + 4n }),
      fc.bigInt({ min: 0x7fen << 52n, max: 0x800n << 52n }),
    );
    fc.assert(
      fc.property(bits, (value) => {
        const double = bytesOf(0xcb, 8, (view) => view.setBigUint64(0, value));
        expect(scanMessage(double).ok).toBe(Number.isFinite(new DataView(double.buffer, 1).getFloat64(0)));
        expect(scanMessage(uint64(value)).ok).toBe(safe(value));
        expect(scanMessage(int64(value)).ok).toBe(safe(BigInt.asIntN(64, value)));
      }),
      { seed: 6, numRuns: 5_000 },
    );
  });
});

describe("[COD-7] map keys are text, and none is __proto__", () => {
  test("other keys are refused", () => {
    for (const key of [[0x01], [0xc0], [0xc4, 0x00], [0x90], [0xcb, 0, 0, 0, 0, 0, 0, 0, 0]]) {
      expect(scan([0x81, ...key, 0xc0])).toEqual(refused("key-not-text", 1));
    }
  });

  test("keys and values alternate, also after an inner container", () => {
    expect(scan([0x82, 0xa1, 0x61, 0x91, 0x01, 0xa1, 0x62, 0x02])).toEqual(accepted);
    expect(scan([0x82, 0xa1, 0x61, 0x91, 0x01, 0x02, 0xa1, 0x62])).toEqual(refused("key-not-text", 5));
  });

  test("__proto__ is refused in every encoding of its length, but only as a key", () => {
    const name = ascii("__proto__");
    for (const head of [[0xa9], [0xd9, 9], [0xda, 0, 9], [0xdb, 0, 0, 0, 9]]) {
      expect(scan([0x81, ...head, ...name, 0xc0])).toEqual(refused("forbidden-key", 1));
      expect(scan([...head, ...name])).toEqual(accepted);
    }
    expect(scan([0x81, 0xa9, ...ascii("__prot0__"), 0xc0])).toEqual(accepted);
    expect(scan([0x81, 0xaa, ...ascii("__proto__s"), 0xc0])).toEqual(accepted);
  });
});

describe("[COD-8] the work is linear in the bytes", () => {
  test("at most two steps a byte, whatever the bytes", () => {
    const random = fc.uint8Array({ maxLength: 64 });
    const heads = fc.constantFrom(
      0x80,
      0x81,
      0x82,
      0x90,
      0x91,
      0x93,
      0xa0,
      0xa1,
      0xa5,
      0xc0,
      0xdc,
      0xde,
      0x00,
      0xcc,
    );
    const structured = fc.array(heads, { maxLength: 64 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(fc.oneof(random, structured), (bytes) => {
        const { steps } = scanMessage(bytes, { maxDepth: deepestScan, maxValues: Number.POSITIVE_INFINITY });
        expect(steps).toBeLessThanOrEqual(2 * bytes.length);
      }),
      { seed: 8, numRuns: 10_000 },
    );
  });

  test("a text costs a step a byte, binary one step whatever its length", () => {
    expect(scan([0xa5, ...ascii("hello")])).toEqual({ ok: true, steps: 6 });
    expect(scan([0xc4, 5, 1, 2, 3, 4, 5])).toEqual({ ok: true, steps: 1 });
  });

  test("a scan leaves nothing behind for the next", () => {
    const message = [0x82, 0xa1, 0x61, 0x92, 0x01, 0x02, 0xa1, 0x62, 0x80];
    const first = scan(message);
    scan(nested(9, 0x92));
    expect(first.ok).toBe(true);
    expect(scan(message)).toEqual(first);
  });
});
