import type { Bus } from "../../server/bus.ts";
import { processCpuUs } from "../run/cpu-window.ts";

/**
 * Makes this server slower on purpose: with each tick it uses so large a share more of CPU than it did since
 * the one before. Shows whether a benchmark would find a change that does so by mistake.
 */
export function burnCpu(bus: Bus, share: number): void {
  let usedUs = processCpuUs();
  bus.on("tickDone", () => {
    const now = processCpuUs();
    const until = now + (now - usedUs) * share;
    do usedUs = processCpuUs();
    while (usedUs < until);
  });
}
