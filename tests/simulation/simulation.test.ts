import { expect, test } from "vitest";
import { type PresenceName, presenceTransitions, type ResyncCause } from "../../server/room/presence.ts";
import { sessionTransitions } from "../../server/session/session-state.ts";
import { BEYOND_HORIZON, Coverage } from "./coverage.ts";
import { faultKinds } from "./faults.ts";
import { type SimulationResult, simulate } from "./simulate.ts";

/** `SIMULATION_SEED=n` plays that seed alone, `SIMULATION_SEEDS=n` so many from 1 on. */
const { SIMULATION_SEED, SIMULATION_SEEDS } = process.env;
const seeds =
  SIMULATION_SEED === undefined
    ? Array.from({ length: Number(SIMULATION_SEEDS ?? 50) }, (_, index) => index + 1)
    : [Number(SIMULATION_SEED)];
/** With fewer seeds the rarest changes of a seat's presence may not occur. */
const SEEDS_FOR_EVERY_PRESENCE = 400;
/** Of every seed. */
const LEAST_FAULTS = 3;
/** Milliseconds that one seed may take on a busy machine. */
const SEED_WITHIN_MS = 5_000;

/** What the simulated players bring upon themselves, as the server names it. */
const everyClose = ["abnormal", "kicked", "left", "refused", "room-full", "too-many-errors", "too-slow"];

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

/** Only who makes a token up says that it holds the state of a seat that was begun anew a moment ago. */
const madeUp: readonly string[] = ["entering → returning" satisfies `${PresenceName} → ${PresenceName}`];

const everyPresence = Object.entries(presenceTransitions)
  .flatMap(([from, next]) => next.map((to) => `${from} → ${to}`))
  .filter((transition) => !madeUp.includes(transition));

const everyResync = ["unacknowledged", "backlog", "reconnected", BEYOND_HORIZON] satisfies (
  | ResyncCause
  | typeof BEYOND_HORIZON
)[];

test("[SIM-1] from any seed and under any faults: mirrors, events, calls and endings are as promised", {
  timeout: 10_000 + seeds.length * SEED_WITHIN_MS,
}, async () => {
  const coverage = new Coverage();
  for (const seed of seeds) {
    const result = await simulate(seed);
    coverage.add(result.coverage);
    if (result.violations.length > 0) expect.fail(failure(result));
    expect(result.coverage.faultCount).toBeGreaterThanOrEqual(LEAST_FAULTS);
  }
  console.info(`${seeds.length} seeds\n${coverage.table()}`);
  expect(coverage.ticks).toBeGreaterThan(seeds.length * 1_000);
  if (SIMULATION_SEED !== undefined) return;
  expect(everyClose.filter((name) => !coverage.serverCloses.has(name))).toEqual([]);
  expect(faultKinds.filter((kind) => !coverage.faults.has(kind))).toEqual([]);
  expect(everyTransition.filter((transition) => !coverage.transitions.has(transition))).toEqual([]);
  expect(everyResync.filter((cause) => !coverage.resyncs.has(cause))).toEqual([]);
  // Some take a second loss of the same connection within one tick.
  if (seeds.length < SEEDS_FOR_EVERY_PRESENCE) return;
  expect(everyPresence.filter((transition) => !coverage.presences.has(transition))).toEqual([]);
});

test("[SIM-2] the same seed gives the same trace to the byte, another gives another", async () => {
  const seed = seeds[0] ?? 1;
  const [once, again, other] = [await simulate(seed), await simulate(seed), await simulate(seed + 1)];
  expect(again.trace).toBe(once.trace);
  expect(other.trace).not.toBe(once.trace);
});
