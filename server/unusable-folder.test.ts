import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { provideFolder, UnusableFolderError } from "./unusable-folder.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "tickcast-folder-"));
});
afterEach(() => rm(place, { recursive: true }));

test("[OPS-53] a folder that is not there is made, and left as it is found", async () => {
  const folder = join(place, "new/and/deep");
  await provideFolder("checkpoints", folder);
  await writeFile(join(folder, "kept"), "");
  await provideFolder("checkpoints", folder);
  expect(await readdir(folder)).toEqual(["kept"]);
});

test("[OPS-53] one that cannot be used is told with setting, value, reason and what is needed", async () => {
  const file = join(place, "file");
  await writeFile(file, "");
  for (const folder of [file, join(file, "below")]) {
    const refused = provideFolder("record", folder);
    await expect(refused).rejects.toThrow(UnusableFolderError);
    await expect(refused).rejects.toThrow(
      `record is ${JSON.stringify(folder)}, where nothing can be kept (E`,
    );
    await expect(refused).rejects.toThrow("in which the user who runs the server may write.");
  }
});
