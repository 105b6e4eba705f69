import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packTarball, type Tarball } from "../package/tarball.ts";
import { imageOf } from "./image.ts";
import { run, serve } from "./project.ts";

const PLAYERS = fileURLToPath(new URL("./two-players.mjs", import.meta.url));
const EVERYTHING = fileURLToPath(new URL("./everything.ts", import.meta.url));

let parent = "";
let project = "";
let tarball: Tarball;

beforeAll(() => {
  tarball = packTarball();
  parent = mkdtempSync(join(tmpdir(), "tickcast-newcomer-"));
  project = join(parent, "my-game");
});
afterAll(() => {
  tarball.remove();
  rmSync(parent, { recursive: true });
});

/** As `npx tickcast …` would, of the tarball in place of the registry's. */
const npx = (...args: readonly string[]) =>
  run(parent, "npm", "exec", "--yes", `--package=${tarball.path}`, "--", "tickcast", ...args);

const npm = (...args: readonly string[]) => run(project, "npm", ...args);

test("[GUI-3] npx tickcast init makes a project from the package alone, and says what comes next", async () => {
  const { code, said } = await npx("init", "my-game");
  expect([code, said]).toEqual([
    0,
    expect.stringContaining(
      'Made my-game in my-game/: a small game, "meadow", to be changed into yours. Next:\n  cd my-game\n',
    ),
  ]);
  for (const file of [".gitignore", ".dockerignore", "Dockerfile", "README.md", "src/room.test.ts"])
    expect(existsSync(join(project, file))).toBe(true);
});

test("[GUI-2] a second time it refuses in one sentence, and --help says how it is used", async () => {
  const { code, said } = await npx("init", "my-game");
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/^tickcast: my-game is not empty \(.*\): name a new folder/),
  ]);
  expect((await npx("init", "--help")).said).toContain("tickcast init . --name my-game");
});

test("[GUI-3] it installs", async () => {
  const { code, said } = await npm("install", "--no-audit", "--no-fund", tarball.path);
  expect([code, said]).toEqual([0, expect.not.stringMatching(/npm (error|warn)/i)]);
});

test("[GUI-3] it builds, types and page, and its test passes", async () => {
  const built = await npm("run", "build");
  expect([built.code, built.said]).toEqual([0, expect.not.stringContaining("error")]);
  expect(readFileSync(join(project, "dist/page/index.html"), "utf8")).toContain("<title>Meadow</title>");
  const tested = await npm("test");
  expect([tested.code, tested.said]).toEqual([0, expect.stringMatching(/1 passed/)]);
});

test("[GUI-3] whatever an author may export compiles with declarations, by names of the package", async () => {
  copyFileSync(EVERYTHING, join(project, "src/everything.ts"));
  const { code, said } = await run(project, "npx", "--no-install", "tsc", "-b");
  expect([code, said]).toEqual([0, ""]);
});

test("[GUI-3] it serves its page; of two players each sees the other walk; its bots play", async () => {
  const server = await serve(project);
  const page = await (await fetch(server.url)).text();
  const script = /src="(\.\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "none";
  expect((await fetch(new URL(script, server.url))).headers.get("content-type")).toMatch(/javascript/);

  copyFileSync(PLAYERS, join(project, "two-players.mjs"));
  const players = await run(project, process.execPath, "two-players.mjs", server.url.href);
  expect([players.code, players.said.trim()]).toEqual([
    0,
    JSON.stringify({ sameRoom: true, walkers: 2, walked: true }),
  ]);

  const address = `ws://${server.url.host}/meadow`;
  const args = ["--url", address, "--bots", "20", "--seconds", "2", "--max-slip", "10s"];
  const bots = await npm("run", "bots", "--", ...args);
  expect([bots.code, bots.said]).toEqual([0, expect.stringContaining("20")]);
  expect(await server.stop()).toBe(0);
});

/** What a handshake from a page of this origin is answered with. */
const handshakeFrom = (url: URL, origin: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      origin,
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const request = get(new URL("/meadow", url), { headers }, ({ statusCode }) => {
      request.destroy();
      resolve(statusCode);
    });
    request.once("upgrade", ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    request.once("error", reject);
  });

test("[GUI-10] its image serves by the project's settings, and without a file of them by the defaults", async () => {
  const answers: (number | undefined)[] = [];
  for (const settings of [undefined, { origins: ["https://play.example.com"] }]) {
    if (settings !== undefined)
      writeFileSync(join(project, "tickcast.config.json"), JSON.stringify(settings));
    const image = await imageOf(project, join(parent, `image-${answers.length}`));
    const server = await serve(image.folder, image.command, image.variables);
    answers.push(await handshakeFrom(server.url, "https://other.example.com"));
    expect(await server.stop()).toBe(0);
  }
  expect(answers).toEqual([101, 403]);
});
