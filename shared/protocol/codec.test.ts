import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanMessage } from "./byte-scanner.ts";
import { decodeTrusted, decodeUntrusted, encode } from "./codec.ts";

const limits = { maxDepth: 8, maxValues: Number.POSITIVE_INFINITY };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Any well-formed text but one that begins with a byte-order mark: see COD-14. */
const text = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ unit: "binary", minLength: 30, maxLength: 300 }),
  )
  .map((value) => value.replace(/^\uFEFF+/u, ""));
const key = fc.string({ unit: "grapheme", maxLength: 40 }).filter((name) => name !== "__proto__");
const scalar = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.integer({ min: -130, max: 300 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), // −0 + 0 is 0
  text,
  fc.uint8Array({ maxLength: 20 }),
);
/** Containers up to `depth` inside each other. */
const wire: (depth?: number) => fc.Arbitrary<unknown> = fc.memo((depth) =>
  depth <= 0
    ? scalar
    : fc.oneof(
        { weight: 2, arbitrary: scalar },
        { weight: 2, arbitrary: fc.array(wire(), { maxLength: 3 }) },
        { weight: 2, arbitrary: fc.dictionary(key, wire(), { maxKeys: 3, noNullPrototype: true }) },
      ),
);

/** Valid messages with a few bytes changed, inserted or removed. */
const mutated = fc
  .tuple(
    wire(3),
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom("set", "insert", "remove")), { maxLength: 3 }),
  )
  .map(([value, edits]) => {
    const bytes = [...encode(value)];
    for (const [where, byte, edit] of edits) {
      const at = where % (bytes.length + 1);
      if (edit === "set") bytes[at] = byte;
      else if (edit === "insert") bytes.splice(at, 0, byte);
      else bytes.splice(at, 1);
    }
    return Uint8Array.from(bytes);
  });

/** −0 passes the scanner, but is written as 0. */
function withoutNegativeZero(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutNegativeZero(inner)]));
}

describe("[COD-9] what the scanner accepts, the decoder reads", () => {
  const check = (bytes: Uint8Array): boolean => {
    const verdict = scanMessage(bytes, limits);
    expect(verdict.steps).toBeLessThanOrEqual(2 * bytes.length);
    const decoded = decodeUntrusted(bytes, limits);
    expect(decoded.ok).toBe(verdict.ok);
    if (!decoded.ok) return false;
    expect(decodeTrusted(encode(decoded.value))).toEqual(withoutNegativeZero(decoded.value));
    return true;
  };

  test("without a throw and to the last byte, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        check(bytes);
      }),
      { seed: 91, numRuns: 10_000 },
    );
  });

  test("and the value survives another round, for damaged messages", () => {
    let accepted = 0;
    const numRuns = 4_000;
    fc.assert(
      fc.property(mutated, (bytes) => {
        if (check(bytes)) accepted += 1;
      }),
      { seed: 92, numRuns },
    );
    expect(accepted).toBeGreaterThan(numRuns / 10);
    expect(accepted).toBeLessThan((numRuns * 9) / 10);
  });

  test("a refusal says why and where", () => {
    expect(decodeUntrusted(Uint8Array.of(0x91, 0xc1))).toEqual({ ok: false, reason: "reserved-byte", at: 1 });
  });

  test("every proper prefix of a message is refused as cut short", () => {
    fc.assert(
      fc.property(wire(3), (value) => {
        const bytes = encode(value);
        for (let length = 1; length < bytes.length; length++) {
          expect(scanMessage(bytes.subarray(0, length), limits)).toMatchObject({
            ok: false,
            reason: "truncated",
          });
        }
      }),
      { seed: 93, numRuns: 200 },
    );
  });

  test("names of Object.prototype are own properties like any other", () => {
    const value = JSON.parse('{"constructor":1,"toString":2,"toJSON":3,"then":4,"hasOwnProperty":5}');
    expect(decodeUntrusted(encode(value))).toEqual({ ok: true, value });
  });

  test("of a repeated key the last value counts", () => {
    const bytes = Uint8Array.of(0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02);
    expect(decodeUntrusted(bytes)).toEqual({ ok: true, value: { a: 2 } });
  });

  test("64-bit integers arrive as numbers", () => {
    expect(decodeUntrusted(Uint8Array.of(0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255))).toEqual({
      ok: true,
      value: Number.MAX_SAFE_INTEGER,
    });
    expect(decodeUntrusted(Uint8Array.of(0xd3, 255, 0xe0, 0, 0, 0, 0, 0, 1))).toEqual({
      ok: true,
      value: Number.MIN_SAFE_INTEGER,
    });
  });
});

