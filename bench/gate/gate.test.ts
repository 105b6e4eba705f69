import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Bus } from "../../server/bus.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { plain } from "../report/paint.ts";
import { machine } from "../report/run.fixture.ts";
import { processCpuUs } from "../run/cpu-window.ts";
import { burnCpu } from "../systems/burn-cpu.ts";
import { type Baseline, expectClone, readBaseline, withBase } from "./baseline.ts";
import { decides, type GateRatios, judgeGate } from "./gate.ts";
import { failuresOf, type GateReport, gateMarkdown, gateText } from "./gate-report.ts";
import { judgeCounts } from "./judge-counts.ts";
import { MIN_PAIRS, ratioCheck } from "./judge-ratio.ts";
import { type GateCounts, GatePlay } from "./play-gate-game.ts";

const counts: GateCounts = {
  ticks: 10,
  encodes: 100,
  encodedBytes: 1000,
  publishes: 90,
  publishedBytes: 900,
  sends: 10,
  sentBytes: 100,
  deliveries: 500,
  deliveredBytes: 5000,
};
const baseline: Baseline = { counts, allocatedBytesPerTick: { 20: 1000 }, cpuRatio: { "a processor": 1.1 } };
const place = { nodeMajor: "20", cpu: "a processor" };
const counted = { counts, allocatedBytesPerTick: 1000 };

const verdicts = (checks: readonly { readonly verdict: string }[]): Set<string> =>
  new Set(checks.map(({ verdict }) => verdict));

async function played(ticks: number): Promise<GateCounts> {
  const play = await GatePlay.start();
  await play.run(ticks);
  return { ...play.counts };
}

describe("the gate's counters", () => {
  test("[BEN-63] follow from the seed: two plays are equal, and every counter counts", async () => {
    const [one, other, longer] = [await played(60), await played(60), await played(61)];
    expect(one).toEqual(other);
    for (const [what, value] of Object.entries(one)) {
      expect([what, value > 0]).toEqual([what, true]);
      expect([what, longer[what as keyof GateCounts] > value || what.startsWith("sen")]).toEqual([
        what,
        true,
      ]);
    }
  });

  test.each(Object.keys(counts))(
    "[BEN-64] %s that are not what is committed fail, with the figure",
    (what) => {
      const off = { ...counts, [what]: counts[what as keyof GateCounts] + 1 };
      const failed = judgeCounts({ ...counted, counts: off }, baseline, "20").filter(
        ({ verdict }) => verdict === "failed",
      );
      expect(failed.length).toBe(1);
      expect(failed[0]?.because).toContain(`${counts[what as keyof GateCounts] + 1}, committed`);
    },
  );

  test("[BEN-64] allocations may be 2 % off, more or less, and are skipped for an unknown Node", () => {
    const at = (allocatedBytesPerTick: number, node = "20") =>
      judgeCounts({ counts, allocatedBytesPerTick }, baseline, node).at(-1);
    expect(at(1020)?.verdict).toBe("passed");
    expect(at(980)?.verdict).toBe("passed");
    expect(at(1021)).toMatchObject({ verdict: "failed", because: expect.stringContaining("2.1 % off") });
    expect(at(979)?.verdict).toBe("failed");
    expect(at(5000, "22")).toMatchObject({ verdict: "skipped", because: expect.stringContaining("Node 22") });
  });
});

/** Pairs of this CPU, in which ticks reach the last client as soon as with the bare server. */
const pairsOf = (ratios: readonly number[]): GateRatios => ({ ratios, lastP50Ratios: ratios.map(() => 1) });

/** How often a gate on a machine of this noise fails where our server has become so much slower. */
function failing(slower: number, noise: number, gates: number): number {
  const random = seededRandom(5);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let failed = 0;
  for (let gate = 0; gate < gates; gate++) {
    const ratios: number[] = [];
    while (ratios.length < 14 && !decides(pairsOf(ratios), 1.1))
      ratios.push(1.1 * slower * Math.exp(noise * normal()));
    const check = ratioCheck(ratios, 1.1, "a processor");
    if (check.verdict === "failed") failed += 1;
  }
  return failed / gates;
}

