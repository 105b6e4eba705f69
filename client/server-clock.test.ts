import { describe, expect, test } from "vitest";
import { seededRandom } from "../shared/random/seeded-random.ts";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { DriftingClock } from "../tests/server-kit/drifting-clock.ts";
import { ServerClock } from "./server-clock.ts";
import { TickTimes } from "./tick-times.ts";

const PERIOD_MS = 50;

function measure(reads: "shared" | "another" = "another") {
  const base = new ManualClock();
  const clock = new DriftingClock(base, { offsetMs: 0 });
  const times = new TickTimes(0, PERIOD_MS);
  const server = new ServerClock({ clock, times, periodMs: PERIOD_MS, reads });
  /** The server's clock is what the test's time is, and `aheadMs` more. */
  const ping = (upMs: number, downMs: number, aheadMs = 0): "fits" | "odd" | "anew" => {
    const stamp = clock.now();
    base.advance(upMs);
    const serverNow = base.now() + aheadMs;
    base.advance(downMs);
    return server.answered(stamp, serverNow);
  };
  return { base, clock, times, server, ping };
}

describe("what the server's clock says", () => {
  test("[CLK-1] nothing before the first answer", () => {
    const { server } = measure();
    expect([server.rttMs, server.jitterMs, server.offsetMs, server.tickAt(0), server.localTimeOf(0)]).toEqual(
      Array(5).fill(undefined),
    );
  });

  test("[CLK-1] the quickest answer counts, whose halves are the most alike", () => {
    const { server, ping } = measure();
    ping(60, 20, 1_000);
    expect(server.offsetMs).toBe(1_020);
    ping(5, 5, 1_000);
    ping(10, 80, 1_000);
    expect(server).toMatchObject({ rttMs: 10, offsetMs: 1_000 });
  });

  test("[CLK-1] what is drawn by it moves to a new estimate by at most 5 %", () => {
    const { base, server, ping } = measure();
    ping(60, 20, 1_000);
    const drawn = () => (server.localTimeOf(0) ?? 0) * -1;
    expect(drawn()).toBe(1_020);
    ping(5, 5, 1_000);
    base.advance(90);
    expect(drawn()).toBe(1_015);
    base.advance(1_000);
    expect(drawn()).toBe(1_000);
  });

  test("[CLK-5] a clock that is shared has nothing to estimate, however its link is", () => {
    const { base, server, ping } = measure("shared");
    base.advance(175);
    expect(server.tickAt(base.now())).toBe(3.5);
    ping(100, 0);
    expect([server.offsetMs, server.localTimeOf(7)]).toEqual([0, 350]);
    expect(server.rttMs).toBe(100);
  });

  test("[CLK-6] what is sent arrives as the quickest ping did, however the round trip is split", () => {
    for (const [upMs, downMs] of [
      [140, 10],
      [75, 75],
      [10, 140],
    ] as const)
      for (const reads of ["shared", "another"] as const) {
        const { server, ping } = measure(reads);
        ping(upMs, downMs, 1_000);
        expect(server.arrivalMs).toBe(1_000 + upMs);
      }
  });

  test("[CLK-4] ticks have fractions, and a slip counts from its tick on", () => {
    const { base, server, times, ping } = measure();
    ping(5, 5);
    base.advance(65);
    expect(server.tickAt(base.now())).toBe(1.5);
    times.slipped([3, 100]);
    expect(server.localTimeOf(3)).toBe(250);
    expect(server.tickAt(250)).toBe(3);
  });
});

describe("[CLK-3] a clock that jumps", () => {
  test("forward: the first answer that cannot agree puts older ones out", () => {
    const { clock, server, ping } = measure();
    for (let n = 0; n < 8; n++) expect(ping(20, 20)).toBe("fits");
    clock.jump(2_000);
    expect(ping(30, 30)).toBe("anew");
    expect(server.offsetMs).toBe(-2_000);
    expect(ping(20, 20)).toBe("fits");
  });

  test("an answer that was on its way meanwhile misleads nobody", () => {
    const { base, clock, server, ping } = measure();
    ping(20, 20);
    for (const ms of [2_000, -2_000]) {
      const stamp = clock.now();
      base.advance(20);
      const serverNow = base.now();
      clock.jump(ms);
      base.advance(20);
      server.answered(stamp, serverNow);
      ping(25, 25);
      expect(server.offsetMs).toBeCloseTo(ms > 0 ? -2_000 : 0);
      expect(server.rttMs).toBe(50);
    }
  });

  test("100 ppm are no jump", () => {
    const base = new ManualClock();
    const clock = new DriftingClock(base, { ppm: 100 });
    const parts = {
      clock,
      times: new TickTimes(0, PERIOD_MS),
      periodMs: PERIOD_MS,
      reads: "another",
    } as const;
    const server = new ServerClock(parts);
    const random = seededRandom(3);
    for (let n = 0; n < 600; n++) {
      const stamp = clock.now();
      base.advance(1 + random());
      const serverNow = base.now();
      base.advance(1 + random());
      expect(server.answered(stamp, serverNow)).toBe("fits");
      base.advance(1_000);
      const error = (server.offsetMs ?? 0) + clock.now() - base.now();
      expect(Math.abs(error)).toBeLessThan(2.5);
    }
  });
});

