import { describe, expect, test } from "vitest";
import { defaultLimits, type ServerLimits, validateLimits } from "./limits.ts";

const limits = (change: Partial<ServerLimits>): ServerLimits => ({ ...defaultLimits, ...change });

describe("[LIM-1] limits that make no sense are refused with their name, value and what is allowed", () => {
  test("the defaults are fine", () => {
    expect(validateLimits(defaultLimits)).toBe(defaultLimits);
  });

  const names = Object.keys(defaultLimits) as (keyof ServerLimits)[];
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
});
