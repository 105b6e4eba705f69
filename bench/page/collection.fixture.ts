import type { Collection, StepResult } from "../all/collection.ts";
import { machine, rawRun, type Told } from "../report/run.fixture.ts";
import { summarise } from "../report/summarise.ts";
import { fanout } from "../scenarios/fanout.ts";

/** What differs in a room of fan-out. */
export interface ToldRoom {
  readonly clients: number;
  readonly ours?: Told;
  readonly bare?: Told;
}

/** A step of fan-out beside ws and the bare server. */
export function fanoutStep({ clients, ours = {}, bare = {} }: ToldRoom): StepResult {
  const load = { ...rawRun("tickcast").load, clients };
  const run = (system: "tickcast" | "ws" | "uws", told: Told) => {
    const delivered = told.delivered ?? clients * 20;
    return { ...rawRun(system, { ...told, delivered }), load };
  };
  const pair = [run("tickcast", ours), run("ws", { lastP99: 9 }), run("uws", bare)];
  return {
    id: `fanout-${clients}`,
    scenario: "fanout",
    title: `${clients} clients`,
    command: `npm run bench -- fanout --clients ${clients}`,
    tookSeconds: 10,
    outcome: { kind: "report", report: summarise(fanout, load, [pair], [], machine) },
  };
}

/** A collection of these steps. */
export function collectionOf(...results: readonly StepResult[]): Collection {
  return {
    command: "npm run bench -- all --quick --html report",
    extent: "quick",
    versions: { Tickcast: "1.2.3", "uWebSockets.js": "20.57.0" },
    results,
    missing: [],
  };
}

export const brokenStep: StepResult = {
  id: "http",
  scenario: "http",
  title: "80 players",
  command: "npm run bench -- http",
  tookSeconds: 1,
  outcome: { kind: "none", why: "autocannon is <missing>" },
};
