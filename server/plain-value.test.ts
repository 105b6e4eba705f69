import { expect, test } from "vitest";
import { decodeTrusted, encode } from "../shared/protocol/codec.ts";
import { notPlain } from "./plain-value.ts";

test("[CKP-12] plain data is whatever comes back as it was", () => {
  for (const value of [
    null,
    undefined,
    0,
    Number.NaN,
    "text",
    true,
    new Uint8Array(3),
    [1, [2, { three: null }]],
    { a: { b: undefined } },
    { constructor: 1, "": 2 },
    Object.create(null),
  ]) {
    expect(notPlain("it", value)).toBeUndefined();
    expect(decodeTrusted(encode({ value }))).toEqual({ value });
  }
});

test("[CKP-12] what is not is named with its place", () => {
  class Ship {
    hull = 3;
  }
  const endless: unknown[] = [];
  endless.push(endless);
  for (const [value, problem] of [
    [new Map(), "it is a Map"],
    [{ a: [1, new Date(0)] }, "it.a[1] is a Date"],
    [{ ship: new Ship() }, "it.ship is a Ship"],
    [() => 1, "it is a function"],
    [{ n: 1n }, "it.n is a bigint"],
    [[Symbol("s")], "it[0] is a symbol"],
    [[1, undefined], "it[1] is undefined"],
    [{ list: new Array(1) }, "it.list[0] is undefined"],
    [JSON.parse('{ "a": { "__proto__": 1 } }'), 'it.a has the key "__proto__"'],
  ] as const)
    expect(notPlain("it", value)).toBe(problem);
  expect(notPlain("it", endless)).toMatch(/goes on for ever$/);
});

test("[MAT-9] JSON holds no bytes, and no numbers without an end", () => {
  for (const [value, problem] of [
    [{ seed: new Uint8Array(3) }, "it.seed is a Uint8Array"],
    [[Number.NaN], "it[0] is NaN"],
    [{ most: Number.NEGATIVE_INFINITY }, "it.most is -Infinity"],
    [{ mods: new Set(["ice"]) }, "it.mods is a Set"],
  ] as const)
    expect(notPlain("it", value, "json")).toBe(problem);
  expect(
    notPlain("it", { most: 3, name: "ice", mods: [null, true], map: undefined }, "json"),
  ).toBeUndefined();
});
