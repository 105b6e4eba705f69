import { describe, expect, test } from "vitest";
import type { Field } from "./field.ts";
import {
  angle,
  bool,
  bytes,
  cold,
  fixed,
  interpolated,
  list,
  oneOf,
  optional,
  ref,
  text,
  u8,
  visibleTo,
} from "./field-types.ts";

describe("[DEF-6] a field that cannot work is refused where it is written, with its arguments", () => {
  test.each<[string, () => Field]>([
    ["fixed(1, 1, 0.1): min must be a finite number below max", () => fixed(1, 1, 0.1)],
    ["fixed(2, 1, 0.1): min must be a finite number below max", () => fixed(2, 1, 0.1)],
    ["fixed(NaN, 1, 0.1): min must be a finite number below max", () => fixed(Number.NaN, 1, 0.1)],
    ["fixed(0, Infinity, 0.1): min must be a finite number below max", () => fixed(0, Infinity, 0.1)],
    ["fixed(0, 1, 0): step must be positive, with at most 2^32 steps", () => fixed(0, 1, 0)],
    ["fixed(0, 1, -1): step must be positive, with at most 2^32 steps", () => fixed(0, 1, -1)],
    ["fixed(0, 1, NaN): step must be positive, with at most 2^32 steps", () => fixed(0, 1, Number.NaN)],
    ["fixed(0, 1, 1e-10): step must be positive, with at most 2^32 steps", () => fixed(0, 1, 1e-10)],
    ["angle(1): steps must be an integer from 2 to 65536", () => angle(1)],
    ["angle(2.5): steps must be an integer from 2 to 65536", () => angle(2.5)],
    ["angle(65537): steps must be an integer from 2 to 65536", () => angle(65_537)],
    ["text(0): the maximum must be an integer from 1 to 65535", () => text(0)],
    ["bytes(65536): the maximum must be an integer from 1 to 65535", () => bytes(65_536)],
    ["list(1.5): the maximum must be an integer from 1 to 65535", () => list(u8, 1.5)],
    ["oneOf(a, b, a): the words must differ", () => oneOf("a", "b", "a")],
    [
      "interpolated(ref(…)): another tick's reference may lead to a row that is gone",
      () => interpolated(list(ref("a"), 3)),
    ],
    [
      "interpolated(cold(…)): what is large and rare is not kept tick by tick",
      () => interpolated(cold(list(u8, 9))),
    ],
    [
      "interpolated(text, { teleport: 1 }): it must be above 0, on an integer, fixed or angle",
      () => interpolated(text(8), { teleport: 1 }),
    ],
    [
      "interpolated(u8, { teleport: 0 }): it must be above 0, on an integer, fixed or angle",
      () => interpolated(u8, { teleport: 0 }),
    ],
    [
      "optional(interpolated(…)) has no effect; write interpolated(optional(…))",
      () => optional(interpolated(u8)),
    ],
    ["list(interpolated(…)) has no effect; write interpolated(list(…))", () => list(interpolated(u8), 3)],
    ["cold(interpolated(…)) has no effect; leave one of them away", () => cold(interpolated(list(u8, 3)))],
  ])("%s", (message, define) => {
    expect(define).toThrow(new RangeError(message));
  });

  test("what just works is taken", () => {
    for (const define of [
      () => fixed(0, 0xffff_ffff, 1),
      () => angle(2),
      () => angle(65_536),
      () => text(65_535),
    ])
      expect(define).not.toThrow();
  });
});

test("fields are frozen, so that games can share them", () => {
  for (const field of [
    u8,
    fixed(0, 1, 0.1),
    optional(u8),
    ref("a"),
    list(u8, 1),
    cold(u8),
    visibleTo("owner", u8),
  ])
    expect(Object.isFrozen(field)).toBe(true);
});

describe("[DEF-5] visibleTo marks a field and leaves the marked one alone", () => {
  test("as a copy", () => {
    expect(visibleTo("owner", u8)).toEqual({ ...u8, visibleTo: "owner" });
    expect(u8.visibleTo).toBeUndefined();
  });

  test.each<[string, Field]>([
    ["cold", cold(visibleTo("owner", u8))],
    ["optional", optional(visibleTo("owner", u8))],
    ["list", list(visibleTo("owner", u8), 3)],
    ["all of them", cold(optional(list(visibleTo("owner", u8), 3)))],
  ])("and is not lost inside %s", (_where, field) => {
    expect(field.visibleTo).toBe("owner");
  });

  test("and the outermost counts", () => {
    expect(visibleTo("room", optional(visibleTo("owner", u8))).visibleTo).toBe("room");
  });
});

describe("[DEF-7] interpolated marks a field", () => {
  test("as a copy, inside visibleTo and around it alike", () => {
    const marked = { ...u8, interpolated: { teleport: 9 }, visibleTo: "owner" };
    expect(visibleTo("owner", interpolated(u8, { teleport: 9 }))).toEqual(marked);
    expect(interpolated(visibleTo("owner", u8), { teleport: 9 })).toEqual(marked);
    expect(u8.interpolated).toBeUndefined();
    expect(Object.isFrozen(interpolated(u8))).toBe(true);
  });

  test.each<[string, () => Field]>([
    ["numbers, which move between ticks", () => interpolated(fixed(0, 1, 0.1), { teleport: 0.5 })],
    ["angles", () => interpolated(angle(), { teleport: 2 })],
    ["words", () => interpolated(oneOf("a", "b"))],
    ["whatever else has a value of its own", () => interpolated(optional(list(bool, 3)))],
  ])("takes %s", (_what, define) => {
    expect(define().interpolated).toBeDefined();
  });
});
