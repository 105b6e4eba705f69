import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, test } from "vitest";

const ENTRIES = {
  "tickcast/client": "../client/browser.ts",
  "tickcast/game": "../shared/game.ts",
  "tickcast/conditioner": "../client/conditioner/index.ts",
};

/** What a bundler leaves of a page's script: minified, everything in one piece, and the modules in it. */
async function bundled(
  script: string,
): Promise<{ readonly code: string; readonly modules: readonly string[] }> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    resolve: {
      alias: Object.fromEntries(
        Object.entries(ENTRIES).map(([name, path]) => [name, fileURLToPath(new URL(path, import.meta.url))]),
      ),
    },
    plugins: [
      {
        name: "page-script",
        resolveId: (id) => (id === "page-script" ? id : undefined),
        load: (id) => (id === "page-script" ? script : undefined),
      },
    ],
    build: {
      write: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: { input: "page-script" },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("the build gave no output");
  const [chunk, ...others] = output.output;
  expect(others).toEqual([]);
  expect(chunk.imports).toEqual([]);
  return { code: chunk.code, modules: chunk.moduleIds };
}

test("[PKG-7] a page of all that pages may import holds neither native code nor Node's modules", {
  timeout: 60_000,
}, async () => {
  const { code, modules } = await bundled(`
    import * as client from "tickcast/client";
    import * as game from "tickcast/game";
    import * as conditioner from "tickcast/conditioner";
    Object.assign(globalThis, { client, game, conditioner });
  `);
  expect(code.length).toBeGreaterThan(50_000);
  expect(code).not.toMatch(/node:|require\(|uWebSockets|\.node\b/);
  expect(modules.filter((id) => /\/server\/|uWebSockets|\/ws\/|node-socket|node-clock/.test(id))).toEqual([]);
});

test("[PKG-7] and a page that imports one thing carries that thing alone", { timeout: 60_000 }, async () => {
  const { code } = await bundled(`
    import { closeByCode } from "tickcast/client";
    globalThis.close = closeByCode(4101).name;
  `);
  expect(code).toContain("room-full");
  expect(code).not.toContain("WebSocket(");
  const rest = await bundled(`
    import { u8 } from "tickcast/game";
    globalThis.field = u8;
  `);
  expect(rest.code.length).toBeLessThan(1_000);
});
