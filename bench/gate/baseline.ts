import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { Complaint } from "../../shared/complaint.ts";

const counts = v.object({
  ticks: v.number(),
  encodes: v.number(),
  encodedBytes: v.number(),
  publishes: v.number(),
  publishedBytes: v.number(),
  sends: v.number(),
  sentBytes: v.number(),
  deliveries: v.number(),
  deliveredBytes: v.number(),
});

const baseline = v.object({
  counts,
  /** By Node's major version: V8 allocates otherwise in each. */
  allocatedBytesPerTick: v.record(v.string(), v.number()),
  /**
   * Server CPU per delivered frame over that of the bare server, median of the pairs. By the processor's model: where
   * memory is slower beside the core, what is not the kernel's work costs more of it.
   */
  cpuRatio: v.record(v.string(), v.number()),
});

/** What the gate compares with: committed, so that a change of it is made on purpose. */
export type Baseline = v.InferOutput<typeof baseline>;

/** In the repository; seen from the build. */
export const BASELINE_FILE = fileURLToPath(new URL("../../../bench/gate/baseline.json", import.meta.url));

/**
 * A baseline belongs to the sources beside it, which an installed package does not have.
 *
 * @throws Complaint where its folder is missing
 */
export function expectClone(file: string): void {
  if (!existsSync(dirname(file)))
    throw new Complaint("the gate can be measured from a clone of the repository only.");
}

/** @throws Complaint where it is missing or broken */
export async function readBaseline(file: string): Promise<Baseline> {
  try {
    return v.parse(baseline, JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new Complaint(
      `${file} cannot be read (${error instanceof Error ? error.message : error}): ` +
        'make it with "npm run bench:gate -- --update".',
    );
  }
}

/**
 * What is committed, and where nothing is for this processor or this Node, what the commit before was measured to
 * have on the same machine. Counters are committed always.
 */
export function withBase(committed: Baseline, base: Baseline): Baseline {
  return {
    counts: committed.counts,
    allocatedBytesPerTick: { ...base.allocatedBytesPerTick, ...committed.allocatedBytesPerTick },
    cpuRatio: { ...base.cpuRatio, ...committed.cpuRatio },
  };
}

export async function writeBaseline(file: string, updated: Baseline): Promise<void> {
  await writeFile(file, `${JSON.stringify(updated, null, 2)}\n`);
}
