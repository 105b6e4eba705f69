import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Field, FieldDescription } from "../definition/field.ts";
import {
  angle,
  bool,
  bytes,
  cold,
  fixed,
  i16,
  i32,
  list,
  oneOf,
  optional,
  ref,
  text,
  tick,
  u8,
  u16,
  u32,
} from "../definition/field-types.ts";
import { decodeTrusted, encode } from "../protocol/codec.ts";
import { type FieldCodec, fieldCodec, InvalidValueError, type Wire } from "./field-codec.ts";

const rows = [{ id: 1 }, { id: 7 }, { id: 4_294_967_295 }];
const context = {
  outOfRange: () => {},
  holds: (_table: string, row: { readonly id: number }) => rows.includes(row),
};
/** Finds a row of any id, since what a field accepts does not depend on what is there. */
const lookup = (_table: string, id: number) => rows.find((row) => row.id === id) ?? { id };
const seesAll = { outOfRange: () => {}, holds: () => true };

const codecOf = (field: Field): FieldCodec => fieldCodec(field.description);
const round = (codec: FieldCodec, value: unknown) =>
  codec.restore(codec.quantise(value, context), lookup) as number;
const reported = (codec: FieldCodec, value: unknown): string[] => {
  const bounds: string[] = [];
  codec.quantise(value, { ...context, outOfRange: (_value, text) => bounds.push(text) });
  return bounds;
};

const leaf: fc.Arbitrary<Field> = fc.oneof(
  fc.constantFrom<Field>(u8, u16, u32, i16, i32, bool, tick(), oneOf("a", "b", "c"), ref("rows")),
  fc.constantFrom(fixed(0, 1, 0.1), fixed(-10, 10, 0.3), fixed(-5, -1, 0.25), fixed(0.57, 2.31, 0.01)),
  fc.integer({ min: 2, max: 400 }).map(angle),
  fc.integer({ min: 1, max: 12 }).map(text),
  fc.integer({ min: 1, max: 5 }).map(bytes),
);
const { field: anyField } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    leaf,
    tie("field").map(optional),
    fc.tuple(tie("field"), fc.integer({ min: 1, max: 3 })).map(([of, max]) => list(of, max)),
    tie("field").map(cold),
  ),
}));

/** Characters of every length in UTF-8, and halves of pairs. */
const looseText = fc.string({
  unit: fc.constantFrom("a", "é", "€", "😀", "\ud83d", "\ude00", "\ufeff", "\0"),
  maxLength: 16,
});

/** What an author may assign, in range or not. */
function authorValue(description: FieldDescription): fc.Arbitrary<unknown> {
  switch (description.type) {
    case "bool":
      return fc.boolean();
    case "oneOf":
      return fc.constantFrom(...description.options);
    case "text":
      return looseText;
    case "bytes":
      return fc.uint8Array({ maxLength: 8 });
    case "ref":
      return fc.constantFrom(undefined, { id: 3 }, ...rows);
    case "angle":
      return fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    case "optional":
      return fc.option(authorValue(description.of), { nil: undefined });
    case "list":
      return fc.array(authorValue(description.of), { maxLength: 5 });
    case "cold":
      return authorValue(description.of);
    default:
      return fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(-0, -0.4, 255.5, 0.5));
  }
}

const hostile = fc.oneof(
  fc.anything(),
  fc.constantFrom<unknown>(-0, 0.5, Number.NaN, Infinity, -1, 2 ** 53, 256, "0", true, null, undefined, 1n),
  fc.integer({ min: -300, max: 300 }),
  looseText,
  fc.uint8Array({ maxLength: 8 }),
  fc.array(fc.oneof(fc.integer({ min: -1, max: 5 }), looseText, fc.constant(null)), { maxLength: 5 }),
);

