import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeStarter } from "./starter.ts";

const template = fileURLToPath(new URL("../../templates/starter/", import.meta.url));

let parent = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tickcast-starter-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const make = (folder: string, name?: string) =>
  makeStarter({ template, folder: join(parent, folder), name, version: "1.2.3" });

const read = (path: string): string => readFileSync(join(parent, path), "utf8");

test("[GUI-1] a project has every file of the template, its folder's name, and the Tickcast that made it", () => {
  expect(make("games/my-game").name).toBe("my-game");
  expect(JSON.parse(read("games/my-game/package.json"))).toMatchObject({
    name: "my-game",
    private: true,
    dependencies: { tickcast: "^1.2.3" },
  });
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => path.replace(/^_(git|docker)ignore$/, ".$1ignore"))
      .sort();
  expect(files(join(parent, "games/my-game"))).toEqual(files(template));
  expect(read("games/my-game/.gitignore")).toContain("node_modules/");
});

test("[GUI-1] the folder may be there already, empty or as a new repository", () => {
  mkdirSync(join(parent, "empty"));
  expect(make("empty").name).toBe("empty");
  mkdirSync(join(parent, "repository/.git"), { recursive: true });
  expect(make("repository").name).toBe("repository");
  expect(existsSync(join(parent, "repository/.git"))).toBe(true);
});

test("[GUI-2] a folder that is not empty is left as it is, and told with what is in it", () => {
  mkdirSync(join(parent, "used"));
  for (const name of ["a", "b", "c", "d"]) writeFileSync(join(parent, "used", name), "mine");
  expect(() => make("used")).toThrow(/used is not empty \(there is a, b, c, …\): name a new folder/);
  expect(readdirSync(join(parent, "used"))).toEqual(["a", "b", "c", "d"]);
  expect(() => make("used/a")).toThrow(/a is a file: name a new folder\.$/);
});

test("[GUI-2] a name that npm would not take is told with one that it takes, before anything is written", () => {
  for (const [folder, near] of [
    ["My Game", "my-game"],
    ["_hidden", "hidden"],
    ["Überspiel!", "berspiel"],
    ["node_modules", "node-modules"],
    ["tickcast", "my-game"],
    ["…", "my-game"],
  ] as const) {
    expect(() => make(folder)).toThrow(
      new RegExp(`^The folder's name "${folder}" is (no name|taken).*, as in --name ${near}\\.$`),
    );
    expect(existsSync(join(parent, folder))).toBe(false);
  }
  expect(() => make("fine", "Not Fine")).toThrow(/^"Not Fine" is no name .*, as in --name not-fine\.$/);
  expect(make("My Game", "my-game").name).toBe("my-game");
});
