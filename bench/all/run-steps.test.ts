import { describe, expect, test } from "vitest";
import { brokenStep, fanoutStep } from "../page/collection.fixture.ts";
import { scenarios as catalogue } from "../scenarios/catalogue.ts";
import { fanout } from "../scenarios/fanout.ts";
import { plan, type Step } from "./plan.ts";
import { runSteps, type StepsEnvironment } from "./run-steps.ts";
import { duration, secondsLeft } from "./time-left.ts";

const step = (id: string, seconds = 10): Step => ({
  id,
  scenario: "fanout",
  title: id,
  words: [id],
  seconds,
});

const { outcome: good } = fanoutStep({ clients: 50 });

function environment(told: Partial<StepsEnvironment> = {}) {
  const said: string[] = [];
  const collected: number[] = [];
  let now = 0;
  const made: StepsEnvironment = {
    run: async () => {
      now += 20_000;
      return good;
    },
    known: () => undefined,
    collected: async (results) => void collected.push(results.length),
    commandOf: ({ words }) => words.join(" "),
    signal: new AbortController().signal,
    now: () => now,
    says: (line) => said.push(line),
    everySecond: () => () => {},
    progress: () => {},
    ...told,
  };
  return { made, said, collected };
}

describe("the steps of `all`", () => {
  test("[BEN-80] run in order, each is kept as soon as it is over, and one that fails stops no other", async () => {
    const { made, said, collected } = environment({
      run: async ({ id }) => (id === "b" ? brokenStep.outcome : good),
    });
    const results = await runSteps([step("a"), step("b"), step("c")], made);
    expect(results.map(({ id, outcome }) => [id, outcome.kind])).toEqual([
      ["a", "report"],
      ["b", "none"],
      ["c", "report"],
    ]);
    expect(collected).toEqual([1, 2, 3]);
    expect(said[1]).toContain("did not come to its end: autocannon");
  });

  test("[BEN-80] what is there already is not measured again; interrupted, what is there is kept", async () => {
    const ran: string[] = [];
    const interruption = new AbortController();
    const { made } = environment({
      known: ({ id }) => (id === "a" ? { ...fanoutStep({ clients: 50 }), id } : undefined),
      run: async ({ id }) => {
        ran.push(id);
        if (id !== "c") return good;
        interruption.abort("SIGINT");
        return { kind: "none", why: "interrupted" };
      },
      signal: interruption.signal,
    });
    const results = await runSteps([step("a"), step("b"), step("c"), step("d")], made);
    expect(ran).toEqual(["b", "c"]);
    expect(results.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("[BEN-80] the plan has a step for each scenario, the first chart's first, and peers where they are asked for", () => {
    const scenarios = (extent: "quick" | "full") =>
      plan({ extent, against: ["ws"] }).map(({ scenario }) => scenario);
    const names = catalogue.map(({ name }) => name);
    expect([...new Set(scenarios("quick"))]).toEqual(["fanout", "crowd", "rooms", "echo", "http", "codec"]);
    expect([...new Set(scenarios("full"))].sort()).toEqual([...names, "codec"].sort());
    expect(plan({ extent: "quick", against: fanout.peers })[0]?.words.slice(-2)).toEqual([
      "--against",
      "all",
    ]);
    const [first] = plan({ extent: "quick", against: ["ws"] });
    expect(first?.words.join(" ")).toBe("fanout --clients 50 --seconds 2 --repeat 1 --against ws");
    const ids = plan({ extent: "full", against: [] }).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("[BEN-81] the time left is the plan's, by as much off as it was so far", async () => {
    expect(secondsLeft([], [step("a", 10), step("b", 20)], 4)).toBe(26);
    expect(secondsLeft([{ step: step("z", 10), tookSeconds: 20 }], [step("a", 10), step("b", 20)], 5)).toBe(
      55,
    );
    expect(secondsLeft([], [step("a", 10), step("b", 20)], 60)).toBe(20);
    expect([3, 42, 70, 600].map(duration)).toEqual(["5 s", "45 s", "1 min", "10 min"]);
    const { made, said } = environment();
    await runSteps([step("a"), step("b", 40)], made);
    expect(said[0]).toContain("(20 s, 1 min left)");
  });
});
