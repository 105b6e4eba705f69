import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { connectGeneric } from "../../client/node.ts";
import { type Step, stepsOf } from "./guide-page.ts";
import type { LinkedProject, Serving } from "./linked-project.ts";

/** Commands that a test cannot run: each with the reason. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "npx tickcast init meadow": "the project is made so; with npx by test:starter",
  "cd meadow": "the project's folder",
  "npm install": "this repository's packages stand in; really by test:starter",
  "npm run dev": "the same as building and starting, which every page is; it ends by hand alone",
  "docker build -t meadow .": "needs Docker",
  "docker run --publish 3000:3000 --stop-timeout 30 meadow": "needs Docker",
  "sudo systemctl enable --now tickcast": "needs systemd, and root",
};

const CURL = /^curl http:\/\/127\.0\.0\.1:3000(\/\S*)$/;
const BOTS = /^npm run bots -- (.*)$/;

/** The steps of a page of the guide. */
export function stepsOfPage(name: string): readonly Step[] {
  return stepsOf(readFileSync(fileURLToPath(new URL(`../../docs/guide/${name}`, import.meta.url)), "utf8"));
}

/** Does what a page says of files, in its order. */
export function write(project: LinkedProject, steps: readonly Step[]): void {
  for (const step of steps) if (step.kind !== "command") project.apply(step);
}

/** The project builds, types and page, and its tests pass. */
export async function expectSound(project: LinkedProject): Promise<void> {
  expect(await project.build()).toBe("");
  expect(project.read("dist/page/index.html")).toMatch(/assets\/index-\S+\.js/);
  const { code, said } = await project.test();
  expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
}

/** Two players join the started server's room, and each is told of both. */
export async function expectPlayable({ url }: Serving, game: string, join?: unknown): Promise<void> {
  expect(await (await fetch(url)).text()).toContain("<script");
  const [one, two] = await Promise.all([
    connectGeneric(new URL(game, url).href, join),
    connectGeneric(new URL(game, url).href, join),
  ]);
  expect(one.id).toBe(two.id);
  const { players } = (await (await fetch(new URL("/rooms", url))).json()).rooms[0];
  expect(players).toBe(2);
  await Promise.all([one.leave(), two.leave()]);
}

/** Runs the commands of a page, against a server that is started where they need one. */
export async function runCommands(
  project: LinkedProject,
  serving: Serving,
  steps: readonly Step[],
): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "command" || step.command in NOT_RUN) continue;
    const { command } = step;
    const [, path] = CURL.exec(command) ?? [];
    const [, bots] = BOTS.exec(command) ?? [];
    if (path !== undefined) {
      expect([command, (await fetch(new URL(path, serving.url))).status]).toEqual([command, 200]);
    } else if (bots !== undefined) {
      const url = `ws://${serving.url.host}/meadow`;
      const args = bots.replace(/--seconds \d+/, "--seconds 1 --max-slip 10s").split(" ");
      const { code, said } = await project.tickcast("bots", "--url", url, "--bot", "dist/bot.js", ...args);
      expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
    } else if (command === "npm start -- --print-config") {
      const { said } = await project.tickcast("start", "dist/app.js", "--print-config");
      expect(JSON.parse(said)).toHaveProperty("host.from");
    } else {
      // What the test did already: building, testing, starting.
      expect(["npm test", "npm run build", "NODE_ENV=production npm start"]).toContain(command);
    }
  }
}
