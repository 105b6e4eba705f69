import { expect, test } from "vitest";
import { changed, stepsOf } from "./guide-page.ts";

test("[GUI-4] a block is a file, a change, commands or output, and nothing else", () => {
  const page = [
    "In `src/a.ts`, whole:",
    "",
    "```ts",
    "const a = 1;",
    "```",
    "And in `src/b.ts`:",
    "```diff",
    " x",
    "+y",
    "```",
    "```sh",
    "npm test    # all of it",
    "npm start",
    "```",
    "```text",
    "it prints",
    "```",
  ].join("\n");
  expect(stepsOf(page)).toEqual([
    { kind: "file", path: "src/a.ts", code: "const a = 1;\n", line: 3 },
    { kind: "change", path: "src/b.ts", code: " x\n+y\n", line: 7 },
    { kind: "command", command: "npm test", line: 11 },
    { kind: "command", command: "npm start", line: 11 },
  ]);
  expect(() => stepsOf("Something:\n```ts\nx\n```")).toThrow(
    "line 2: the line before the block does not end in a path",
  );
  expect(() => stepsOf("`a.ts`:\n```ts\nx")).toThrow("line 2: the block does not end");
});

test("[GUI-4] a change has to fit the file that the pages before have left", () => {
  const file = "a\nb\nc\nd\n";
  expect(changed(file, " a\n-b\n+B\n…\n d\n+e\n")).toBe("a\nB\nc\nd\ne\n");
  expect(() => changed(file, " a\n-c\n")).toThrow("these lines are not there, in this order:\na\nc\n");
  expect(() => changed(file, " d\n…\n a\n")).toThrow("these lines are not there");
});
