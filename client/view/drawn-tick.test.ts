import { describe, expect, test } from "vitest";
import { DrawnTick } from "./drawn-tick.ts";

const PERIOD_MS = 50;
const FRAME_MS = 1000 / 60;
const FRAME = FRAME_MS / PERIOD_MS;

/** Begins at tick 100, at 5,000 ms. */
function begun(): DrawnTick {
  const drawn = new DrawnTick(PERIOD_MS);
  drawn.move(5_000, 100, 101);
  return drawn;
}

/** Frames from the beginning on, with the target at `target(now)`; the steps between them in ticks. */
function steps(
  drawn: DrawnTick,
  frames: number,
  target: (now: number) => number,
  last = Number.POSITIVE_INFINITY,
): number[] {
  return Array.from({ length: frames }, (_, frame) => {
    const before = drawn.tick;
    const now = 5_000 + (frame + 1) * FRAME_MS;
    drawn.move(now, target(now), last);
    return drawn.tick - before;
  });
}

test("[VIE-1] it begins at its target", () => {
  expect(begun().tick).toBe(100);
});

describe("[VIE-1] it flows with time", () => {
  test.each([0.6, -0.6, 3, -3])(
    "and closes up on a target that is %d ticks off by a twentieth of it at the most",
    (off) => {
      const drawn = begun();
      const taken = steps(drawn, 60 * 60, (now) => now / PERIOD_MS + off);
      for (const step of taken) expect(Math.abs(step / FRAME - 1)).toBeLessThanOrEqual(0.050_001);
      expect(drawn.tick - (5_000 + 60_000) / PERIOD_MS).toBeCloseTo(off);
    },
  );

  test("and asked twice in one instant it stands", () => {
    const drawn = begun();
    drawn.move(5_010, 100.2, 200);
    const { tick } = drawn;
    drawn.move(5_010, 100.2, 200);
    expect(drawn.tick).toBe(tick);
  });

  test("and never goes back, wherever its target is", () => {
    for (const step of steps(begun(), 100, () => 50)) expect(step).toBeGreaterThan(0);
    const drawn = begun();
    drawn.move(5_010, 100, 90);
    expect(drawn.tick).toBe(100);
  });
});

describe("[VIE-3] after a stall", () => {
  const stall = (ms: number) => {
    const drawn = begun();
    const ideal = (now: number) => now / PERIOD_MS;
    const until = Math.ceil(ms / FRAME_MS);
    steps(drawn, until, ideal, 101);
    expect(drawn.tick).toBe(101);
    return { drawn, from: 5_000 + until * FRAME_MS, ideal };
  };

  test.each([80, 200, 400])(
    "of %d ms it is where it was to be 150 ms and a frame later, and not at once",
    (ms) => {
      const { drawn, from, ideal } = stall(ms);
      const behind: number[] = [];
      for (let now = from + FRAME_MS; now <= from + 150 + 2 * FRAME_MS; now += FRAME_MS) {
        drawn.move(now, ideal(now), 1_000);
        behind.push(ideal(now) - drawn.tick);
      }
      expect(behind[0]).toBeGreaterThan(0.1);
      expect(behind.at(-1)).toBeCloseTo(0);
      expect(behind).toEqual([...behind].sort((a, b) => b - a));
    },
  );

  test("of more than half a second it is there at once", () => {
    const { drawn, from, ideal } = stall(900);
    drawn.move(from + FRAME_MS, ideal(from + FRAME_MS), 1_000);
    expect(drawn.tick).toBe(ideal(from + FRAME_MS));
  });

  test("of some milliseconds it closes up as ever", () => {
    const drawn = begun();
    drawn.move(5_055, 101.1, 101);
    drawn.move(5_065, 101.3, 1_000);
    expect(drawn.tick).toBeLessThanOrEqual(101 + (10 / PERIOD_MS) * 1.05);
  });
});
