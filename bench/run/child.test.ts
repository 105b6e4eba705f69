import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Child } from "./child.ts";
import type { FromServer } from "./messages.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast child "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function child(source: string): Promise<Child<FromServer>> {
  const module = join(folder, `${source.length}.mjs`);
  await writeFile(module, source);
  return new Child({ name: "test", module: pathToFileURL(module), core: undefined });
}

const WITHIN_MS = 20_000;

describe("Child", () => {
  test("[BEN-15] answers, and ends when it is told to", async () => {
    const answering = await child(`process.on("message", ({ type }) => {
      if (type === "stop") process.exit(0);
      process.send({ type: "ready", port: 7 });
    });`);
    answering.send({ type: "measure", window: { epoch: 0, periodMs: 50, fromTick: 1, toTick: 2 } });
    expect(await answering.expect("ready", WITHIN_MS)).toEqual({ type: "ready", port: 7 });
    await answering.stop();
    await expect(answering.expect("ready", WITHIN_MS)).rejects.toThrow(
      "the test process ended early (code 0)",
    );
  });

  test("[BEN-15] what it reports as failed, and its early end, reach who waits", async () => {
    const failing =
      await child(`process.send({ type: "failed", message: "no port" }); setInterval(() => {}, 1e6);
      process.on("message", () => process.exit(0));`);
    await expect(failing.expect("ready", WITHIN_MS)).rejects.toThrow("the test process failed: no port");
    await failing.stop();
    const ending = await child("process.exit(3);");
    await expect(ending.expect("ready", WITHIN_MS)).rejects.toThrow("ended early (code 3)");
    await ending.stop();
  });

  test("messages that nobody waits for are told apart", async () => {
    const talking = await child(`process.send({ type: "ready", port: 1 }); process.send({ type: "measured" });
      process.on("message", () => process.exit(0));`);
    const others: string[] = [];
    talking.onOther = ({ type }) => others.push(type);
    await talking.expect("measured", WITHIN_MS);
    expect(others).toEqual(["ready"]);
    await talking.stop();
  });
});
