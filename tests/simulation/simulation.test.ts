import { expect, test } from "vitest";
import { sessionTransitions } from "../../server/session/session-state.ts";
import { Coverage } from "./coverage.ts";
import { faultKinds } from "./faults.ts";
import { type SimulationResult, simulate } from "./simulate.ts";

/** `SIMULATION_SEED=n` plays that seed alone, `SIMULATION_SEEDS=n` so many from 1 on. */
const { SIMULATION_SEED, SIMULATION_SEEDS } = process.env;
const seeds =
  SIMULATION_SEED === undefined
    ? Array.from({ length: Number(SIMULATION_SEEDS ?? 50) }, (_, index) => index + 1)
    : [Number(SIMULATION_SEED)];
/** Milliseconds that one seed may take on a busy machine. */
const SEED_WITHIN_MS = 5_000;

/** What the simulated players bring upon themselves, as the server names it. */
const everyClose = [
  "abnormal",
  "kicked",
  "left",
  "rate-limited",
  "refused",
  "room-full",
  "too-many-errors",
  "too-slow",
];

/** What went wrong first, and how to see it again. */
function failure({ seed, violations }: SimulationResult): string {
  const first = violations.slice(0, 12).map((what) => `  ${what}`);
  const more = violations.length > first.length ? [`  … and ${violations.length - first.length} more`] : [];
  const again = `alone: SIMULATION_SEED=${seed} npx vitest run tests/simulation`;
  return [`seed ${seed} breaks what is promised (${again})`, ...first, ...more].join("\n");
}

/** Every change of state that a session can make; greeting again stays in its state and is not told. */
const everyTransition = Object.entries(sessionTransitions).flatMap(([from, next]) =>
  next.filter((to) => to !== from).map((to) => `${from} → ${to}`),
);

test("[SIM-1] from any seed and under any faults: mirrors, events, calls and endings are as promised", {
  timeout: 10_000 + seeds.length * SEED_WITHIN_MS,
}, async () => {
  const coverage = new Coverage();
  for (const seed of seeds) {
    const result = await simulate(seed);
    coverage.add(result.coverage);
    if (result.violations.length > 0) expect.fail(failure(result));
  }
  console.info(`${seeds.length} seeds\n${coverage.table()}`);
  expect(coverage.ticks).toBeGreaterThan(seeds.length * 1_000);
  if (SIMULATION_SEED !== undefined) return;
  expect(everyClose.filter((name) => !coverage.serverCloses.has(name))).toEqual([]);
  expect(faultKinds.filter((kind) => !coverage.faults.has(kind))).toEqual([]);
  expect(everyTransition.filter((transition) => !coverage.transitions.has(transition))).toEqual([]);
});

test("[SIM-2] the same seed gives the same trace to the byte, another gives another", async () => {
  const seed = seeds[0] ?? 1;
  const [once, again, other] = [await simulate(seed), await simulate(seed), await simulate(seed + 1)];
  expect(again.trace).toBe(once.trace);
  expect(other.trace).not.toBe(once.trace);
});
