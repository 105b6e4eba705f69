import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Complaint } from "../shared/complaint.ts";
import { expectWritable } from "./report-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-report-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("a file that can be written is not made before there is something to write", async () => {
  await expectWritable(join(folder, "new.json"));
  expect(await readdir(folder)).toEqual([]);
  await writeFile(join(folder, "old.json"), "{}");
  await expectWritable(join(folder, "old.json"));
});

test("a file whose folder is not there, or that is a folder, is refused with the reason", async () => {
  const missing = expectWritable(join(folder, "none", "report.json"));
  await expect(missing).rejects.toThrow(`there is no folder ${join(folder, "none")}`);
  await expect(missing).rejects.toBeInstanceOf(Complaint);
  await expect(expectWritable(folder)).rejects.toThrow(`cannot be written to ${folder}: it is a folder.`);
});

test("a file in something that is no folder is refused", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(expectWritable(join(folder, "file", "report.json"))).rejects.toBeInstanceOf(Complaint);
});
