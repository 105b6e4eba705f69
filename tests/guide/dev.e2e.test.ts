import { once } from "node:events";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { connectGeneric } from "../../client/node.ts";
import { LinkedProject } from "./linked-project.ts";

const project = new LinkedProject();
afterAll(() => project.remove());

test("[CMD-5] in development an error of the game is told by its line in the source, not in what was built", {
  timeout: 60_000,
}, async () => {
  const room = project.read("src/room.ts") ?? "";
  const failing = room.replace("row.name = name;", 'throw new Error("the author slipped");');
  expect(failing).not.toBe(room);
  project.apply({ kind: "file", path: "src/room.ts", code: failing, line: 0 });
  expect(await project.build()).toBe("");

  const serving = await project.develop();
  await expect(connectGeneric(new URL("meadow", serving.url).href, { name: "Ada" })).rejects.toThrow();
  const { said } = await serving.stop();
  const line = failing.slice(0, failing.indexOf("throw new Error")).split("\n").length;
  expect(said).toContain("the author slipped");
  expect(said).toContain(`src/room.ts:${line}:`);
  expect(said).not.toContain("dist/room.js");
});

test("[CMD-6] who ends dev ends all that it started, however soon", { timeout: 60_000 }, async () => {
  expect(await project.build()).toBe("");
  for (let round = 0; round < 4; round += 1) {
    // It settles when nobody holds the output open any more.
    const { code, said } = await (await project.develop()).stop();
    expect([code, said]).toEqual([0, expect.stringContaining("SIGTERM: closing the rooms")]);
  }
});

test("[CMD-7] under dev the page that was built is there until, file by file, a new one takes its place", {
  timeout: 60_000,
}, async () => {
  expect(await project.build()).toBe("");
  const index = join(project.folder, "dist/page/index.html");
  // A build that emptied the folder, as one does outside of dev, would take it away.
  const marker = join(project.folder, "dist/page/only-in-this-build.txt");
  writeFileSync(marker, "still here");
  utimesSync(index, 0, 0);

  const serving = await project.develop();
  await vi.waitUntil(() => statSync(index).mtimeMs > 0, { timeout: 30_000 });
  expect(project.read("dist/page/only-in-this-build.txt")).toBe("still here");
  expect((await serving.stop()).code).toBe(0);
});

test("[CMD-8] under dev a port that is taken is waited for, and the server is there when it is free", {
  timeout: 60_000,
}, async () => {
  expect(await project.build()).toBe("");
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const serving = await project.develop(port, (said) => {
    if (said.includes(`Port ${port} is taken: free it, or choose another one with --port.`)) other.close();
  });
  expect([other.listening, serving.url.port]).toEqual([false, String(port)]);
  expect((await serving.stop()).code).toBe(0);
});
