import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { OverviewAnswer } from "../../server/admin/answers.ts";
import { ArenaPilot } from "./arena-pilot.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";
import { DESK, type Device, PHONE, Visitor } from "./visitor.ts";

const path = chromiumPath();
const TOKEN = "a-token-for-the-browser-tests";
const BOTS = 80;

describe.skipIf(path === undefined)("the dashboard", () => {
  let browser: Browser;
  let games: ServedGames;
  let operator: Visitor;
  const visitors: Visitor[] = [];

  const api = (question: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${games.port}/admin/api/${question}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  const overview = async (): Promise<OverviewAnswer> =>
    (await (await api("overview")).json()) as OverviewAnswer;
  const playersIn = async (game: string): Promise<number> =>
    (await overview()).rooms
      .filter((room) => room.game === game)
      .reduce((sum, { players }) => sum + players.total, 0);

  async function arrive(device: Device = DESK, scheme: "dark" | "light" = "dark"): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, games.port, device);
    await visitor.page.emulateMedia({ colorScheme: scheme });
    visitors.push(visitor);
    return visitor;
  }

  async function signIn(visitor: Visitor, token = TOKEN): Promise<void> {
    await visitor.page.locator("#token").fill(token);
    await visitor.page.keyboard.press("Enter");
  }

  /** The room's page, with ticks in its strip. */
  async function openRoom(visitor: Visitor): Promise<void> {
    await visitor.page.locator(".room-link", { hasText: "arena/" }).first().click();
    await visitor.sees(".facts", "20 Hz");
    await visitor.page.waitForFunction(() => {
      const strip = document.querySelector(".strip");
      return Number(strip?.getAttribute("aria-valuemax")) - Number(strip?.getAttribute("aria-valuemin")) > 60;
    });
  }

  beforeAll(async () => {
    games = await ServedGames.start(["--admin-token", TOKEN]);
    browser = await launchChromium(path ?? "");
    await fetch(`http://127.0.0.1:${games.port}/dev/bots`, {
      method: "POST",
      body: JSON.stringify({ game: "arena", bots: BOTS }),
    });
    await vi.waitUntil(async () => (await playersIn("arena")) === BOTS, { timeout: 50_000, interval: 200 });
    operator = await arrive();
  });

  afterAll(async () => {
    await browser?.close();
    await games?.stop();
  });

  test("[ADM-20] asks for the token, says what is wrong with it, and keeps it for the tab", async () => {
    const { page } = operator;
    await operator.goTo("/admin");
    await signIn(operator, "not-the-token-at-all");
    await operator.sees(".problem", "This is not the admin token");
    await operator.picture("admin-login-desk");
    await signIn(operator);
    await operator.sees(".tile-value", String(BOTS));
    expect(page.url()).not.toContain(TOKEN);
    await page.reload();
    await operator.sees(".contact", "live");
    const other = await arrive();
    await other.goTo("/admin/");
    await other.sees(".login", "Admin token");
    await other.leave();
  });

  test("[ADM-20] who signs out is asked again", async () => {
    const visitor = await arrive();
    await visitor.goTo("/admin/");
    await signIn(visitor);
    await visitor.page.getByRole("button", { name: "Sign out" }).click();
    await visitor.sees(".login", "Admin token");
    expect(await visitor.page.evaluate(() => sessionStorage.length)).toBe(0);
    await visitor.leave();
  });

  test("[ADM-21] a click on a tick shows its phases, and its address shows them again", async () => {
    const { page } = operator;
    await openRoom(operator);
    const strip = page.locator(".strip");
    const box = await strip.boundingBox();
    if (box === null) throw new Error("the strip is not shown");
    await strip.click({ position: { x: box.width - 42, y: box.height / 2 } });
    await operator.sees(".tick-detail h2", /^Tick \d+$/);
    for (const phase of ["late", "arrivals and game", "compare and commit", "encode and publish", "flush"])
      await operator.sees(".phase-list dt", phase);
    const clicked = await operator.text(".tick-detail h2");
    expect(page.url()).toMatch(new RegExp(`#/rooms/\\w+\\?tick=${clicked.replace("Tick ", "")}$`));
    await strip.press("ArrowLeft");
    const chosen = await operator.text(".tick-detail h2");
    expect(Number(chosen.slice(5))).toBe(Number(clicked.slice(5)) - 1);
    await page.reload();
    await operator.sees(".tick-detail h2", chosen);
    await operator.sees(".phase-list dd", "ms");
    await strip.press("Escape");
    await operator.seesNo(".tick-detail");
    expect(page.url()).not.toContain("tick=");
  });

  test("[ADM-21] who joined in a tick is named there", async () => {
    const visitor = await arrive();
    const pilot = new ArenaPilot(visitor);
    await visitor.goTo("/");
    await pilot.join("Grace");
    await operator.page.locator("[data-choice=events]").click();
    const event = operator.page.locator(".events li", { hasText: `Player ${BOTS + 1} joined` });
    await event.locator("a").click();
    await operator.sees(".tick-notes [data-kind=joined]", `Player ${BOTS + 1} joined`);
    await visitor.leave();
  });

  test("[ADM-22] map, players and state show the game by its definition alone", async () => {
    const { page } = operator;
    const map = page.locator(".map");
    await operator.sees(".map-legend", /players \d\d/);
    const dots = await map.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      let mint = 0;
      // Of the dark theme: #4fd9a7.
      for (let at = 0; at < data.length; at += 4)
        if (data[at] === 0x4f && data[at + 1] === 0xd9 && data[at + 2] === 0xa7) mint++;
      return mint;
    });
    // A dot has about 32 pixels; some cover others.
    expect(dots).toBeGreaterThan(BOTS * 8);
    const box = await map.boundingBox();
    if (box === null) throw new Error("the map is not shown");
    await expect
      .poll(async () => {
        for (let step = 0; step < 40; step++) {
          const at = { x: ((step * 37) % 100) / 100, y: ((step * 61) % 100) / 100 };
          await map.hover({ position: { x: at.x * (box.width - 2) + 1, y: at.y * (box.height - 2) + 1 } });
          if (/hp/.test(await operator.text(".map-row"))) return "a ship";
        }
        return "no ship";
      })
      .toBe("a ship");
    await page.locator(".tabs > header [data-choice=players]").click();
    await page.locator(".tab .field").fill("#3");
    await expect.poll(() => page.locator(".tab tbody tr").count()).toBe(1);
    await page.locator("[data-choice=state]").click();
    await operator.sees(".tab th", "weaponUntil (owner)");
    await page.locator("[data-choice=match]").click();
    await operator.sees(".tab td", "live");
    expect(page.url()).toContain("tab=state&table=match");
    await page.locator("[data-choice=bullets]").click();
    await operator.sees(".tab td", /^players #\d+$/);
  });

  test("[ADM-23] an announcement reaches the players; who is kicked is told why, and nobody else", async () => {
    const visitor = await arrive();
    const pilot = new ArenaPilot(visitor);
    await visitor.goTo("/");
    await pilot.join("Hedy");
    const { page } = operator;
    await page.getByRole("button", { name: "Announce…" }).click();
    await page.locator("dialog .field").fill("New maps at noon");
    await operator.picture("admin-dialog-desk");
    await page.keyboard.press("Enter");
    await operator.sees(".toast", "The operator announced: New maps at noon");
    await visitor.sees("#feed", "New maps at noon");
    await page.locator(".tabs > header [data-choice=players]").click();
    await page.locator(".tab .field").fill("Hedy");
    await expect.poll(() => page.locator(".tab tbody tr").count()).toBe(1);
    await page.getByRole("button", { name: /^Kick player \d+, Hedy$/ }).click();
    await page.locator("dialog .field").fill("Hedy, play fair.");
    await page.keyboard.press("Enter");
    await visitor.sees("#banner", "Hedy, play fair.");
    await operator.sees(".tab .empty", "nobody whom the search finds");
    expect(await playersIn("arena")).toBeGreaterThanOrEqual(BOTS);
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await operator.sees(".facts", "locked");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect.poll(() => operator.text(".facts")).not.toContain("locked");
    await visitor.leave();
  });

  test.each([
    ["desk", "dark", DESK],
    ["desk", "light", DESK],
    ["phone", "dark", PHONE],
    ["phone", "light", PHONE],
  ] as const)("[ADM-24] nothing is wider than the screen (%s, %s)", async (name, scheme, device) => {
    const visitor = await arrive(device, scheme);
    const { page } = visitor;
    const fits = (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    const picture = async (view: string): Promise<void> => {
      await visitor.picture(`admin-${view}-${name}-${scheme}`);
      expect(await fits(), view).toBe(true);
    };
    await visitor.goTo("/admin/");
    await picture("login");
    await signIn(visitor);
    await visitor.sees(".tile-value", /^\d+$/);
    await visitor.sees(".events li", "joined");
    await picture("overview");
    await page.getByRole("link", { name: "Events", exact: true }).click();
    await visitor.sees(".events li", "joined");
    await picture("events");
    await page.getByRole("link", { name: "Rooms", exact: true }).click();
    await visitor.sees(".note", /\d+ of \d+ rooms/);
    await picture("rooms");
    await openRoom(visitor);
    await visitor.sees(".map-legend", /players \d\d/);
    await picture("room");
    await page.getByRole("button", { name: "Worst" }).click();
    await visitor.sees(".phase-list dd", "ms");
    await picture("tick");
    await page.locator(".map-panel").scrollIntoViewIfNeeded();
    await page.locator("[data-choice=state]").click();
    await visitor.sees(".tab th", "name");
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await picture("state");
    await visitor.leave();
  });

  test("[ADM-25] a server that does not answer is told, and the page goes on when it does again", async () => {
    operator.loseNetwork();
    await operator.sees(".contact", "no answer");
    await operator.picture("admin-silent-desk");
    operator.findNetwork();
    await operator.sees(".contact", "live");
  });

  test("[ADM-23] a room is closed with a message, and says that it is gone", async () => {
    const visitor = await arrive();
    const pilot = new ArenaPilot(visitor);
    await visitor.goTo("/");
    await pilot.join("Joan");
    const { page } = operator;
    await page.getByRole("button", { name: "Close…" }).click();
    await page.locator("dialog .field").fill("Closed for the night. Come back tomorrow.");
    await page.getByRole("button", { name: "Close the room" }).click();
    await visitor.sees("#banner", "Closed for the night. Come back tomorrow.");
    await operator.sees(".notice", "This room has closed.");
    await operator.picture("admin-closed-desk");
    await page.reload();
    await operator.sees(".notice", "There is no such room");
    await page.getByRole("link", { name: "All rooms" }).click();
    await operator.sees(".empty", "No room");
    await visitor.leave();
  });

  test("[ADM-20] no page complained, but of refusals and of the network", () => {
    const complaints = visitors.flatMap(({ complaints }) => complaints);
    expect(complaints.filter((text) => !/status of (401|404)|net::ERR_/.test(text))).toEqual([]);
  });
});