describe("[STA-1] a field accepts exactly what it quantises to", () => {
  test("its own wire values, which survive encoding unchanged", () => {
    const fieldAndValue = anyField.chain((field) =>
      fc.tuple(fc.constant(field), authorValue(field.description)),
    );
    fc.assert(
      fc.property(fieldAndValue, ([field, value]) => {
        const codec = codecOf(field);
        const wire = codec.quantise(value, context);
        expect(codec.accepts(wire)).toBe(true);
        const received = decodeTrusted(encode(wire)) as Wire;
        expect(received).toStrictEqual(wire);
        expect(codec.same(received, wire)).toBe(true);
      }),
      { seed: 11, numRuns: 1_500 },
    );
  });

  test("nothing else: what is accepted quantises back to itself", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyField, hostile, (field, wire) => {
        const codec = codecOf(field);
        if (!codec.accepts(wire)) return;
        accepted += 1;
        expect(codec.quantise(codec.restore(wire, lookup), seesAll)).toStrictEqual(wire);
      }),
      { seed: 12, numRuns: 6_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test.each([
    ["−0, which no field quantises to", i16, -0],
    ["−0 as a fixed number of steps", fixed(-1, 1, 0.5), -0],
    ["a step above max", fixed(0, 1, 0.1), 11],
    ["a whole turn", angle(16), 16],
    ["an index beyond the words", oneOf("a", "b"), 2],
    ["a word instead of its index", oneOf("a", "b"), "a"],
    ["a lone surrogate", text(8), "\ud83d"],
    ["a byte too many", text(8), "123456789"],
    ["undefined for an optional", optional(u8), undefined],
    ["an item that is none", list(u8, 3), [1, 256]],
    ["an item too many", list(u8, 3), [1, 2, 3, 4]],
    ["an array for bytes", bytes(3), [1, 2]],
    ["something like an array", list(u8, 3), { length: 0 }],
    ["a number as text", u8, "1"],
    ["a bigint", u8, 1n],
  ])("not %s", (_what, field, wire) => {
    expect(codecOf(field).accepts(wire)).toBe(false);
  });
});

describe("[STA-2] a restored value is within half a step of the author's", () => {
  const bounds = fc
    .record({
      min: fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 100),
      step: fc.oneof(
        fc.constantFrom(0.1, 0.01, 0.001, 0.05, 0.25, 0.3, 1 / 3, 1, 2, 7, 1e10, 1e-7),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      ),
      steps: fc.double({ min: 1, max: 100_000, noNaN: true }),
    })
    .map(({ min, step, steps }) => ({ min, max: min + step * steps, step }))
    // Beyond that a double has no room for half a step.
    .filter(({ min, max, step }) => max > min && step > 1e-12 * Math.abs(min));

  /** What doubles of that size lose in a handful of operations. */
  const rounding = (min: number, max: number) => 8 * Number.EPSILON * (Math.abs(min) + Math.abs(max));

  test("for any fixed, and never outside its bounds", () => {
    fc.assert(
      fc.property(bounds, fc.double({ min: 0, max: 1, noNaN: true }), ({ min, max, step }, part) => {
        const value = Math.min(max, min + part * (max - min));
        const restored = round(codecOf(fixed(min, max, step)), value);
        expect(Math.abs(restored - value)).toBeLessThanOrEqual(step / 2 + rounding(min, max));
        expect(restored).toBeGreaterThanOrEqual(min);
        expect(restored).toBeLessThanOrEqual(max);
      }),
      { seed: 21, numRuns: 3_000 },
    );
  });

  test("for any fixed, from the first of its steps to the last", () => {
    fc.assert(
      fc.property(bounds, ({ min, max, step }) => {
        const codec = codecOf(fixed(min, max, step));
        expect(codec.quantise(min, context)).toBe(0);
        expect(Math.abs(round(codec, min) - min)).toBeLessThanOrEqual(rounding(min, max));
        const top = codec.quantise(max, context) as number;
        expect(codec.accepts(top)).toBe(true);
        expect(codec.accepts(top + 1)).toBe(false);
      }),
      { seed: 22, numRuns: 3_000 },
    );
  });

  test.each([
    [fixed(0, 1, 0.1), 0.3],
    [fixed(0, 1, 0.1), 0.7],
    [fixed(-4000, 4000, 0.1), -1234.7],
    [fixed(-0.3, 0.3, 0.1), 0],
    [fixed(0.57, 2.31, 0.01), 0.57],
    [fixed(0.57, 2.31, 0.01), 0.61],
    [fixed(-0.57, 1, 0.01), -0.5],
    [fixed(-0.57, 1, 0.01), -0.56],
    [fixed(0, 4000, 0.01), 1000.29],
    [fixed(0, 1e12, 1e10), 3e10],
    [fixed(0, 100, 5), 35],
  ])("a decimal multiple of a decimal step is restored exactly: %#", (field, value) => {
    expect(round(codecOf(field), value)).toBe(value);
  });

  test("a maximum between two steps is reached and not passed", () => {
    const codec = codecOf(fixed(0, 1, 0.4));
    expect([0, 0.5, 0.7, 1].map((value) => codec.quantise(value, context))).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((wire) => codec.restore(wire, lookup))).toEqual([0, 0.4, 0.8, 1]);
    expect(round(codecOf(fixed(0, 1, 0.25)), 1)).toBe(1);
    expect(round(codecOf(fixed(0, 1.1, 0.25)), 1.1)).toBe(1);
  });

  test("an angle wraps around, in either direction and over any number of turns", () => {
    const codec = codecOf(angle(16));
    const step = (2 * Math.PI) / 16;
    const wires = [0, 1, 15, 16, 17, -1, -16, -33].map((n) => codec.quantise(n * step, context));
    expect(wires).toStrictEqual([0, 1, 15, 0, 1, 15, 0, 15]);
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), (radians) => {
        const restored = round(codec, radians);
        expect(restored).toBeGreaterThanOrEqual(0);
        expect(restored).toBeLessThan(2 * Math.PI);
        expect(Math.cos(restored - radians)).toBeGreaterThanOrEqual(Math.cos(step / 2) - 1e-9);
      }),
      { seed: 23, numRuns: 500 },
    );
    expect(codec.accepts(codec.quantise(1e300, context))).toBe(true);
  });

  test("an integer is rounded, and never −0", () => {
    const wires = [-0, -0.4, 0.5, 1.4, 200.5].map((value) => codecOf(u8).quantise(value, context));
    expect(wires).toStrictEqual([0, 0, 1, 1, 201]);
    expect(codecOf(i16).quantise(-0.2, context)).toBe(0);
  });
});

