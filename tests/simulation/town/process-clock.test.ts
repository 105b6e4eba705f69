import { expect, test } from "vitest";
import { ManualClock } from "../../kit/manual-clock.ts";
import { ProcessClock } from "./process-clock.ts";

function setup() {
  const world = new ManualClock();
  const clock = new ProcessClock(world);
  const ran: [what: string, at: number][] = [];
  const note = (what: string) => () => void ran.push([what, clock.now()]);
  return { world, clock, ran, note };
}

test("[SIM-5] a process that is paused runs nothing meanwhile, and all that is due when it goes on", () => {
  const { world, clock, ran, note } = setup();
  clock.after(10, note("early"));
  clock.after(50, note("due"));
  clock.after(300, note("late"));
  world.advance(20);
  clock.pause(200);
  clock.soon(note("task"));
  world.advance(500);
  expect(ran).toEqual([
    ["early", 10],
    ["task", 220],
    ["due", 220],
    ["late", 300],
  ]);
  expect(clock.pending).toBe(0);
});

test("[SIM-5] one that is paused again goes on when the longer of both is over, as a whole", () => {
  const { world, clock, ran, note } = setup();
  clock.after(10, note("before"));
  clock.pause(300);
  world.advance(50);
  clock.pause(100);
  clock.after(10, note("after"));
  world.advance(500);
  expect([ran, clock.pausedUntil]).toEqual([
    [
      ["before", 300],
      ["after", 300],
    ],
    300,
  ]);
});

test("[SIM-5] one that is killed runs nothing any more, and leaves no timer in the world", () => {
  const { world, clock, ran, note } = setup();
  clock.after(10, note("timer"));
  clock.soon(note("task"));
  clock.kill();
  clock.after(10, note("afterwards"));
  world.advance(100);
  expect([ran, clock.pending, world.pending]).toEqual([[], 0, 0]);
});

test("[SIM-5] what is released does not run, paused or not", () => {
  const { world, clock, ran, note } = setup();
  const release = clock.after(10, note("timer"));
  clock.pause(100);
  world.advance(50);
  release();
  world.advance(100);
  expect([ran, clock.pending]).toEqual([[], 0]);
});
