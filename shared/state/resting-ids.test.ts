import fc from "fast-check";
import { expect, test } from "vitest";
import { RestingIds } from "./resting-ids.ts";

test("[STA-14] ids begin at 1, rise by one, and are used again in the order they were freed", () => {
  const ids = new RestingIds(2);
  expect([ids.take(0), ids.take(0), ids.take(0)]).toEqual([1, 2, 3]);
  ids.free(2, 1);
  ids.free(1, 1);
  expect(ids.take(2)).toBe(4);
  expect([ids.take(3), ids.take(3), ids.take(3)]).toEqual([2, 1, 5]);
});

test("[STA-14] no id is held twice or taken within its rest, and ids stay as small as the rest allows", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("take", "free", "tick"), fc.nat()), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), steps, (rest, script) => {
      const ids = new RestingIds(rest);
      const held: number[] = [];
      const freedAt = new Map<number, number>();
      let [tick, made] = [0, 0];
      for (const [step, pick] of script) {
        if (step === "tick") tick += 1;
        else if (step === "take") {
          const id = ids.take(tick);
          expect(held).not.toContain(id);
          const freed = freedAt.get(id);
          if (freed === undefined) {
            // A new one, and only because none had rested long enough.
            expect(id).toBe(++made);
            for (const at of freedAt.values()) expect(tick).toBeLessThan(at + rest);
          } else expect(tick).toBeGreaterThanOrEqual(freed + rest);
          freedAt.delete(id);
          held.push(id);
        } else if (held.length > 0) {
          const [id] = held.splice(pick % held.length, 1);
          ids.free(id as number, tick);
          freedAt.set(id as number, tick);
        }
      }
    }),
    { seed: 141, numRuns: 400 },
  );
});
