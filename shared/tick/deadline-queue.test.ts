import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "./deadline-queue.ts";

interface Numbered extends Deadline {
  readonly id: number;
}

function deadline(id: number, dueAt: number): Numbered {
  return { id, dueAt, arrival: 0, position: NOT_QUEUED };
}

/** Takes everything out, in the queue's order. */
function emptied(queue: DeadlineQueue<Numbered>): Numbered[] {
  const taken: Numbered[] = [];
  for (let item = queue.first(); item !== undefined; item = queue.first()) {
    queue.remove(item);
    taken.push(item);
  }
  return taken;
}

describe("DeadlineQueue", () => {
  test("deadlines come out as a stable sort by time has them, whatever was removed before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ dueAt: fc.integer({ min: 0, max: 20 }), removed: fc.boolean() })),
        (specs) => {
          const queue = new DeadlineQueue<Numbered>();
          const items = specs.map(({ dueAt }, id) => deadline(id, dueAt));
          for (const item of items) queue.add(item);
          for (const item of items) if (specs[item.id]?.removed) expect(queue.remove(item)).toBe(true);
          const kept = items.filter((item) => !specs[item.id]?.removed);
          expect(queue.size).toBe(kept.length);
          const sorted = kept.toSorted((a, b) => a.dueAt - b.dueAt || a.id - b.id);
          expect(emptied(queue).map((item) => item.id)).toEqual(sorted.map((item) => item.id));
        },
      ),
    );
  });

  test("a deadline that is added again comes after those of the same time", () => {
    const queue = new DeadlineQueue<Numbered>();
    const [first, second] = [deadline(1, 5), deadline(2, 5)];
    queue.add(first);
    queue.add(second);
    queue.remove(first);
    queue.add(first);
    expect(emptied(queue)).toEqual([second, first]);
  });

  test("removing what is not queued says so", () => {
    const queue = new DeadlineQueue<Numbered>();
    expect(queue.remove(deadline(1, 5))).toBe(false);
  });

  test("adding twice, or for no time at all, throws", () => {
    const queue = new DeadlineQueue<Numbered>();
    const item = deadline(1, 5);
    queue.add(item);
    expect(() => queue.add(item)).toThrow("queued already");
    expect(() => queue.add(deadline(2, Number.NaN))).toThrow(RangeError);
  });
});
