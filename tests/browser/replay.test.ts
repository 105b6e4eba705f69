import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, type Device, LYING_PHONE, PHONE, Visitor } from "./visitor.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/launcher.js", import.meta.url));
const path = chromiumPath();

/** What stands on the screen. */
const PARTS = [".corner .brand", ".clock", ".toolbar", ".leaderboard", "#minimap", "#timeline"];

describe.skipIf(path === undefined)("the replay's page", () => {
  let browser: Browser;
  let folder: string;
  let replay: ChildProcess;
  let port: number;

  beforeAll(async () => {
    browser = await launchChromium(path ?? "");
    folder = await mkdtemp(join(tmpdir(), "tickcast-replay-"));
    const games = await ServedGames.start(["--record", folder]);
    const url = `ws://127.0.0.1:${games.port}/arena`;
    await run("bots", "--url", url, "--bots", "12", "--seconds", "12", "--max-slip", "10s", "-q");
    await games.stop();
    const [name = ""] = await readdir(folder);
    replay = spawn(process.execPath, [LAUNCHER, "replay", join(folder, name)]);
    port = await new Promise((resolve, reject) => {
      replay.stdout?.on("data", (text) => {
        const found = /127\.0\.0\.1:(\d+)/.exec(String(text))?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      replay.once("exit", (code) => reject(new Error(`the replay ended with ${code}`)));
    });
  });

  afterAll(async () => {
    replay?.kill("SIGTERM");
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function watch(device: Device = DESK): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, port, device);
    await visitor.goTo("/replay.html");
    await visitor.page.locator('#timeline[data-state="playing"]').waitFor();
    return visitor;
  }

  const seconds = async (page: Page): Promise<number> => {
    const [minutes = 0, rest = 0] = (await page.locator("#time-now").innerText()).split(":").map(Number);
    return minutes * 60 + rest;
  };

  test("[REC-40] it plays, pauses, seeks by click and key, and shows whom one chooses", async () => {
    const visitor = await watch();
    const { page } = visitor;
    await page.waitForFunction(() => document.getElementById("time-now")?.textContent === "0:02");
    await visitor.sees("#leaderboard", /bot/);

    await page.keyboard.press("Space");
    await page.locator('#timeline[data-state="paused"]').waitFor();
    const paused = await seconds(page);
    await page.waitForTimeout(1_500);
    expect(await seconds(page)).toBe(paused);

    const track = await page.locator("#time-slider").boundingBox();
    await page.locator("#time-slider").click({ position: { x: (track?.width ?? 0) * 0.6, y: 19 } });
    await page.waitForFunction(
      (before) => document.getElementById("time-now")?.textContent !== before,
      `0:0${paused}`,
    );
    const there = await seconds(page);
    expect(there).toBeGreaterThanOrEqual(6);
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(
      (goal) => document.getElementById("time-now")?.textContent === goal,
      `0:0${there - 5}`,
    );

    const before = await visitor.text("#watched");
    await page.keyboard.press("n");
    await page.waitForFunction((name) => document.getElementById("watched")?.textContent !== name, before);
    await page.locator("#leaderboard li").first().click();
    const first = await page.locator("#leaderboard li .name").first().innerText();
    await page.waitForFunction(
      (line) => line.includes(document.getElementById("watched")?.textContent ?? "–"),
      first,
    );

    await page.locator("#speeds button", { hasText: "8×" }).click();
    await page.keyboard.press("Space");
    await page.locator('#timeline[data-state="ended"]').waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  test.each([
    ["a desk", DESK],
    ["a phone", PHONE],
    ["a phone that lies", LYING_PHONE],
  ])("[REC-41] on %s nothing covers anything", async (_where, device) => {
    const visitor = await watch(device);
    await visitor.sees("#leaderboard", /bot/);
    expect(await visitor.overlaps(PARTS)).toEqual([]);
    await visitor.leave();
  });
});

async function run(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`tickcast ${args.join(" ")} ended with ${code}`);
}
