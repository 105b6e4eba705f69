import { describe, expect, test } from "vitest";
import { closeByCode, closeCodes, isClientCode, standardCloseCodes } from "./close-codes.ts";

const own = Object.entries(closeCodes);
const standard = Object.entries(standardCloseCodes);
const all = [...own, ...standard];

test.each(own)("[CLO-1] %s: 4000–4499 invites to try again, 4500–4999 does not", (_, { code, retry }) => {
  expect(Number.isInteger(code)).toBe(true);
  expect(code).toBeGreaterThanOrEqual(4000);
  expect(code).toBeLessThanOrEqual(4999);
  expect(retry === "never").toBe(code >= 4500);
});

describe("[CLO-2] codes and names are unique", () => {
  test("no number is given twice", () => {
    expect(new Set(all.map(([, close]) => close.code)).size).toBe(all.length);
  });

  test("no name is given twice, none is the one of unknown codes", () => {
    expect(new Set([...all.map(([name]) => name), "unknown"]).size).toBe(all.length + 1);
  });

  test.each(all)("%s is kebab-case and the entry's own name", (name, close) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(close.name).toBe(name);
  });
});

test.each(all)("[CLO-3] %s: the sentence fits a close frame's reason, in ASCII", (_, { sentence }) => {
  expect(new TextEncoder().encode(sentence).length).toBeLessThanOrEqual(123);
  expect(sentence).toMatch(/^[A-Z][ -~]+\.$/);
});

describe("[CLO-4] every number has a meaning", () => {
  test.each(all)("%s is found by its code", (_, close) => {
    expect(closeByCode(close.code)).toBe(close);
  });

  test("codes that are in no table are judged by their range", () => {
    const judged = (code: number) => {
      const { name, retry } = closeByCode(code);
      return { name, retry };
    };
    expect(judged(4499)).toEqual({ name: "unknown", retry: "later" });
    expect(judged(4599)).toEqual({ name: "unknown", retry: "never" });
    expect(judged(4999)).toEqual({ name: "unknown", retry: "never" });
    for (const code of [-1, 0, 1004, 3000, 5000, 70_000, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(judged(code)).toEqual({ name: "unknown", retry: "later" });
    }
  });

  test("an unknown code keeps its number and has a sentence that fits", () => {
    for (const code of [4499, 4999]) {
      const close = closeByCode(code);
      expect(close.code).toBe(code);
      expect(close.sentence.length).toBeLessThanOrEqual(123);
    }
  });
});

test("[CLO-5] text frames and oversized ones are told by the standard's own codes", () => {
  expect(standardCloseCodes["text-frame"].code).toBe(1003);
  expect(standardCloseCodes["too-large"].code).toBe(1009);
});

test("[CLO-6] a client closes with 1000 and 3000–4999, and with no other code", () => {
  expect([1000, 3000, ...own.map(([, { code }]) => code), 4999].every(isClientCode)).toBe(true);
  expect([0, 999, 1001, 1005, 1006, 1011, 2999, 5000, Number.NaN].some(isClientCode)).toBe(false);
});
