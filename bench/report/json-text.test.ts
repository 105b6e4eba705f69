import { expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

test("[BEN-82] a report's file has each list of numbers in one line, and reads back as it was", () => {
  const report = { a: [1, -2.5, null, 1e-7], b: ["[\n 1\n]", "x"], c: { d: [], e: [[1, 2], [3]] }, f: 1 };
  expect(JSON.parse(jsonText(report))).toEqual(report);
  expect(jsonText(report)).toContain('"a": [1, -2.5, null, 1e-7],');
});
