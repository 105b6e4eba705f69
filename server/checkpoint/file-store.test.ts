import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkpointStoreContract } from "./checkpoint-store.contract.ts";
import { FileCheckpointStore } from "./file-store.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "tickcast-checkpoints-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const newFolder = (): string => join(mkdtempSync(join(root, "f-")), "checkpoints");

checkpointStoreContract("a folder", async () => {
  const folder = newFolder();
  return {
    store: new FileCheckpointStore(folder),
    reopen: async () => new FileCheckpointStore(folder),
  };
});

const key = { game: "arena", room: "r1" };

/** A store with one checkpoint, and the file that has it. */
async function withOne() {
  const folder = newFolder();
  const store = new FileCheckpointStore(folder);
  await store.save(key, { bytes: new Uint8Array([1, 2, 3]), epoch: 7 });
  return { folder, store, file: join(folder, "arena", "r1.checkpoint") };
}

describe("[CKP-4] a file is whole or not there", () => {
  test("it says in its first line what it is; nothing else is left beside it", async () => {
    const { folder, file } = await withOne();
    expect(readFileSync(file).toString("latin1")).toBe("tickcast-checkpoint 1 7\n\u0001\u0002\u0003");
    expect(readdirSync(join(folder, "arena"))).toEqual(["r1.checkpoint"]);
  });

  test("what a process was writing when it ended changes nothing, and is cleared away", async () => {
    const { folder, store, file } = await withOne();
    writeFileSync(`${file}.unfinished`, "tickcast-checkpoint 1 9\nhal");
    expect(await store.load(key)).toMatchObject({ state: "found", checkpoint: { epoch: 7 } });
    expect(await store.list()).toEqual([key]);
    expect(readdirSync(join(folder, "arena"))).toEqual(["r1.checkpoint"]);
  });

  test("whoever reads while it is replaced has the one or the other", async () => {
    const { store } = await withOne();
    const sizes = new Set<number>();
    let done = false;
    const reading = (async () => {
      while (!done) {
        const found = await store.load(key);
        if (found.state === "found") sizes.add(found.checkpoint.bytes.length);
        else throw new Error(found.state);
      }
    })();
    for (let n = 0; n < 20; n++)
      await store.save(key, { bytes: new Uint8Array(n % 2 === 0 ? 300_000 : 3), epoch: 7 });
    done = true;
    await reading;
    for (const size of sizes) expect([3, 300_000]).toContain(size);
  });
});

describe("[CKP-5] what is no checkpoint is told in a sentence and left", () => {
  for (const [content, sentence] of [
    ["", /r1\.checkpoint is no checkpoint of Tickcast\.$/],
    ["hello, this is a shopping list\nmilk", /is no checkpoint of Tickcast\.$/],
    ["tickcast-checkpoint 9 1\nabc", /by another version of Tickcast: its layout is 9, this one reads 1\.$/],
  ] as const)
    test(JSON.stringify(content), async () => {
      const { store, file } = await withOne();
      writeFileSync(file, content);
      expect(await store.load(key)).toEqual({ state: "unusable", reason: expect.stringMatching(sentence) });
      expect(await store.list()).toEqual([key]);
      expect(readFileSync(file, "latin1")).toBe(content);
    });

  test("a folder in a file's place", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "arena", "r1.checkpoint"), { recursive: true });
    const found = await new FileCheckpointStore(folder).load(key);
    expect(found).toMatchObject({
      state: "unusable",
      reason: expect.stringMatching(/cannot be read: EISDIR/),
    });
  });

  test("other files in the folder are none of ours", async () => {
    const { folder, store } = await withOne();
    writeFileSync(join(folder, "README"), "keep out");
    writeFileSync(join(folder, "arena", "notes.txt"), "hm");
    expect(await store.list()).toEqual([key]);
  });

  test("a place that cannot be written to rejects, and says which", async () => {
    const folder = newFolder();
    writeFileSync(folder, "a file, not a folder");
    const store = new FileCheckpointStore(folder);
    await expect(store.save(key, { bytes: new Uint8Array(1), epoch: 1 })).rejects.toThrow(/ENOTDIR|EEXIST/);
    await expect(store.list()).rejects.toThrow(/ENOTDIR/);
  });
});
