import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const USUAL_PATH = "/usr/bin/chromium";

/** Where Chromium is installed: `CHROMIUM_PATH`, or where Debian puts it. Nothing is downloaded. */
export function chromiumPath(): string | undefined {
  const path = process.env.CHROMIUM_PATH ?? USUAL_PATH;
  if (existsSync(path)) return path;
  console.warn(`The browser tests are skipped: there is no Chromium at ${path} (see CHROMIUM_PATH).`);
  return undefined;
}

export function launchChromium(path: string): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: ["--disable-gpu", "--disable-quic", "--mute-audio"],
  });
}