describe("[CLK-2] jitter", () => {
  test("is the mean deviation of RFC 6298", () => {
    const { server, ping } = measure();
    ping(40, 40);
    expect(server.jitterMs).toBe(10);
    ping(40, 40);
    expect(server.jitterMs).toBe(7.5);
    ping(48, 48);
    expect(server.jitterMs).toBe(7.5 + (16 - 7.5) / 4);
  });

  test("of two ways that each take up to 30 ms more is about 10 ms", () => {
    const { base, server, ping } = measure();
    const random = seededRandom(5);
    let sum = 0;
    for (let n = 0; n < 500; n++) {
      ping(75 + random() * 30, 75 + random() * 30);
      base.advance(800);
      sum += server.jitterMs ?? 0;
    }
    expect(sum / 500).toBeGreaterThan(8);
    expect(sum / 500).toBeLessThan(12);
  });

  test("a stall is none: it counts as what just is not one, and is soon forgotten", () => {
    const { server, ping } = measure();
    for (let n = 0; n < 40; n++) ping(n % 2 ? 45 : 35, 40);
    const before = server.jitterMs ?? 0;
    ping(400, 40);
    expect(server.jitterMs).toBeLessThanOrEqual(before * 1.75 + 1e-9);
    for (let n = 0; n < 6; n++) ping(n % 2 ? 45 : 35, 40);
    expect(server.jitterMs).toBeLessThan(before * 1.2);
  });

  test("[CLK-7] of another path is not that there is another: three answers in a row make it known", () => {
    const { base, server, ping } = measure();
    const random = seededRandom(7);
    const trip = (ms: number): ReturnType<typeof ping> => {
      const verdict = ping(ms + random() * 4, ms + random() * 4);
      base.advance(200);
      return verdict;
    };
    for (let n = 0; n < 20; n++) trip(10);
    expect([trip(90), trip(90), trip(90)]).toEqual(["odd", "odd", "anew"]);
    expect(server.rttMs).toBeGreaterThan(178);
    expect(server.jitterMs).toBeLessThan(24);
    for (let n = 0; n < 6; n++) expect(trip(90)).toBe("fits");
    expect(server.jitterMs).toBeLessThan(8);
    // Back again: the quickest counts at once, and what is usual follows.
    expect([trip(10), trip(10), trip(10)]).toEqual(["odd", "odd", "anew"]);
    expect(server.rttMs).toBeLessThan(28);
    expect(server.jitterMs).toBeLessThan(4);
  });

  test("[CLK-7] answers that stood in one stall are one", () => {
    const { base, clock, server, ping } = measure();
    for (let n = 0; n < 20; n++) {
      ping(20 + (n % 2), 20);
      base.advance(200);
    }
    // Four pings go out during a stall; all are answered at its end.
    const stamps = [0, 200, 400, 600].map((after) => clock.now() + after);
    base.advance(800);
    const verdicts = stamps.map((stamp) => server.answered(stamp, base.now() - 20));
    expect(verdicts).toEqual(["odd", "odd", "odd", "odd"]);
    expect(ping(20, 20)).toBe("fits");
    expect(server.rttMs).toBeLessThan(42);
  });

  test("that grows is followed within seconds", () => {
    const { server, ping } = measure();
    const random = seededRandom(6);
    for (let n = 0; n < 20; n++) ping(10 + random(), 10 + random());
    expect(server.jitterMs).toBeLessThan(1);
    for (let n = 0; n < 10; n++) ping(10 + random() * 60, 10 + random() * 60);
    expect(server.jitterMs).toBeGreaterThan(10);
  });
});
