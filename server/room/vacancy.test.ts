import { expect, test } from "vitest";
import { Vacancy } from "./vacancy.ts";

/** How many empty ticks it takes until the room has to go. */
function patienceOf(vacancy: Vacancy, everEntered: boolean): number {
  let ticks = 1;
  while (!vacancy.isOver(0, everEntered)) ticks++;
  return ticks;
}

test("[ROO-43] an empty room goes after its time, and not before 15 s where nobody has come yet", () => {
  expect(patienceOf(new Vacancy(50), true)).toBe(1);
  expect(patienceOf(new Vacancy(50, 1_000), true)).toBe(21);
  expect(patienceOf(new Vacancy(50, 1_000), false)).toBe(301);
  expect(patienceOf(new Vacancy(50, 30_000), false)).toBe(601);
});

test("[ROO-43] a seat that is taken, or only kept for somebody, begins the time anew", () => {
  const vacancy = new Vacancy(50, 100);
  expect([0, 0, 1, 0, 0, 0].map((taken) => vacancy.isOver(taken, true))).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});
