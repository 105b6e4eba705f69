import { expect, test } from "vitest";
import { Coverage } from "../coverage.ts";
import { failureText } from "../failure-text.ts";
import { clusterFaults } from "../faults.ts";
import { simulate } from "../simulate.ts";

/** `npm run simulate -- --world cluster` plays as many as one likes. */
const SEEDS = Number(process.env.CLUSTER_SEEDS ?? 100);
const SEED_WITHIN_MS = 5_000;

/** What a cluster is there for. */
const due = [
  "restored running",
  "restored exact",
  "moved",
  "fence shut",
  "fence open",
  "rolled back",
  "lost calls",
  "disowned: room-taken",
  "ended as no-such-room",
];

test("[FAI-6] from any seed: one owner publishes at a time, seats are nobody else's, players are back or told, calls count once", {
  timeout: SEEDS * SEED_WITHIN_MS,
}, async () => {
  const coverage = new Coverage();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const options = { world: "cluster", ticks: 300, players: 6 } as const;
    const result = await simulate(seed, options);
    coverage.add(result.coverage);
    if (result.violations.length > 0) expect.fail(failureText(result, options));
  }
  console.info(`${SEEDS} seeds\n${coverage.table()}`);
  expect(clusterFaults.filter((fault) => !coverage.faults.has(fault))).toEqual([]);
  expect(due.filter((what) => !coverage.town.has(what))).toEqual([]);
});
