import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const folders = ["shared", "server", "client", "bots", "bench", "games", "tests"];

function sourcesOfTests(): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => /\.(test|contract)\.ts$/.test(name))
    .map((name) => readFileSync(join(root, name), "utf8"));
}

const idsIn = (texts: readonly string[], pattern: RegExp): Set<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, id]) => id ?? "")));

test("every rule of the documents is held by a test, and every rule a test quotes is written down", () => {
  const written = idsIn(
    ["docs/protocol.md", "docs/rules.md"].map((name) => readFileSync(join(root, name), "utf8")),
    /\*\*([A-Z]{3}-\d+)\*\*/g,
  );
  const quoted = idsIn(sourcesOfTests(), /\[([A-Z]{3}-\d+)\]/g);
  expect(
    [...written].filter((id) => !quoted.has(id)),
    "written down, held by no test",
  ).toEqual([]);
  expect(
    [...quoted].filter((id) => !written.has(id)),
    "quoted, written down nowhere",
  ).toEqual([]);
});
