import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planSwarm, threadsFor } from "./swarm-plan.ts";

describe("planSwarm", () => {
  test("[BOT-1] bot i connects i / ramp seconds after the start, however many threads there are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 1_000 }),
        (bots, threads, rampPerSecond) => {
          const plan = planSwarm({ bots, threads, rampPerSecond }).flat();
          expect(plan.toSorted((a, b) => a.index - b.index)).toEqual(
            Array.from({ length: bots }, (_, index) => ({ index, startMs: (index * 1_000) / rampPerSecond })),
          );
        },
      ),
    );
  });

  test("threads get as many bots as each other, but for one, and there are no idle threads", () => {
    const sizes = planSwarm({ bots: 10, threads: 4, rampPerSecond: 100 }).map(({ length }) => length);
    expect(sizes).toEqual([3, 3, 2, 2]);
    expect(planSwarm({ bots: 2, threads: 4, rampPerSecond: 100 })).toHaveLength(2);
  });
});

describe("threadsFor", () => {
  test("one thread for 250 bots, and never more than cores", () => {
    expect([1, 250, 251, 1_000].map((bots) => threadsFor(bots, 3))).toEqual([1, 1, 2, 3]);
  });
});
