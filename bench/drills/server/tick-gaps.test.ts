import { expect, test } from "vitest";
import { TickGaps } from "./tick-gaps.ts";

test("[DRL-1] gaps are from tick to tick of one place, and a tick that a later one replaced is missed", () => {
  const gaps = new TickGaps<string>();
  gaps.ticked("a", 10, 1_000);
  gaps.ticked("b", 99, 1_020);
  gaps.ticked("a", 11, 1_050);
  gaps.ticked("b", 102, 1_170);
  expect(gaps.figures).toMatchObject({ ticks: 4, missed: 2 });
  expect(gaps.figures.gapMs.max).toBeCloseTo(150, 0);
  expect(gaps.figures.gapMs.p50).toBeCloseTo(50, 0);
});

test("[DRL-1] a restart counts from there on, with the gap that spans it; a forgotten place begins anew", () => {
  const gaps = new TickGaps<string>();
  gaps.ticked("a", 1, 0);
  gaps.ticked("a", 5, 500);
  gaps.restart();
  expect(gaps.figures).toMatchObject({ ticks: 0, missed: 0 });
  gaps.ticked("a", 6, 580);
  expect(gaps.figures.gapMs.max).toBeCloseTo(80, 0);
  gaps.forget("a");
  gaps.ticked("a", 40, 9_000);
  expect(gaps.figures).toMatchObject({ ticks: 2, missed: 0 });
  expect(gaps.figures.gapMs.max).toBeCloseTo(80, 0);
});
