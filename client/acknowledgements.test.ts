import { expect, test } from "vitest";
import { Acknowledgements } from "./acknowledgements.ts";

test("[FLO-1] the first tick is due, then each tenth, counted from what the server knows", () => {
  const acks = new Acknowledgements(10);
  const due: number[] = [];
  for (let tick = 5; tick < 40; tick++) {
    if (!acks.isDue(tick)) continue;
    due.push(tick);
    acks.said(tick);
  }
  expect(due).toEqual([5, 15, 25, 35]);
});

test("[FLO-1] an input says the whole tick of its view, so inputs with a late view put nothing off", () => {
  const acks = new Acknowledgements(10);
  acks.said(100);
  // An input every tick, of a view that stands still, as in a page that draws nothing.
  const due: number[] = [];
  for (let tick = 101; tick < 140; tick++) {
    acks.said(95.5);
    if (!acks.isDue(tick)) continue;
    due.push(tick);
    acks.said(tick);
  }
  expect(due).toEqual([110, 120, 130]);
});

test("[FLO-1] a view that is a little behind acknowledges enough, one by whole seconds does not", () => {
  for (const [behind, expected] of [
    [2.4, 0],
    [40, 10],
  ] as const) {
    const acks = new Acknowledgements(10);
    acks.said(100);
    let said = 0;
    for (let tick = 101; tick <= 200; tick++) {
      acks.said(tick - behind);
      if (!acks.isDue(tick)) continue;
      said += 1;
      acks.said(tick);
    }
    expect(said).toBe(expected);
  }
});

test("[FLO-1] after a resync the server counts anew", () => {
  const acks = new Acknowledgements(10);
  acks.said(100);
  acks.restart();
  expect(acks.isDue(101)).toBe(true);
});
