import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certify, hasOpenssl } from "../server-kit/self-signed.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { ServedGames } from "./served-games.ts";

const path = chromiumPath();

describe.skipIf(path === undefined || !hasOpenssl())("a server with a certificate", () => {
  const folder = mkdtempSync(join(tmpdir(), "tickcast-tls-"));
  let browser: Browser;
  let games: ServedGames;

  beforeAll(async () => {
    certify(folder, "a browser's");
    games = await ServedGames.start([
      "--tls-cert",
      join(folder, "cert.pem"),
      "--tls-key",
      join(folder, "key.pem"),
    ]);
    browser = await launchChromium(path ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await games?.stop();
    rmSync(folder, { recursive: true });
  });

  test("[BRO-13] a page that came by https plays by wss", async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const sockets: string[] = [];
    page.on("websocket", (socket) => void sockets.push(socket.url()));
    await page.goto(`https://127.0.0.1:${games.port}/echo/`);
    await page.locator(".state").filter({ hasText: "open" }).waitFor();
    await page.locator(".send").click();
    await page.locator(".events [data-kind=echo]").filter({ hasText: "Hello, Tickcast" }).waitFor();
    expect(sockets.length).toBeGreaterThan(0);
    for (const url of sockets) expect(url).toMatch(/^wss:/);
    await context.close();
  });
});
