import { readdirSync, readFileSync } from "node:fs";
import { Complaint } from "../../shared/complaint.ts";

/** `USER_HZ`, in which Linux tells times to every program, whatever its own clock is. */
const TICKS_PER_SECOND = 100;
/** Of `/proc/<pid>/stat`, counted behind the name in brackets; see proc(5). */
const UTIME = 11;
const STIME = 12;

/**
 * Milliseconds of CPU that a process and all that it started have used so far, in tens: user and system, all threads.
 *
 * @throws Complaint on systems other than Linux
 */
export function treeCpuMs(pid: number): number {
  return cpuMs(pid) + childrenOf(pid).reduce((sum, child) => sum + treeCpuMs(child), 0);
}

function cpuMs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND) * 1000;
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (process.platform === "linux") throw error;
    throw new Complaint("CPU of other processes is read from /proc: this benchmark runs on Linux alone.");
  }
}
