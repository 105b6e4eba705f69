import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("[OPS-62] who imports the server loads no metrics, logs or Redis: they come when they are used", () => {
  const server = new URL("../../dist/server/index.js", import.meta.url).href;
  const code = `import { createRequire } from "node:module";
    await import(${JSON.stringify(server)});
    const { cache } = createRequire(import.meta.url);
    console.log(JSON.stringify(Object.keys(cache)));`;
  const loaded = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }),
  ) as string[];
  // All are CommonJS, so they stand in its cache, as ipaddr.js does.
  expect(loaded.some((file) => file.includes("/ipaddr.js/"))).toBe(true);
  expect(loaded.filter((file) => /\/(pino|prom-client|redis|@redis)\//.test(file))).toEqual([]);
});
