import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import type { ViewCost } from "./view-cost-page.ts";

const path = chromiumPath();
const entry = fileURLToPath(new URL("view-cost-page.ts", import.meta.url));

/** The measurement as one script, with the SDK as pages have it. */
async function script(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", lib: { entry, formats: ["iife"], name: "viewCost" } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("the build gave no output");
  return (output.output[0] as Rolldown.OutputChunk).code;
}

describe.skipIf(path === undefined)("the view in a browser", () => {
  test("[VIE-21] a frame of 200 players who all move costs less than 0.5 ms", async () => {
    const browser = await launchChromium(path ?? "");
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await script() });
      const cost = await page.evaluate("viewCost.measureViewCost()");
      const { rows, viewMs, viewAndReadMs } = cost as ViewCost;
      console.info(
        `a frame of ${rows} players: view ${viewMs.toFixed(4)} ms, with every row read ${viewAndReadMs.toFixed(4)} ms`,
      );
      expect(rows).toBe(200);
      expect(viewAndReadMs).toBeGreaterThan(0);
      expect(viewAndReadMs).toBeLessThan(0.5);
    } finally {
      await browser.close();
    }
  });
});
