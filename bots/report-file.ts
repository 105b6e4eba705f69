import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Complaint } from "../shared/complaint.ts";
import type { SwarmReport } from "./report.ts";

/**
 * Looks whether the figures can be written to a file, before the bots play for them. It creates nothing.
 *
 * @throws Complaint that says why not
 */
export async function expectWritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const known = await stat(file).catch(() => undefined);
  if (known?.isDirectory()) refuse(file, "it is a folder");
  const its = await stat(folder).catch(() => undefined);
  if (!its?.isDirectory()) refuse(file, `there is no folder ${folder}`);
  await access(known ? file : folder, constants.W_OK).catch((error: Error) => refuse(file, error.message));
}

/** @throws Complaint that says why it cannot */
export async function writeReport(file: string, report: SwarmReport): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`).catch((error: Error) =>
    refuse(file, error.message),
  );
}

function refuse(file: string, why: string): never {
  throw new Complaint(`The figures cannot be written to ${file}: ${why}.`);
}