describe("[STA-3] what is out of range is clamped or cut, and reported with the bounds", () => {
  test.each<[string, Field, unknown, Wire]>([
    ["0 to 255", u8, 256, 255],
    ["0 to 255", u8, -1, 0],
    ["0 to 65535", u16, Infinity, 65_535],
    ["0 to 4294967295", u32, 2 ** 40, 4_294_967_295],
    ["-32768 to 32767", i16, -Infinity, -32_768],
    ["-2147483648 to 2147483647", i32, 2 ** 31, 2_147_483_647],
    ["0 to 9007199254740991", tick(), 1e300, Number.MAX_SAFE_INTEGER],
    ["-1 to 1", fixed(-1, 1, 0.5), 2, 4],
    ["-1 to 1", fixed(-1, 1, 0.5), -Infinity, 0],
    ["4 bytes of UTF-8", text(4), "abcde", "abcd"],
    ["2 bytes", bytes(2), Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2)],
    ["1 values", list(bool, 1), [true, false], [true]],
    ["0 to 255", optional(u8), 300, 255],
  ])("to %s: %#", (bounds, field, value, wire) => {
    expect(codecOf(field).quantise(value, context)).toStrictEqual(wire);
    expect(reported(codecOf(field), value)).toEqual([bounds]);
  });

  test("what is in range is not reported, bounds included", () => {
    for (const value of [0, 255, 255.4, -0.4]) expect(reported(codecOf(u8), value)).toEqual([]);
    expect(reported(codecOf(text(4)), "abcd")).toEqual([]);
    expect(reported(codecOf(text(9)), "\ud83d")).toEqual([]);
  });
});

