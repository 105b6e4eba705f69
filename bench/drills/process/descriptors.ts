import { readFileSync } from "node:fs";
import { Complaint } from "../../../shared/complaint.ts";

/** Of a process: its own files, pipes and libraries, and a little. */
const SPARE = 200;

/**
 * Whether a process may have so many connections. Node raises the soft limit by itself, up to the hard one.
 *
 * @throws Complaint that says how to raise it
 */
export function expectDescriptors(connections: number): void {
  const limit = openFilesLimit();
  if (limit !== undefined && limit < connections + SPARE)
    throw new Complaint(
      `${connections} connections need as many open files, and this shell allows ${limit}: "ulimit -Hn ${connections + SPARE}" as root raises it, or take fewer with --connections.`,
    );
}

/** `undefined` where the system does not say. */
function openFilesLimit(): number | undefined {
  try {
    const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return hard === undefined || hard === "unlimited" ? undefined : Number(hard);
  } catch {
    return undefined;
  }
}
