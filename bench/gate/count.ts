import { Child } from "../run/child.ts";
import type { GateCounts } from "./play-gate-game.ts";

/** What a seeded game did: the same at every run, but for what was allocated, which is nearly so. */
export interface Counted {
  readonly counts: Readonly<GateCounts>;
  readonly allocatedBytesPerTick: number;
}

interface FromCounters extends Counted {
  readonly type: "counted";
}

const COUNT_WITHIN_MS = 60_000;

/** Flags of the process that counts; it says why. */
const FLAGS = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64", "--single-threaded"];

/** Plays the gate's game in a process of its own. Rejects where it fails. */
export async function count(core: number | undefined): Promise<Counted> {
  const child = new Child<FromCounters>({
    name: "counters",
    module: new URL("./counters-process.js", import.meta.url),
    core,
    nodeFlags: FLAGS,
  });
  try {
    const { counts, allocatedBytesPerTick } = await child.expect("counted", COUNT_WITHIN_MS);
    return { counts, allocatedBytesPerTick };
  } finally {
    await child.stop();
  }
}
