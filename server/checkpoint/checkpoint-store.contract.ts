import { afterEach, describe, expect, test } from "vitest";
import type { Checkpoint, CheckpointKey, CheckpointStore } from "./checkpoint-store.ts";

/** A store to test, empty at first. */
export interface StoreUnderTest {
  readonly store: CheckpointStore;
  /** The same, as another process opens it. Absent where nothing outlasts the process. */
  reopen?(): Promise<CheckpointStore>;
  close?(): Promise<void>;
}

const key: CheckpointKey = { game: "arena", room: "r1" };
const checkpoint = (text: string, epoch = 1): Checkpoint => ({
  bytes: new TextEncoder().encode(text),
  epoch,
});

async function textIn(store: CheckpointStore, of: CheckpointKey = key): Promise<string | undefined> {
  const found = await store.load(of);
  return found.state === "found" ? new TextDecoder().decode(found.checkpoint.bytes) : undefined;
}

/** What every {@link CheckpointStore} does. */
export function checkpointStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps checkpoints`, () => {
    const opened: StoreUnderTest[] = [];
    const begin = async (): Promise<StoreUnderTest> => {
      const under = await open();
      opened.push(under);
      return under;
    };
    afterEach(async () => {
      for (const { close } of opened.splice(0)) await close?.();
    });

    test("[CKP-1] what was saved is loaded, byte for byte, with its epoch; a save replaces the one before", async () => {
      const { store } = await begin();
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
      expect(await store.save(key, { bytes, epoch: 1_700_000_000_123 })).toBe("saved");
      expect(await store.load(key)).toEqual({
        state: "found",
        checkpoint: { bytes, epoch: 1_700_000_000_123 },
      });
      await store.save(key, checkpoint("", 1_700_000_000_123));
      expect(await textIn(store)).toBe("");
    });

    test("[CKP-1] what is not there is none, and nothing to list", async () => {
      const { store } = await begin();
      expect(await store.load(key)).toEqual({ state: "none" });
      expect(await store.list()).toEqual([]);
      expect(await store.remove(key, 1)).toBe("removed");
    });

    test("[CKP-1] rooms are kept apart, by game and by id, whatever their names are made of", async () => {
      const { store } = await begin();
      const names = ["a", "b", "a/b", "..", ".", "a b", "ä€😀", "%2e", "a.checkpoint", "*", "con", "A"];
      const keys = names.flatMap((game) => names.map((room) => ({ game, room })));
      for (const each of keys) await store.save(each, checkpoint(`${each.game} ${each.room}`));
      const listed = await store.list();
      expect(listed.map(({ game, room }) => `${game} ${room}`).toSorted()).toEqual(
        keys.map(({ game, room }) => `${game} ${room}`).toSorted(),
      );
      for (const each of keys) expect(await textIn(store, each)).toBe(`${each.game} ${each.room}`);
    });

    test("[CKP-1] a room that ended is gone, and no other", async () => {
      const { store } = await begin();
      const other = { game: "arena", room: "r2" };
      await store.save(key, checkpoint("one"));
      await store.save(other, checkpoint("two"));
      expect(await store.remove(key, 1)).toBe("removed");
      expect([await textIn(store), await textIn(store, other)]).toEqual([undefined, "two"]);
      expect(await store.list()).toEqual([other]);
    });

    test("[CKP-2] what an earlier owner writes or removes late is refused, and changes nothing", async () => {
      const { store } = await begin();
      await store.save(key, checkpoint("old", 1));
      expect(await store.save(key, checkpoint("new", 2))).toBe("saved");
      expect(await store.save(key, checkpoint("late", 1))).toBe("stale");
      expect(await store.remove(key, 1)).toBe("stale");
      expect(await textIn(store)).toBe("new");
      expect(await store.save(key, checkpoint("newer", 2))).toBe("saved");
      expect(await store.remove(key, 3)).toBe("removed");
      // With the room its epoch is forgotten.
      expect(await store.save(key, checkpoint("again", 1))).toBe("saved");
    });

    test("[CKP-1] once saved the bytes are the store's own", async () => {
      const { store } = await begin();
      const bytes = new Uint8Array([1, 2, 3]);
      await store.save(key, { bytes, epoch: 1 });
      bytes.fill(9);
      expect(await store.load(key)).toMatchObject({ checkpoint: { bytes: new Uint8Array([1, 2, 3]) } });
    });

    test("[CKP-1] many rooms are saved at the same time", async () => {
      const { store } = await begin();
      const keys = Array.from({ length: 40 }, (_, n) => ({ game: "arena", room: `r${n}` }));
      await Promise.all(keys.map((each) => store.save(each, checkpoint(each.room))));
      for (const each of keys) expect(await textIn(store, each)).toBe(each.room);
    });

    test("[CKP-3] another process finds what was saved", async ({ skip }) => {
      const { store, reopen } = await begin();
      if (reopen === undefined) return skip("nothing of it outlasts the process");
      await store.save(key, checkpoint("kept", 5));
      const other = await reopen();
      expect([await other.list(), await textIn(other)]).toEqual([[key], "kept"]);
      expect(await other.save(key, checkpoint("late", 4))).toBe("stale");
    });
  });
}
