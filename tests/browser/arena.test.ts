import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArenaPilot } from "./arena-pilot.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, type Device, LYING_PHONE, PHONE, Visitor } from "./visitor.ts";

const path = chromiumPath();

/** Or a later one: on a busy machine a page may be seen late. */
const SECOND_ATTEMPT = /Attempt ([2-9]|\d\d)/;

/** What stands on the screen during a game. */
const PARTS = [
  ".corner .brand",
  "#statistics",
  "#inspector",
  "#streams",
  "#lag",
  ".clock",
  ".toolbar",
  ".leaderboard",
  ".talk",
  ".vitals",
  "#minimap",
  "#banner",
  "#stick-left",
  "#stick-right",
  "#touch-dash",
  "#touch-chat",
];

describe.skipIf(path === undefined)("the arena's page", () => {
  let browser: Browser;
  let games: ServedGames;
  let [ada, grace]: ArenaPilot[] = [];
  const visitors: Visitor[] = [];

  async function arrive(device: Device = DESK): Promise<ArenaPilot> {
    const visitor = await Visitor.arrive(browser, games.port, device);
    visitors.push(visitor);
    return new ArenaPilot(visitor);
  }

  /** Somebody with the panel of lag open. */
  async function asksForLag(): Promise<{ visitor: Visitor; plays: () => Promise<void> }> {
    const pilot = await arrive();
    await pilot.join("Hedwig");
    await pilot.visitor.page.locator("#lag-button").click();
    return { visitor: pilot.visitor, plays: () => pilot.plays() };
  }

  /** Both play in one room, whatever the test before left. */
  function pair(): readonly [ArenaPilot, ArenaPilot] {
    if (ada === undefined || grace === undefined) throw new Error("nobody plays: the first test failed");
    return [ada, grace];
  }

  beforeAll(async () => {
    games = await ServedGames.start();
    browser = await launchChromium(path ?? "");
  });

  afterAll(async () => {
    for (const visitor of visitors) await visitor.leave();
    await browser?.close();
    await games?.stop();
  });

  test("[BRO-1] two people join one room, see each other, move, shoot, chat", async () => {
    ada = await arrive();
    await ada.visitor.goTo("/");
    await ada.visitor.picture("join-desk");
    await ada.join("Ada");
    await ada.visitor.sees("#feed", "Nobody else is here yet");
    const room = new URL(ada.visitor.page.url()).search;
    grace = await arrive();
    await grace.join("Grace", `/${room}`);
    await ada.visitor.sees("#feed", "Grace joined");
    for (const pilot of [ada, grace]) {
      await pilot.openInspector();
      await pilot.visitor.sees("#leaderboard", "Ada");
      await pilot.visitor.sees("#leaderboard", "Grace");
      await pilot.visitor.sees("#stat-players", "2");
    }

    const [before, other] = [await grace.place(), await ada.place()];
    await grace.goTo(ada);
    const after = await grace.place();
    const way = (from: { x: number; y: number }) => Math.hypot(from.x - other.x, from.y - other.y);
    expect(way(after)).toBeLessThan(Math.min(way(before), 200));
    await ada.visitor.sees("#inspector-sight", /^2 ships/);

    await ada.chat("hello Grace");
    await grace.visitor.sees("#feed .said", /Ada\s+hello Grace/);

    const target = ada.visitor;
    let hurt = false;
    await grace.shootAt(ada, async () => {
      const health = Number(await target.text("#health-text"));
      if (!hurt && health < 100) await target.picture("fight-desk");
      hurt ||= health < 100;
      return health === 0;
    });
    expect(hurt).toBe(true);
    await ada.visitor.sees("#overlay-title", "Destroyed by Grace");
    await ada.visitor.picture("destroyed-desk");
    await grace.visitor.sees("#feed", "Grace destroyed Ada");
    await grace.visitor.sees("#leaderboard .me .score", "1");
  });

  test("[BRO-2] whose network is lost sees that calmly, and comes back to the same ship, told what was said", async () => {
    const [ada, grace] = pair();
    const left = await grace.place();
    const { page } = grace.visitor;
    grace.visitor.loseNetwork();
    await grace.visitor.sees("#banner", /Connection lost. Returning …\s+Attempt \d+\./);
    expect(await page.locator("#banner-button").isVisible()).toBe(false);
    await grace.visitor.sees("#banner", SECOND_ATTEMPT);
    await grace.visitor.picture("returning-desk");
    await ada.chat("where are you?");
    await ada.visitor.sees("#feed .said", "where are you?");
    await ada.visitor.picture("other-away-desk");

    grace.visitor.findNetwork();
    await grace.visitor.sees("#banner", "You are back");
    await grace.visitor.picture("back-desk");
    await grace.visitor.seesNo("#banner");
    await grace.visitor.sees("#feed .said", /Ada\s+where are you\?/);
    await grace.nextTick();
    expect(await grace.place()).toMatchObject({ x: left.x, y: left.y });
    expect(await grace.leaders()).toMatchObject({ Grace: 1 });
    expect(await grace.resyncs()).toBe(1);
    // The same player: nobody joined or left meanwhile.
    expect(await ada.visitor.text("#feed")).not.toMatch(/Grace left/);
    expect(await ada.visitor.text("#stat-players")).toBe("2");
  });

  test("[BRO-3] a page that is loaded anew has its ship, score and name again", async () => {
    const [ada, grace] = pair();
    const left = await grace.place();
    await grace.visitor.page.reload();
    await grace.plays();
    await grace.visitor.sees("#feed", "You are back in your ship");
    expect(await grace.visitor.page.locator("#join").isVisible()).toBe(false);
    await grace.openInspector();
    expect(await grace.place()).toMatchObject({ x: left.x, y: left.y });
    await grace.visitor.sees("#leaderboard .me .name", "Grace");
    await grace.visitor.sees("#leaderboard .me .score", "1");
    expect(await ada.visitor.text("#feed")).not.toMatch(/Grace left/);
  });

  test("[BRO-4] one who is replaced reads why, and joins again by a button", async () => {
    const [, grace] = pair();
    const { page } = grace.visitor;
    // What is stored when the page is left; a tab that is duplicated meanwhile finds nothing.
    expect(
      await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes("seat"))),
    ).toEqual([]);
    const seat = await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent("pagehide"));
      return Object.entries(sessionStorage);
    });
    const elsewhere = await page.context().newPage();
    await elsewhere.addInitScript((entries) => {
      for (const [key, value] of entries) sessionStorage.setItem(key, value);
    }, seat);
    await elsewhere.goto(page.url());
    await elsewhere.waitForFunction(() => document.body.dataset.connection === "playing");
    await grace.visitor.sees("#banner.ended", "The same player connected from elsewhere.");
    await grace.visitor.picture("replaced-desk");
    await elsewhere.close();
    await page.locator("#banner").getByRole("button", { name: "Join again" }).click();
    await grace.plays();
    await grace.visitor.seesNo("#banner");
    // The former seat is still kept, and with it the name.
    await grace.visitor.sees("#leaderboard .me", "Grace 2");
  });

  test("[BRO-5] after a restart of the server a page joins anew by itself, and says so; a phone does, too", async () => {
    const [ada] = pair();
    const phone = await arrive(PHONE);
    await phone.visitor.goTo("/");
    await phone.visitor.picture("join-phone");
    await phone.join("Hedy", `/${new URL(ada.visitor.page.url()).search}`);
    await phone.visitor.sees("#leaderboard", "Hedy");
    await phone.visitor.picture("play-phone");
    const room = new URL(ada.visitor.page.url()).search;
    await games.stop();
    await ada.visitor.sees("#banner", "Connection lost. Returning …");
    await phone.visitor.sees("#banner", SECOND_ATTEMPT);
    await phone.visitor.picture("returning-phone");

    await games.restart();
    for (const pilot of [ada, phone]) {
      await pilot.visitor.sees("#feed", "you have joined anew");
      await pilot.visitor.seesNo("#banner");
      expect(new URL(pilot.visitor.page.url()).search).not.toBe(room);
    }
    await ada.visitor.sees("#leaderboard .me", "Ada");
    await phone.visitor.sees("#leaderboard .me", "Hedy");
    await phone.visitor.picture("anew-phone");
  });

  test("[BRO-6] a page whose seat is gone when it is loaded anew asks for a name again", async () => {
    const [ada] = pair();
    const { page } = ada.visitor;
    // Behind the page, which keeps its token when it is left.
    await page.evaluate(() =>
      addEventListener("pagehide", () => {
        for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, "0.nobody");
      }),
    );
    await page.reload();
    await ada.visitor.sees("#join-problem", "Your ship was not kept any longer. Join again.");
    await ada.visitor.picture("seatless-desk");
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
    await page.locator("#join-form button[type=submit]").click();
    await ada.plays();
  });

  test.each([
    ["desk", DESK],
    ["phone", PHONE],
    ["lying-phone", LYING_PHONE],
  ])(
    "[BRO-7] no part of the page covers another, with a connection and without, nor with a panel open (%s)",
    async (name, device) => {
      const pilot = await arrive(device);
      const { visitor } = pilot;
      await pilot.join("Katherine J. III");
      await visitor.sees("#leaderboard .me", "Katherine");
      await visitor.picture(`whole-${name}`);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      await pilot.openInspector();
      await visitor.picture(`inspector-${name}`);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      visitor.loseNetwork();
      await visitor.sees("#banner", SECOND_ATTEMPT);
      await visitor.picture(`lost-${name}`);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      visitor.findNetwork();
      await visitor.sees("#banner", "You are back");
      await pilot.closeInspector();
      await visitor.page.locator("#streams-button").click();
      await visitor.sees("#streams-total", /\d/);
      await visitor.picture(`streams-${name}`);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      await visitor.page.locator("#lag-button").click();
      await visitor.page.locator("#lag-switch").click();
      await visitor.sees("#lag-ping-now", /\d/);
      await visitor.picture(`lag-${name}`);
      expect(await visitor.overlaps(PARTS)).toEqual([]);
      await visitor.leave();
    },
  );

  test("[BRO-11] lag is off until it is asked for, makes the ping what it says, and stays with the tab", async () => {
    const { visitor, plays } = await asksForLag();
    // The first one that is shown may have waited for a page that was still being built.
    await visitor.page.waitForFunction(
      () => Number.parseFloat(document.getElementById("lag-ping-now")?.innerText ?? "") < 100,
    );
    expect(await visitor.page.evaluate(() => sessionStorage.getItem("tickcast-arena-lag"))).toBeNull();
    await visitor.page.locator("#lag-switch").click();
    // 75 ms each way, and what the network has of its own.
    await visitor.page.waitForFunction(
      () => Number.parseFloat(document.getElementById("lag-ping-now")?.innerText ?? "") >= 150,
    );
    // Who dragged a slider flies on by keys.
    await visitor.page.locator("#lag-jitter").click({ position: { x: 2, y: 8 } });
    expect(await visitor.page.evaluate(() => document.activeElement === document.body)).toBe(true);
    expect(await visitor.text("#lag-jitter-text")).not.toBe("30 ms");

    await visitor.page.reload();
    await plays();
    expect(await visitor.page.locator("#lag-button").getAttribute("data-lagging")).toBe("true");
    await visitor.page.keyboard.press("KeyL");
    await visitor.page.waitForFunction(
      () => Number.parseFloat(document.getElementById("lag-ping-now")?.innerText ?? "") >= 150,
    );
    await visitor.page.locator("#lag-switch").click();
    await visitor.page.waitForFunction(
      () => Number.parseFloat(document.getElementById("lag-ping-now")?.innerText ?? "") < 100,
    );
    await visitor.leave();
  });

  test("[BRO-10] one who is away for longer than the seat is kept joins anew, in the same room and under the same name", async () => {
    const [ada] = pair();
    const room = new URL(ada.visitor.page.url()).search;
    const edith = await arrive();
    await edith.join("Edith", `/${room}`);
    edith.visitor.loseNetwork();
    await ada.visitor.sees("#feed", "Edith left");
    edith.visitor.findNetwork();
    await edith.visitor.sees("#feed", "you have joined anew");
    await edith.visitor.seesNo("#banner");
    await edith.visitor.sees("#leaderboard .me", "Edith");
    expect(new URL(edith.visitor.page.url()).search).toBe(room);
  });

  test("[BRO-9] no page complained", () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
