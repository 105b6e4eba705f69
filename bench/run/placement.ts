import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Which core each process of a run has to itself. */
export type Placement =
  | { readonly pinned: true; readonly serverCore: number; readonly loadCore: number }
  | { readonly pinned: false; readonly because: string };

/**
 * A core for the server and another for the load, the first two that this process may use. Elsewhere than on
 * Linux, on one core, or without `taskset`, nothing is pinned, and the reason is told.
 */
export function placement(): Placement {
  const cores = allowedCores();
  if (cores === undefined) return unpinned("this system does not say which cores it allows");
  const [serverCore, loadCore] = cores;
  if (serverCore === undefined || loadCore === undefined) return unpinned("there is one core only");
  if (spawnSync("taskset", ["--version"], { stdio: "ignore" }).status !== 0)
    return unpinned("there is no taskset here");
  return { pinned: true, serverCore, loadCore };
}

export function unpinned(because: string): Placement {
  return { pinned: false, because };
}

/** The cores that a run's processes have to themselves; absent where nothing is pinned. */
export function pinnedCores(placement: Placement): readonly number[] | undefined {
  return placement.pinned ? [placement.serverCore, placement.loadCore] : undefined;
}

/** Reads lists as the kernel writes them: `0-3,8`. */
export function coreList(list: string): number[] {
  return list
    .trim()
    .split(",")
    .filter((range) => range !== "")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

function allowedCores(): number[] | undefined {
  try {
    const list = /^Cpus_allowed_list:(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return list === undefined ? undefined : coreList(list);
  } catch {
    return undefined;
  }
}
