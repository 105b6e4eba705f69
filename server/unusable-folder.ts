import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder that a server is to keep something in cannot be used; `message` names the setting, the folder and why. */
export class UnusableFolderError extends Error {
  override readonly name = "UnusableFolderError";
}

/**
 * Makes a folder, where it is not there, and writes a file in it: what could not be kept later is to be known at the start.
 *
 * @param setting whose value the folder is, as in `checkpoints`
 * @throws UnusableFolderError
 */
export async function provideFolder(setting: string, folder: string): Promise<void> {
  const trial = join(folder, `.trial-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(trial, "");
    await rm(trial);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableFolderError(
      `${setting} is ${JSON.stringify(folder)}, where nothing can be kept (${why}); it must be a folder in which the user who runs the server may write.`,
      { cause },
    );
  }
}