describe("the gate's ratio", () => {
  test("[BEN-65] unchanged code passes and what is 20 % slower fails, on a quiet machine and on a busy one", () => {
    expect([failing(1, 0.02, 20), failing(1.2, 0.02, 20)]).toEqual([0, 1]);
    expect([failing(1, 0.06, 100), failing(1.2, 0.06, 100)]).toEqual([0, 1]);
    expect(failing(1, 0.12, 60)).toBeLessThan(0.1);
    expect(failing(1.2, 0.12, 60)).toBeGreaterThan(0.85);
  });

  test("[BEN-65] nothing is decided by fewer than five pairs, and too few are a reason to fail", () => {
    expect(decides(pairsOf([1, 1, 1, 1]), 1.1)).toBe(false);
    const few = judgeGate({ counted, ...pairsOf([1, 1]), spoilt: ["uws: slipped"] }, baseline, place);
    expect(few.at(-1)).toMatchObject({
      verdict: "failed",
      because: `only 2 of 3 pairs came to an end, ${MIN_PAIRS} are needed; uws: slipped`,
    });
    const enough = judgeGate({ counted, ...pairsOf([1, 1, 1, 1, 1]), spoilt: [] }, baseline, place);
    expect(verdicts(enough)).toEqual(new Set(["passed"]));
  });

  test("[BEN-120] on a processor for which no ratio is committed five pairs are measured, and judged by nobody", () => {
    expect([decides(pairsOf([9, 9, 9, 9]), undefined), decides(pairsOf([9, 9, 9, 9, 9]), undefined)]).toEqual(
      [false, true],
    );
    const elsewhere = { ...place, cpu: "another" };
    const checks = judgeGate({ counted, ...pairsOf([9, 9, 9, 9, 9]), spoilt: [] }, baseline, elsewhere);
    expect(checks.at(-2)).toMatchObject({
      verdict: "skipped",
      measured: "9.000 (95 %: 9.000 to 9.000; 5 pairs)",
      because: expect.stringContaining("no ratio is committed for another"),
    });
  });

  test("[BEN-123] ticks that take twice as long to the last client as with the bare server fail, on any processor", () => {
    const late = (...lastP50Ratios: number[]) => ({
      counted,
      ratios: lastP50Ratios.map(() => 1),
      lastP50Ratios,
      spoilt: [],
    });
    for (const cpu of ["a processor", "another"]) {
      const verdictOf = (...ratios: number[]) =>
        judgeGate(late(...ratios), baseline, { ...place, cpu }).at(-1);
      expect(verdictOf(4.1, 4.3, 4.2, 4.4, 4.2)).toMatchObject({
        verdict: "failed",
        because:
          "a tick reaches its last client after 4.200 times what the bare server takes, at most 2 are allowed",
      });
      expect(verdictOf(1.2, 1.5, 1, 1.1, 1.3)).toMatchObject({ verdict: "passed" });
      expect(verdictOf(1.2, 4.3, 4.2, 4.4, 4.2)).toMatchObject({
        verdict: "failed",
        measured: expect.stringContaining("too noisy to be certain"),
      });
    }
    expect(decides(late(1.2, 4.3, 4.2, 4.4, 4.2), undefined)).toBe(false);
    expect(decides(late(1.2, 1.5, 1, 1.1, 1.3), undefined)).toBe(true);
  });

  test("[BEN-66] a server that is made slower uses so much more CPU", () => {
    const bus = new Bus();
    burnCpu(bus, 0.5);
    const before = processCpuUs();
    while (processCpuUs() - before < 20_000);
    const room = { id: "r", game: "g" };
    const figures = {
      players: 0,
      latenessMs: 0,
      stepMs: 0,
      commitMs: 0,
      publishMs: 0,
      frames: 0,
      bytes: 0,
      keyframes: 0,
    };
    bus.emit("tickDone", { room, tick: 1, ...figures });
    expect(processCpuUs() - before).toBeGreaterThanOrEqual(30_000);
  });
});

