import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { packTarball } from "./tarball.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tools = fileURLToPath(new URL("./tools/", import.meta.url));
const tarball = packTarball();
const unpacked = tarball.unpack();
afterAll(() => tarball.remove());

/** What a tool said, where it was not content. */
function complaintsOf(tool: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(join(tools, "node_modules/.bin", tool), args, {
    cwd: tools,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  if (error !== undefined) throw error;
  return status === 0 ? "" : `${tool} ended with ${status}:\n${stdout}${stderr}`;
}

/** What Vite makes of the pages. */
const pages = ["games/arena", "games/echo", "games/eights", "server/admin", "server/recording"].map(
  (folder) => `dist/${folder}/page/index.html`,
);

const has = (pattern: RegExp): readonly string[] => tarball.files.filter((path) => pattern.test(path));

test("[PKG-1] publint finds nothing to mend in the packed package", () => {
  expect(complaintsOf("publint", tarball.path, "--strict")).toBe("");
});

test("[PKG-2] every entry resolves with its types, in Node's ES modules and in bundlers", () => {
  expect(complaintsOf("attw", tarball.path, "--profile", "esm-only")).toBe("");
});

test("[PKG-3] every public name and method has a word of documentation, and no link in it leads nowhere", () => {
  expect(complaintsOf("typedoc", "--emit", "none")).toBe("");
});

test("[PKG-4] a program can step from what it imports into its source", () => {
  const programs = has(/^dist\/(shared|server|client|bots|tests)\/.*\.js$/).filter(
    (path) => !/^dist\/server\/\w+\/page\//.test(path),
  );
  expect(programs.length).toBeGreaterThan(100);
  const without = programs.filter((path) => {
    const file = join(unpacked, path);
    const url = /\/\/# sourceMappingURL=(\S+)/.exec(readFileSync(file, "utf8"))?.[1];
    if (url === undefined) return true;
    const { sourcesContent } = JSON.parse(readFileSync(join(file, "..", url), "utf8")) as {
      readonly sourcesContent?: readonly (string | null)[];
    };
    return !sourcesContent?.every((content) => content !== null && content !== "");
  });
  expect(without).toEqual([]);
});

test("[PKG-5] the package holds what its users need and what its pages link to, and nothing of how it is made", () => {
  const tops = new Set(tarball.files.map((path) => path.split("/")[0]));
  expect([...tops].sort()).toEqual([
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "bench",
    "bin",
    "client",
    "dist",
    "docs",
    "package.json",
    "templates",
  ]);
  expect(
    has(
      /^(?!templates\/).*\.test\.|test-d|test_|__pycache__|tsbuildinfo|\.d\.ts\.map$|^dist\/(api|tests\/simulation)\//,
    ),
  ).toEqual([]);
  expect(has(/^dist\/.*\/page\/index\.html$/)).toEqual(expect.arrayContaining(pages));
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
  console.info(
    `tarball: ${megabytes(tarball.packedBytes)} MB packed, ${megabytes(tarball.unpackedBytes)} MB, ${tarball.files.length} files`,
  );
  expect(tarball.packedBytes).toBeLessThan(2e6);
});

test("[PKG-6] the package says its licence, what it needs, and where each entry's types are", () => {
  const { license, engines, exports } = JSON.parse(
    readFileSync(join(unpacked, "package.json"), "utf8"),
  ) as Record<string, unknown>;
  expect(license).toBe("MIT");
  expect(readFileSync(join(unpacked, "LICENSE"), "utf8")).toMatch(/^MIT License/);
  expect(engines).toHaveProperty("node");
  const targets = JSON.stringify(exports).match(/"\.\/dist\/[^"]+"/g) ?? [];
  expect(targets.length).toBeGreaterThan(10);
  for (const target of targets) expect(tarball.files).toContain(target.slice(3, -1));
});

const LARGE_PICTURE_BYTES = 100_000;

test("[PKG-8] every relative link of a packaged page leads to what is packaged; large pictures stay in the repository", () => {
  const pages = has(/\.md$/);
  expect(pages.length).toBeGreaterThan(40);
  const isPackaged = (path: string): boolean =>
    tarball.files.some((file) => file === path || file.startsWith(`${path}/`));
  const isLargePicture = (mark: string, path: string): boolean =>
    mark === "!" && statSync(join(root, path)).size > LARGE_PICTURE_BYTES;
  const dead = pages.flatMap((page) => {
    const prose = readFileSync(join(unpacked, page), "utf8").replace(/^ *```.*?^ *```/gms, "");
    return [...prose.matchAll(/(!?)\[[^\]]*\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)]
      .filter(([, mark = "", link = ""]) => {
        const path = posix.join(posix.dirname(page), link).replace(/\/$/, "");
        return !isPackaged(path) && !isLargePicture(mark, path);
      })
      .map(([link]) => `${page}: ${link}`);
  });
  expect(dead).toEqual([]);
});
