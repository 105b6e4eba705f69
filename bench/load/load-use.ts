import { cpus } from "node:os";
import { processCpuUs } from "../run/cpu-window.ts";
import type { LoadUse } from "../run/messages.ts";

/** What a load process and its cores had worked at a moment. */
interface UseReading {
  readonly cpuUs: number;
  readonly busyMs: number;
}

/** @param cores those that count; absent: all */
export function readUse(cores: readonly number[] | undefined): UseReading {
  return { cpuUs: processCpuUs(), busyMs: machineBusyMs(cores) };
}

export function useBetween(before: UseReading, after: UseReading, wallMs: number): LoadUse {
  return {
    cpuUs: after.cpuUs - before.cpuUs,
    wallMs,
    machineBusyMs: after.busyMs - before.busyMs,
  };
}

/** For how long these cores have worked since the machine started, for anybody. */
function machineBusyMs(cores: readonly number[] | undefined): number {
  return cpus()
    .filter((_core, index) => cores === undefined || cores.includes(index))
    .reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
