import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultLimits, type LimitName, type ServerLimits, validateLimits } from "./limits.ts";

const limits = (change: Partial<ServerLimits>): ServerLimits => ({ ...defaultLimits, ...change });

describe("[LIM-1] limits that make no sense are refused with their name, value and what is allowed", () => {
  test("the defaults are fine", () => {
    expect(validateLimits(defaultLimits)).toBe(defaultLimits);
  });

  const words = { loopback: "exempt or limited", onOverrun: "close or report" } as const;
  const names = Object.keys(defaultLimits).filter((name): name is LimitName => !(name in words));
  for (const name of names) {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      test(`${name} cannot be ${value}`, () => {
        expect(() => validateLimits(limits({ [name]: value }))).toThrow(
          new RangeError(`limits.${name} is ${value}; it must be a number above 0`),
        );
      });
    test(`${name} cannot be a text`, () => {
      expect(() => validateLimits(limits({ [name]: "10" as unknown as number }))).toThrow(
        `limits.${name} is 10`,
      );
    });
  }

  for (const idleTimeoutSeconds of [1, 7, 7.9, 961])
    test(`idleTimeoutSeconds cannot be ${idleTimeoutSeconds}: uWebSockets would end the process`, () => {
      expect(() => validateLimits(limits({ idleTimeoutSeconds }))).toThrow("it must be from 8 to 960");
    });

  for (const idleTimeoutSeconds of [8, 960])
    test(`idleTimeoutSeconds can be ${idleTimeoutSeconds}`, () => {
      expect(validateLimits(limits({ idleTimeoutSeconds })).idleTimeoutSeconds).toBe(idleTimeoutSeconds);
    });

  for (const [name, allowed] of Object.entries(words))
    for (const value of ["", "yes", 1, undefined])
      test(`${name} cannot be ${value}`, () => {
        expect(() => validateLimits(limits({ [name]: value }))).toThrow(
          new RangeError(`limits.${name} is ${value}; it must be ${allowed}`),
        );
      });

  test("a limit that there is not is told, with those that there are", () => {
    expect(() => validateLimits(limits({ maxRoms: 5 } as Partial<ServerLimits>))).toThrow(
      /^limits\.maxRoms is no limit; there are maxMessageBytes, .*maxRooms/,
    );
  });

  test("the largest message fits into what a quiet client saved up", () => {
    const change = { maxMessageBytes: 10_000, burstSeconds: 2 };
    expect(() => validateLimits(limits({ ...change, bytesPerSecond: 4_999 }))).toThrow(
      "limits.bytesPerSecond is 4999; it must be at least 5000, or no message of maxMessageBytes could ever pass",
    );
    expect(validateLimits(limits({ ...change, bytesPerSecond: 5_000 })).bytesPerSecond).toBe(5_000);
  });
});

test("[LIM-3] the page of limits has each with its default, and no other", () => {
  const page = readFileSync(new URL("../docs/limits.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name = "", value]) => [name, value]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(defaultLimits).map(([name, value]) => [name, String(value)])),
  );
});
