import { expect, test } from "vitest";
import { freeName } from "./free-name.ts";

test("[ARE-20] no two pilots have one name: the later gets a number, within the length", () => {
  const taken = new Set(["Ada", "Ada 2", "A very long name"]);
  expect(freeName("Grace", 16, (name) => taken.has(name))).toBe("Grace");
  expect(freeName("Ada", 16, (name) => taken.has(name))).toBe("Ada 3");
  expect(freeName("A very long name", 16, (name) => taken.has(name))).toBe("A very long na 2");
});
