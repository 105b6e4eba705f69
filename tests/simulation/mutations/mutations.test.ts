import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { mutations } from "./mutations.ts";

test.each(mutations)("[SIM-4] the fault that is made on purpose fits the source: $says", ({ file, find }) => {
  const source = readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), "utf8");
  expect(source.split(find).length - 1).toBe(1);
});
