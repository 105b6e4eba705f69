import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installedFrom } from "./installed-from.ts";

let parent = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tickcast-installed-"));
  mkdirSync(join(parent, "cache/node_modules/tickcast"), { recursive: true });
});
afterEach(() => rmSync(parent, { recursive: true }));

/** What npm writes beside the packages that it installed. */
function lock(text: string): string | undefined {
  writeFileSync(join(parent, "cache/node_modules/.package-lock.json"), text);
  return installedFrom(join(parent, "cache/node_modules/tickcast"));
}

const from = (resolved: string): string =>
  JSON.stringify({ packages: { "node_modules/tickcast": { version: "0.1.0", resolved } } });

test("[GUI-9] a Tickcast that came as a packed file is installed from that file in the project, too", () => {
  expect(lock(from("file:../my packs/tickcast-0.1.0.tgz"))).toBe(join(parent, "my packs/tickcast-0.1.0.tgz"));
});

test("[GUI-9] one that came from a registry, a folder or nowhere is installed by its version", () => {
  expect(lock(from("https://registry.example/tickcast/-/tickcast-0.1.0.tgz"))).toBeUndefined();
  expect(lock(from("file:../tickcast"))).toBeUndefined();
  expect(lock("{}")).toBeUndefined();
  expect(lock("no JSON")).toBeUndefined();
  expect(installedFrom(join(parent, "elsewhere/tickcast"))).toBeUndefined();
});
