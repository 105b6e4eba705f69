import { expect, test } from "vitest";
import { Coverage } from "./coverage.ts";
import { missingFrom } from "./due-coverage.ts";
import { failureText } from "./failure-text.ts";
import { LEAST_FAULTS } from "./faults.ts";
import { simulate, WORLDS } from "./simulate.ts";

/** Enough for every fault, resync and change of a session; `npm run simulate` plays as many as one likes. */
const SEEDS = 100;
/** Milliseconds that one seed may take on a busy machine. */
const SEED_WITHIN_MS = 5_000;

test("[SIM-1] from any seed and under any faults: mirrors, events, calls and endings are as promised", {
  timeout: SEEDS * SEED_WITHIN_MS,
}, async () => {
  const coverage = new Coverage();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await simulate(seed);
    coverage.add(result.coverage);
    if (result.violations.length > 0) expect.fail(failureText(result));
    expect(result.coverage.faultCount).toBeGreaterThanOrEqual(LEAST_FAULTS);
  }
  console.info(`${SEEDS} seeds\n${coverage.table()}`);
  expect(coverage.ticks).toBeGreaterThan(SEEDS * 1_000);
  expect(missingFrom(coverage, SEEDS)).toEqual([]);
});

test.each([
  [1385, "a client on a slow line comes after one that took the same seat over later"],
  [9105, "an event of a step that a late server did not publish is lost by one tick"],
])("[SIM-1] seed %d, which was found once: %s", async (seed) => {
  expect((await simulate(seed, { world: "pasture" })).violations).toEqual([]);
});

test.each([
  [46, "where nothing but the restore could be saved, the next life began with ticks that were published"],
  [100, "a restored room that failed in its first tick left its checkpoint"],
  [472, "where nothing but the restore could be saved, the next life gave the same ids again"],
  [640, "calls that one crash had undone were told once more behind the next"],
])("[SIM-6] seed %d, which found once: %s", async (seed) => {
  expect((await simulate(seed, { world: "town" })).violations).toEqual([]);
});

test("[SIM-2] the same seed gives the same trace to the byte, another gives another", async () => {
  for (const world of WORLDS) {
    const play = async (seed: number): Promise<string> => (await simulate(seed, { world })).trace;
    const [once, again, other] = [await play(1), await play(1), await play(2)];
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  }
});

test("[SIM-3] what was to occur and never did is named", () => {
  const missing = missingFrom(new Coverage(), 1_000);
  expect(missing).toContain('the fault "stall"');
  expect(missing).toContain('the end "too-slow"');
  expect(missing).toContain('in a town "tick threw"');
  expect(missing).toContain('the resync "beyond the horizon"');
  expect(missing).toContain('the change of a session "joined → gone"');
  expect(missing).toContain('the change of a seat "away → returning"');
});
