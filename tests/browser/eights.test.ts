import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, type Device, LYING_PHONE, PHONE, Visitor } from "./visitor.ts";

const path = chromiumPath();

/** Parts of the page that must not cover each other. */
const PARTS = [".top", ".seats", "#stock", ".top-pile", ".talk", ".own", ".feed"];

describe.skipIf(path === undefined)("the page of Crazy Eights", () => {
  let browser: Browser;
  let games: ServedGames;

  beforeAll(async () => {
    games = await ServedGames.start();
    browser = await launchChromium(path ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await games?.stop();
  });

  async function arrive(name: string, address: string, device: Device = DESK): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, games.port, device);
    await visitor.goTo(address);
    await visitor.page.getByLabel("Your name").fill(name);
    return visitor;
  }

  /** Makes one move, if it is this visitor's turn: by the keyboard where there is one. */
  async function move({ page }: Visitor): Promise<boolean> {
    const isMine = await page.locator("#table.my-turn").count();
    if (isMine === 0) return false;
    const before = await page.locator("#feed li").count();
    const card = page.locator('.hand-card[aria-disabled="false"]').first();
    if ((await card.count()) > 0) {
      await card.focus();
      await page.keyboard.press("Enter");
      const suit = page.locator("#suit-dialog[open] .suit-choice").first();
      if ((await suit.count()) > 0) await suit.click();
    } else await page.keyboard.press((await page.locator("#draw").isVisible()) ? "d" : "p");
    await page.waitForFunction((lines) => document.querySelectorAll("#feed li").length > lines, before);
    return true;
  }

  const handOf = ({ page }: Visitor): Promise<string[]> =>
    page
      .locator(".hand-card")
      .evaluateAll((cards) => cards.map((card) => card.getAttribute("data-card") ?? ""));

  test("[CAR-15] two pages play: each sees its own hand alone, and one that is loaded anew has it again", async () => {
    const ada = await arrive("Ada", "/eights/");
    await ada.picture("eights-join-desk");
    await ada.page.getByRole("button", { name: "Play", exact: true }).click();
    await ada.sees("#message", "Invite somebody");
    const grace = await arrive("Grace", `/eights/${new URL(ada.page.url()).search}`, PHONE);
    await grace.picture("eights-join-phone");
    await grace.page.getByRole("button", { name: "Play", exact: true }).tap();
    await ada.page.getByRole("button", { name: "Deal now" }).click();
    await grace.sees(".seat strong", "Ada");
    for (const visitor of [ada, grace]) await visitor.page.locator(".hand-card").nth(6).waitFor();
    const [hers, his] = [await handOf(ada), await handOf(grace)];
    expect(new Set([...hers, ...his]).size).toBe(14);
    await ada.picture("eights-turn-desk");

    for (let moves = 0; moves < 8; ) {
      if ((await move(ada)) || (await move(grace))) moves += 1;
      else await ada.page.waitForTimeout(50);
      if ((await ada.page.locator('#table[data-phase="playing"]').count()) === 0) break;
    }
    await ada.picture("eights-play-desk");
    await grace.picture("eights-play-phone");
    for (const visitor of [ada, grace]) expect(await visitor.overlaps(PARTS)).toEqual([]);

    const kept = await handOf(grace);
    await grace.page.reload();
    await grace.page
      .locator(".hand-card")
      .nth(kept.length - 1)
      .waitFor();
    expect(await handOf(grace)).toEqual(kept);
    expect([...ada.complaints, ...grace.complaints]).toEqual([]);
    await grace.leave();
    await ada.leave();
  });

  test("[CAR-15] the house fills in, and plays for a page whose network is gone until it is back", async () => {
    const ada = await arrive("Ada", "/eights/", LYING_PHONE);
    await ada.page.getByRole("button", { name: "Play", exact: true }).tap();
    const addHouse = ada.page.getByRole("button", { name: "Add a house player" });
    for (let house = 0; house < 3; house++) {
      await addHouse.click();
      await ada.page.locator(".seat").nth(house).waitFor();
    }
    await ada.page.getByRole("button", { name: "Deal now" }).click();
    await ada.page.locator(".hand-card").nth(4).waitFor();
    await ada.picture("eights-lying-phone");
    expect(await ada.overlaps(PARTS)).toEqual([]);
    await ada.page.setViewportSize(PHONE.viewport);
    await ada.picture("eights-four-phone");
    expect(await ada.overlaps(PARTS)).toEqual([]);

    const watcher = await arrive("Eve", `/eights/${new URL(ada.page.url()).search}`);
    await watcher.page.getByRole("button", { name: "Watch", exact: true }).click();
    await watcher.page.locator(".seat").nth(3).waitFor();
    ada.loseNetwork();
    await ada.sees("#banner", "Connection lost");
    await watcher.sees(".seat", /Ada.*away/s);
    await watcher.picture("eights-away-desk");
    ada.findNetwork();
    await ada.seesNo("#banner");
    await watcher.sees("#feed", "Ada is back");
    expect(await watcher.page.locator(".hand-card").count()).toBe(0);
    expect([...ada.complaints, ...watcher.complaints]).toEqual([]);
    await watcher.leave();
    await ada.leave();
  });
});