describe("[COD-10] what can be said in JSON, and binary, arrives unchanged", () => {
  test("up to eight deep, as untrusted bytes", () => {
    fc.assert(
      fc.property(wire(8), (value) => {
        expect(decodeUntrusted(encode(value), limits)).toEqual({ ok: true, value });
      }),
      { seed: 10, numRuns: 1_500 },
    );
  });

  test("in long texts, lists and maps, beyond every size of count", () => {
    for (const length of [15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      const value = [
        "a".repeat(length),
        "é".repeat(length),
        new Uint8Array(length).fill(7),
        new Array<number>(length).fill(1),
        Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i])),
      ];
      expect(decodeUntrusted(encode(value), limits)).toEqual({ ok: true, value });
    }
  });

  test.each<[string, unknown]>([
    ["a Date", new Date(0)],
    ["NaN", Number.NaN],
    ["a lone surrogate", "\ud800"],
    ["a bigint beyond 2^53", 2n ** 53n],
    ["a Map with numbers for keys", new Map([[1, 2]])],
  ])("%s is not among it: written without a check, refused by the scanner", (_, value) => {
    expect(decodeUntrusted(encode(value)).ok).toBe(false);
  });

  test("a symbol and a cycle have no bytes, and spoil nothing for the next value", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => encode(Symbol("s"))).toThrow();
    expect(() => encode(cycle)).toThrow(RangeError);
    expect(hex(encode([1, "a"]))).toBe("9201a161");
  });
});

describe("[COD-11] integers below 2^32 are written as integers, other numbers as float64", () => {
  test.each<[number, string]>([
    [0, "00"],
    [-0, "00"],
    [127, "7f"],
    [128, "cc80"],
    [256, "cd0100"],
    [65_536, "ce00010000"],
    [2 ** 32 - 1, "ceffffffff"],
    [2 ** 32, "cb41f0000000000000"],
    [-1, "ff"],
    [-32, "e0"],
    [-33, "d0df"],
    [-129, "d1ff7f"],
    [-32_769, "d2ffff7fff"],
    [0.5, "cb3fe0000000000000"],
    [0.1, "cb3fb999999999999a"],
  ])("%d is %s", (value, bytes) => {
    expect(hex(encode(value))).toBe(bytes);
  });

  test("small integers of an array take a byte each", () => {
    expect(hex(encode([5, 100, 0, 127, -1]))).toBe("950564007fff");
  });
});

describe("[COD-12] undefined and toJSON", () => {
  test("an undefined property is left out, an undefined element is null, as in JSON", () => {
    expect(decodeUntrusted(encode({ a: undefined, b: [undefined, 1] }))).toEqual({
      ok: true,
      value: { b: [null, 1] },
    });
    expect(hex(encode({ a: undefined }))).toBe("80");
  });

  test("an object's toJSON is not called", () => {
    const value = { constructor: 1, toJSON: "not a function" };
    expect(decodeTrusted(encode(value))).toEqual(value);
  });
});

describe("[COD-13] bytes that were handed out stay as they are", () => {
  test("encoded frames survive all later ones", () => {
    const values = Array.from({ length: 500 }, (_, i) => [i, "x".repeat((i * 37) % 900)]);
    const frames = values.map((value) => encode(value));
    expect(frames.map((frame) => decodeTrusted(frame))).toEqual(values);
  });

  test("decoded binary does not alias the socket's buffer", () => {
    const frame = encode([new Uint8Array([1, 2, 3])]).slice();
    const decoded = decodeUntrusted(frame);
    const trusted = decodeTrusted(frame);
    frame.fill(0);
    expect(decoded).toEqual({ ok: true, value: [new Uint8Array([1, 2, 3])] });
    expect(trusted).toEqual([new Uint8Array([1, 2, 3])]);
  });

  test("both are bare Uint8Arrays, whose slice copies, also on Node and from a Buffer", () => {
    const frame = encode(new Uint8Array([1, 2]));
    expect(frame.constructor).toBe(Uint8Array);
    expect(decodeTrusted(Buffer.from(frame))?.constructor).toBe(Uint8Array);
  });

  test("a message inside a larger buffer is read from its own offset", () => {
    const around = new Uint8Array([0xc1, 0x92, 0x01, 0xa1, 0x61, 0xc1]);
    const message = around.subarray(1, 5);
    expect(decodeUntrusted(message)).toEqual({ ok: true, value: [1, "a"] });
    expect(Object.keys(message)).toEqual(["0", "1", "2", "3"]);
  });
});

test("[COD-14] a byte-order mark at the head of a text is lost beyond 64 bytes, and kept up to there", () => {
  const short = `\uFEFF${"a".repeat(61)}`;
  const long = `\uFEFF${"a".repeat(62)}`;
  expect(decodeTrusted(encode(short))).toBe(short);
  expect(decodeTrusted(encode(long))).toBe("a".repeat(62));
});