describe("[STA-4] what is no value of the field at all throws", () => {
  test.each<[string, Field, unknown]>([
    ["NaN is no u8", u8, Number.NaN],
    ['"1" is no u8', u8, "1"],
    ["undefined is no u8", u8, undefined],
    ["1 is no u8", u8, 1n],
    ["null is no tick", tick(), null],
    ["NaN is no number", fixed(0, 1, 0.1), Number.NaN],
    ["Infinity is no angle", angle(), Infinity],
    ["1.7976931348623157e+308 is no angle", angle(), Number.MAX_VALUE],
    ["1 is no bool", bool, 1],
    ["5 is no text", text(4), 5],
    ["an array is no Uint8Array", bytes(4), [1]],
    ['"c" is no one of a, b', oneOf("a", "b"), "c"],
    ['null is no row of "rows"', ref("rows"), null],
    ['7 is no row of "rows"', ref("rows"), 7],
    ['an object is no row of "rows"', ref("rows"), Object.create(null)],
    ["null is no u8", optional(u8), null],
    ['"abc" is no list', list(u8, 3), "abc"],
    ["undefined is no u8", list(u8, 3), [1, undefined]],
    ["undefined is no u8", list(u8, 3), new Array(2)],
    ["Symbol(s) is no u8", cold(u8), Symbol("s")],
    ["a function is no u8", u8, () => 1],
  ])("%s", (message, field, value) => {
    expect(() => codecOf(field).quantise(value, context)).toThrow(InvalidValueError);
    expect(() => codecOf(field).quantise(value, context)).toThrow(message);
  });

  test("a long text is named by its beginning", () => {
    expect(() => codecOf(u8).quantise("x".repeat(100_000), context)).toThrow(/^"x{40}…" is no u8$/);
  });
});

test("[STA-5] a new row's values are fields' own initial values, and none is out of range", () => {
  const initial = (field: Field) => codecOf(field).initial();
  expect(
    [u8, tick(), angle(), bool, text(4), oneOf("b", "a"), ref("rows"), optional(u8)].map(initial),
  ).toEqual([0, 0, 0, false, "", "b", undefined, undefined]);
  expect([fixed(-1, 1, 0.5), fixed(3, 5, 1), fixed(-5, -3, 1)].map(initial)).toEqual([0, 3, -3]);
  fc.assert(
    fc.property(anyField, (field) => {
      expect(reported(codecOf(field), codecOf(field).initial())).toEqual([]);
    }),
    { seed: 51, numRuns: 200 },
  );
  for (const field of [list(u8, 3), bytes(3)]) expect(initial(field)).not.toBe(initial(field));
});

describe("[STA-7] lists and bytes are committed as copies", () => {
  test.each([Uint8Array.of(1, 2), Buffer.from([1, 2])])("of bytes, whatever their class: %#", (given) => {
    const codec = codecOf(bytes(4));
    const wire = codec.quantise(given, context) as Uint8Array;
    given[0] = 9;
    expect(wire).toStrictEqual(Uint8Array.of(1, 2));
    expect(codec.same(wire, codec.quantise(given, context))).toBe(false);
    const restored = codec.restore(wire, lookup) as Uint8Array;
    restored[0] = 8;
    expect(wire).toStrictEqual(Uint8Array.of(1, 2));
  });

  test("of lists", () => {
    const codec = codecOf(list(list(u8, 2), 2));
    const given = [[1], [2]];
    const wire = codec.quantise(given, context);
    given[1]?.push(3);
    expect(wire).toEqual([[1], [2]]);
    expect(codec.same(wire, codec.quantise(given, context))).toBe(false);
    expect(codec.restore(wire, lookup)).toEqual([[1], [2]]);
  });
});

test("[STA-6] a reference is its row's id, 0 where the row is not there, and restored as the row one sees", () => {
  const codec = codecOf(list(ref("rows"), 3));
  const wire = codec.quantise([rows[1], { id: 7 }, undefined], context);
  expect(wire).toEqual([7, 0, 0]);
  expect(
    codec.restore([7, 8, 0], (table, id) => (table === "rows" && id === 7 ? rows[1] : undefined)),
  ).toEqual([rows[1], undefined, undefined]);
});
