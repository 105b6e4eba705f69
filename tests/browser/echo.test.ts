import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, PHONE, Visitor } from "./visitor.ts";

const path = chromiumPath();

describe.skipIf(path === undefined)("the echo page", () => {
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

  test.each([
    ["desk", DESK],
    ["phone", PHONE],
  ])(
    "[BRO-8] it echoes, loses nothing with its connection, and joins anew after a restart (%s)",
    async (name, device) => {
      const visitor = await Visitor.arrive(browser, games.port, device);
      const { page } = visitor;
      await visitor.goTo("/echo/");
      await visitor.sees(".state", "open");
      await page.locator(".send").click();
      await visitor.sees(".events [data-kind=echo]", "Hello, Tickcast");
      await visitor.picture(`echo-${name}`);

      visitor.loseNetwork();
      await visitor.sees(".state", "returning");
      await visitor.sees(".notice", "Connection lost. Returning …");
      await page.locator(".connection .field").fill("said without a connection");
      await page.locator(".send").click();
      await visitor.picture(`echo-returning-${name}`);
      expect(await page.locator(".connection").evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(
        true,
      );
      visitor.findNetwork();
      await visitor.sees(".events [data-kind=back]", "with all that was missed");
      await visitor.sees(".events [data-kind=echo]", "said without a connection");
      expect(await visitor.text(".resyncs")).toMatch(/^[01]$/);

      await games.stop();
      await visitor.sees(".state", "returning");
      await games.restart();
      await visitor.sees(".events [data-kind=close]", "no-such-room");
      await visitor.sees(".state", "open");
      await visitor.picture(`echo-anew-${name}`);
      expect(await page.locator(".events [data-kind=open]").count()).toBe(2);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
  );
});
