import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
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

test("[TKT-13] nor what signs and verifies tickets, which backends load without a server", () => {
  const server = loadedBy("server/index.js");
  expect(server.packages).toContain("ipaddr.js");
  expect(server.packages).not.toContain("jose");
  const tickets = loadedBy("server/tickets/index.js");
  expect([...tickets.packages]).toEqual(["jose"]);
  expect(tickets.files.size).toBeLessThan(5);
});

test("[OPS-62] nor anything of a cluster", () => {
  const { files } = loadedBy("server/index.js");
  expect(files.size).toBeGreaterThan(100);
  expect([...files].filter((file) => file.includes("/server/cluster/"))).toEqual([]);
});

/** Modules and packages that a module of the build loads, without those that are imported when they are used. */
function loadedBy(entry: string): {
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
} {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [new URL(`../../dist/${entry}`, import.meta.url).href];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const code = readFileSync(new URL(file), "utf8");
    // jose is an ES module, so no cache shows it: what stands in the code does.
    for (const [, name = ""] of code.matchAll(/^(?:import|export|\}).*? from "([^"]+)";$/gm))
      if (name.startsWith(".")) waiting.push(new URL(name, file).href);
      else if (!name.startsWith("node:")) packages.add(name);
  }
  return { files, packages };
}
