import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL(".", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), "utf8");

test("[KIT-12] the code of the guide to testing is the code that runs here", () => {
  const sources = readdirSync(folder).map((name) => read(name));
  const blocks = [...read("../../docs/testing.md").matchAll(/```ts\n(.*?)```/gs)].map(
    ([, code]) => code ?? "",
  );
  expect(blocks.length).toBeGreaterThan(6);
  // A block may show tests that do not stand together.
  for (const part of blocks.flatMap((block) => block.split(/\n(?=test\()/)))
    expect(
      sources.some((source) => source.includes(part.trimEnd())),
      part,
    ).toBe(true);
});

test("[KIT-12] the guide to testing names everything that the kit exports and its classes offer", () => {
  const guide = read("../../docs/testing.md");
  const members = (file: string): string[] =>
    [...read(`../kit/${file}`).matchAll(/^ {2}(?:static )?(?:async )?(?:get )?([a-z]\w*)(?:<[^(]*>)?\(/gm)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "constructor" && name !== "openSocket");
  const names = ["test-server.ts", "test-client.ts", "test-room.ts", "test-network.ts"].flatMap(members);
  expect(names).toContain("goOffline");
  expect(names).toContain("takeErrors");
  const untold = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide));
  expect(untold).toEqual([]);
});
