import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArenaPilot } from "./arena-pilot.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, PHONE, Visitor } from "./visitor.ts";

const path = chromiumPath();

/** What the banner could cover. */
const PARTS = [
  ".clock",
  ".toolbar",
  ".leaderboard",
  ".talk",
  ".vitals",
  "#minimap",
  "#banner",
  "#stick-left",
];

describe.skipIf(path === undefined)("the arena's page before maintenance", () => {
  let browser: Browser;
  let games: ServedGames;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    games = await ServedGames.start(["--drain-seconds", "90"]);
    browser = await launchChromium(path ?? "");
  });

  afterAll(async () => {
    for (const visitor of visitors) await visitor.leave();
    await browser?.close();
    await games?.stop();
  });

  test("[BRO-12] a page counts down, over a lost connection and a reload, and goes on when the server is back", async () => {
    for (const device of [DESK, PHONE]) visitors.push(await Visitor.arrive(browser, games.port, device));
    const pilots = visitors.map((visitor) => new ArenaPilot(visitor));
    for (const [n, pilot] of pilots.entries()) await pilot.join(`Pilot ${n}`);
    for (const visitor of visitors) await visitor.seesNo("#banner");

    games.drain();
    for (const [n, visitor] of visitors.entries()) {
      await visitor.sees("#banner.maintenance", /Maintenance in (90|8\d|7\d) s\s+.*Play on until then/);
      expect(await visitor.page.locator("#banner-button").isVisible()).toBe(false);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      await visitor.picture(`maintenance-${["desk", "phone"][n]}`);
    }
    const [desk, phone] = visitors;
    if (desk === undefined || phone === undefined) throw new Error("nobody came");
    const seconds = async () => Number(/\d+/.exec(await desk.text("#banner-title"))?.[0]);
    const before = await seconds();
    await desk.page.waitForFunction(
      (last) => Number(/\d+/.exec(document.getElementById("banner-title")?.innerText ?? "")?.[0]) < last,
      before,
    );

    desk.loseNetwork();
    await desk.sees("#banner", "Connection lost. Returning …");
    desk.findNetwork();
    await desk.sees("#banner.maintenance", /Maintenance in \d+ s/);
    expect(await seconds()).toBeLessThan(before);
    await phone.page.reload();
    await phone.sees("#banner.maintenance", /Maintenance in \d+ s/);
    await phone.sees("#feed", "You are back in your ship");

    await games.stop();
    await desk.sees("#banner", "Connection lost. Returning …");
    await games.restart();
    for (const visitor of visitors) {
      await visitor.sees("#feed", "you have joined anew");
      await visitor.seesNo("#banner");
      expect(visitor.complaints).toEqual([]);
    }
  });
});
