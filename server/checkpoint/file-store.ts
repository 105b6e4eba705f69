import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint, CheckpointKey, CheckpointStore, FoundCheckpoint } from "./checkpoint-store.ts";

/** The first line of a file: what it is, the version of this layout, the epoch. The bytes follow. */
const HEAD = /^tickcast-checkpoint (\d+) (\d+)\n/;
const LAYOUT = 1;
/** More than any first line takes. */
const HEAD_BYTES = 64;

const ENDING = ".checkpoint";
const UNFINISHED = ".unfinished";

/**
 * Keeps checkpoints in a folder, one file a room: `<game>/<room>.checkpoint`. A file is written beside its place, brought
 * to the disk and then renamed into it, so that after a crash of the process or of the machine the old one is there, or
 * the new one, and never a part. A folder belongs to one server at a time.
 *
 * @example
 * const server = await serve({ rooms: [arenaRoom], checkpoints: new FileCheckpointStore("/var/lib/arena") });
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async save(key: CheckpointKey, { bytes, epoch }: Checkpoint): Promise<"saved" | "stale"> {
    const file = this.#fileOf(key);
    const known = await epochOf(file);
    if (known !== undefined && known > epoch) return "stale";
    await mkdir(join(this.folder, encoded(key.game)), { recursive: true });
    const unfinished = `${file}${UNFINISHED}`;
    const handle = await open(unfinished, "w");
    try {
      await handle.writeFile(Buffer.concat([Buffer.from(`tickcast-checkpoint ${LAYOUT} ${epoch}\n`), bytes]));
      // Or the name may be on the disk before what it names. That the folder is not brought there, too, can only cost
      // the newest of two whole files.
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    return "saved";
  }

  async load(key: CheckpointKey): Promise<FoundCheckpoint> {
    const file = this.#fileOf(key);
    let content: Buffer;
    try {
      content = await readFile(file);
    } catch (error) {
      if (isMissing(error)) return { state: "none" };
      return { state: "unusable", reason: `${file} cannot be read: ${(error as Error).message}.` };
    }
    const head = HEAD.exec(content.toString("latin1", 0, HEAD_BYTES));
    if (head === null) return { state: "unusable", reason: `${file} is no checkpoint of Tickcast.` };
    const [line, layout, epoch] = head;
    if (Number(layout) !== LAYOUT)
      return {
        state: "unusable",
        reason: `${file} was written by another version of Tickcast: its layout is ${layout}, this one reads ${LAYOUT}.`,
      };
    const bytes = new Uint8Array(content.subarray(line.length));
    return { state: "found", checkpoint: { bytes, epoch: Number(epoch) } };
  }

  async list(): Promise<readonly CheckpointKey[]> {
    const keys: CheckpointKey[] = [];
    for (const game of await entriesOf(this.folder, "folders"))
      for (const name of await entriesOf(join(this.folder, game), "files")) {
        // What a process was writing when it ended.
        if (name.endsWith(UNFINISHED)) await rm(join(this.folder, game, name), { force: true });
        if (!name.endsWith(ENDING)) continue;
        const key = { game: decoded(game), room: decoded(name.slice(0, -ENDING.length)) };
        if (key.game !== undefined && key.room !== undefined) keys.push(key as CheckpointKey);
      }
    return keys;
  }

  async remove(key: CheckpointKey, epoch: number): Promise<"removed" | "stale"> {
    const file = this.#fileOf(key);
    const known = await epochOf(file);
    if (known !== undefined && known > epoch) return "stale";
    await rm(file, { force: true });
    return "removed";
  }

  #fileOf({ game, room }: CheckpointKey): string {
    return join(this.folder, encoded(game), `${encoded(room)}${ENDING}`);
  }
}

/** The epoch of a file that is there and ours. */
async function epochOf(file: string): Promise<number | undefined> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = HEAD.exec(buffer.toString("latin1", 0, bytesRead));
      return head === null ? undefined : Number(head[2]);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function entriesOf(folder: string, kind: "folders" | "files"): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (kind === "folders" ? entry.isDirectory() : entry.isFile()))
      .map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** As one name in a folder on any system, also where `A` and `a` are one file, and without dots, which hide files. */
function encoded(name: string): string {
  return name.replace(/[^a-z0-9_-]/gu, (sign) =>
    [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
