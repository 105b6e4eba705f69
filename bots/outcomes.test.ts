import { expect, test } from "vitest";
import { addOutcomes, noOutcomes, type Outcomes } from "./outcomes.ts";

test("[BOT-17] a room's slips are those of the bot that saw the most, and those of rooms add up", () => {
  const saw = (slips: Outcomes["slips"]): Outcomes => ({ ...noOutcomes(), slips, overdueTicks: 2 });
  const sum = noOutcomes();
  addOutcomes(sum, saw({ a: { count: 1, ms: 300 } }));
  addOutcomes(sum, saw({ a: { count: 2, ms: 800 }, b: { count: 1, ms: 250 } }));
  expect(sum.slips).toEqual({ a: { count: 2, ms: 800 }, b: { count: 1, ms: 250 } });
  expect(sum.overdueTicks).toBe(4);
});