describe("the gate's baseline", () => {
  test("[BEN-128] is in a clone only, which is said where there is none", async () => {
    const elsewhere = join(tmpdir(), "no-such-project", "bench", "gate", "baseline.json");
    expect(() => expectClone(elsewhere)).toThrow("from a clone of the repository only");
    const missing = fileURLToPath(new URL("./no-baseline.json", import.meta.url));
    await expect(readBaseline(missing)).rejects.toThrow("npm run bench:gate -- --update");
    expect(() => expectClone(missing)).not.toThrow();
  });
});

describe("the gate's report", () => {
  const reportOf = (checks: GateReport["checks"], failures: GateReport["failures"]): GateReport => ({
    scenario: "gate",
    checks,
    ratios: [],
    lastP50Ratios: [],
    spoilt: [],
    failures,
    machine,
  });

  test("[BEN-67] has a line for each check and every reason, on a terminal and as Markdown", () => {
    const checks = judgeGate(
      { counted: { ...counted, allocatedBytesPerTick: 2000 }, ...pairsOf([2, 2, 2, 2, 2]), spoilt: [] },
      baseline,
      place,
    );
    const failures = failuresOf(checks, "allowed");
    expect(failures.length).toBe(2);
    const report = reportOf(checks, failures);
    for (const text of [gateText(report, plain), gateMarkdown(report)]) {
      for (const why of failures) expect(text).toContain(why);
      for (const { what } of checks) expect(text).toContain(what);
    }
    const table = gateMarkdown(report)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(table.length).toBe(checks.length + 2);
    expect(new Set(table.map((line) => line.split(/(?<!\\)\|/).length))).toEqual(new Set([6]));
  });

  const measured = { counted, ...pairsOf([9, 9, 9, 9, 9]), spoilt: [] };
  const elsewhere = { nodeMajor: "22", cpu: "another" };
  test("[BEN-121] what is judged by nobody is named with its reason, and nothing is claimed of it", () => {
    const checks = judgeGate(measured, baseline, elsewhere);
    const report = reportOf(checks, failuresOf(checks, "allowed"));
    expect(report.failures).toEqual([]);
    for (const text of [gateText(report, plain), gateMarkdown(report)]) {
      expect(text).toContain("not judged: no allocations are committed for Node 22");
      expect(text).toContain("not judged: no ratio is committed for another");
      expect(text).toContain(
        "passed, but not judged: bytes allocated per tick, Node 22; server CPU per frame / bare uWS",
      );
      expect(text).not.toMatch(/nothing got slower|gate: passed\n/);
    }
    const whole = reportOf(judgeGate({ ...measured, ...pairsOf([1, 1, 1, 1, 1]) }, baseline, place), []);
    expect(gateText(whole, plain)).toContain("✓ nothing got slower");
    expect(gateMarkdown(whole)).toContain("### Benchmark gate: passed\n");
  });

  test("[BEN-121] a strict gate fails where something is judged by nobody", () => {
    const checks = judgeGate(measured, baseline, elsewhere);
    expect(failuresOf(checks, "failure")).toEqual([
      "not judged: no allocations are committed for Node 22",
      expect.stringContaining("not judged: no ratio is committed for another"),
    ]);
  });

  test("[BEN-122] where a processor has no ratio, that of the commit before is taken, measured on it", () => {
    const base: Baseline = {
      counts: { ...counts, encodes: 1 },
      allocatedBytesPerTick: { 20: 1, 22: 1000 },
      cpuRatio: { "a processor": 9, another: 8.9 },
    };
    const both = withBase(baseline, base);
    expect(both.counts).toEqual(counts);
    expect(both.cpuRatio).toEqual({ "a processor": 1.1, another: 8.9 });
    expect(verdicts(judgeGate(measured, both, elsewhere))).toEqual(new Set(["passed"]));
  });
});
