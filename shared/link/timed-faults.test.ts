import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { seededRandom } from "../random/seeded-random.ts";
import { networkConditions } from "./network-conditions.ts";
import { TimedFaults } from "./timed-faults.ts";

function faultsOn(clock: ManualClock, random: () => number, onCut: () => void = () => {}) {
  const told: string[] = [];
  const faults = new TimedFaults(
    { clock, random },
    {
      stall: (ms) => told.push(`${clock.now()}: still for ${ms}`),
      cut: () => {
        told.push(`${clock.now()}: cut`);
        onCut();
      },
    },
  );
  return { faults, told };
}

const conditions = networkConditions({ stallEveryMs: 1_000, stallForMs: 300, cutEveryMs: 2_500 });

test("[LNK-17] stalls and cuts come evenly, the first of each within its interval", () => {
  const clock = new ManualClock();
  const { faults, told } = faultsOn(clock, () => 0.5);
  faults.change(conditions);
  clock.advance(4_000);
  expect(told).toEqual([
    "500: still for 300",
    "1250: cut",
    "1500: still for 300",
    "2500: still for 300",
    "3500: still for 300",
    "3750: cut",
  ]);
});

test("[LNK-17] what changes begins anew and what stays as it was keeps its times", () => {
  const clock = new ManualClock();
  const { faults, told } = faultsOn(clock, () => 0.5);
  faults.change(conditions);
  clock.advance(600);
  faults.change({ ...conditions, latencyMs: 50, stallForMs: 100, cutEveryMs: 100 });
  clock.advance(450);
  expect(told).toEqual(["500: still for 300", "650: cut", "750: cut", "850: cut", "950: cut", "1050: cut"]);
  clock.advance(450);
  expect(told).toContain("1500: still for 100");
});

test("[LNK-17] nothing is left where they are stopped, by a fault itself, too", () => {
  const clock = new ManualClock();
  const { faults, told } = faultsOn(clock, seededRandom(3), () => faults.stop());
  faults.change(networkConditions({ stallEveryMs: 60_000, stallForMs: 1, cutEveryMs: 10 }));
  clock.advance(30_000);
  expect(told.filter((each) => each.endsWith("cut"))).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test("[LNK-17] equal seeds give equal times, and two connections of one seed do not fail together", () => {
  const play = (seed: number): string[][] => {
    const clock = new ManualClock();
    const random = seededRandom(seed);
    const two = [faultsOn(clock, random), faultsOn(clock, random)];
    for (const { faults } of two) faults.change(conditions);
    clock.advance(5_000);
    return two.map(({ told }) => told);
  };
  expect(play(1)).toEqual(play(1));
  expect(play(1)).not.toEqual(play(2));
  const [one, other] = play(1);
  expect(one).not.toEqual(other);
});
