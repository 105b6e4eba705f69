import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

const entryOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const entry = entryOf("../client/browser.ts");
const conditioner = entryOf("../client/conditioner/index.ts");

/** What a page downloads of the SDK: minified as Vite does it for a page. */
async function bundle(external: readonly string[], input = entry): Promise<Rolldown.OutputChunk> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: { input, preserveEntrySignatures: "strict", external: [...external] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("the build gave no output");
  const [chunk, ...others] = output.output;
  expect(others).toEqual([]);
  return chunk;
}

const gzippedKb = (code: string): number => gzipSync(code, { level: 9 }).length / 1024;

test("[CLI-27] the browser SDK needs nothing of Node and stays within 24 kB gzipped, MessagePack aside", {
  timeout: 60_000,
}, async () => {
  const whole = await bundle([]);
  expect(whole.imports).toEqual([]);
  expect(whole.code).not.toMatch(/node:|require\(/);
  const sdk = await bundle(["msgpackr/pack"]);
  expect(sdk.imports).toEqual(["msgpackr/pack"]);
  const [sdkKb, wholeKb] = [gzippedKb(sdk.code), gzippedKb(whole.code)];
  console.info(`client SDK: ${sdkKb.toFixed(1)} kB gzipped, with MessagePack ${wholeKb.toFixed(1)} kB`);
  expect(sdkKb).toBeLessThanOrEqual(24);
  for (const page of ["README.md", "docs/guide/coming-from-socketio.md"]) {
    const text = readFileSync(new URL(`../${page}`, import.meta.url), "utf8");
    expect(text, `${page} says how large the SDK is`).toContain(`${Math.round(sdkKb)} kB gzipped`);
  }
});

test("[CON-7] a page without the conditioner does not carry it, and the conditioner needs nothing of Node or of the SDK", {
  timeout: 60_000,
}, async () => {
  const OWN_WORDS = "the conditioner cut the connection";
  expect((await bundle([])).code).not.toContain(OWN_WORDS);
  const alone = await bundle([], conditioner);
  expect(alone.code).toContain(OWN_WORDS);
  expect(alone.imports).toEqual([]);
  expect(alone.code).not.toMatch(/node:|require\(/);
  console.info(`link conditioner: ${gzippedKb(alone.code).toFixed(1)} kB gzipped`);
});
