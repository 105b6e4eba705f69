import { expect, test } from "vitest";
import { defineGame, held, i16, pressed, record, u8 } from "../../shared/game.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { InputQueue, type InputQueueOptions } from "./input-queue.ts";
import { LateInputs } from "./late-inputs.ts";

const layout = gameLayout(
  defineGame({
    name: "inputs",
    tickRate: 20,
    state: { match: record({ round: u8 }) },
    input: { move: held(i16), fire: pressed() },
  }).description,
);

const LEAD = 40;
const SILENCE = 5;

function queue(options: Partial<InputQueueOptions> = {}) {
  return new InputQueue(layout, {
    maxLeadTicks: LEAD,
    silenceTicks: SILENCE,
    latePresses: "apply",
    ...options,
  });
}

test("[INQ-10] presses of several late ones act in a tick each, oldest first, and are told one by one", () => {
  const inputs = queue();
  for (const tick of [1, 2, 3, 4, 5]) inputs.advance(tick);
  for (const tick of [2, 3, 5]) inputs.receive(tick, [tick, tick !== 5], 6);
  inputs.receive(8, [8, false], 6);
  const seen = [6, 7, 8].map((tick) => [inputs.advance(tick), { ...inputs.current }]);
  expect(seen).toEqual([
    [
      [
        { inputTick: 2, appliedTick: 6 },
        { inputTick: 5, appliedTick: 6 },
      ],
      { move: 5, fire: true },
    ],
    [[{ inputTick: 3, appliedTick: 7 }], { move: 5, fire: true }],
    [undefined, { move: 8, fire: false }],
  ]);
});

test("[INQ-10] a late press gives way to the tick's own, so that two presses stay two", () => {
  const inputs = queue();
  for (const tick of [1, 2]) inputs.advance(tick);
  inputs.receive(2, [0, true], 3);
  inputs.receive(3, [0, true], 3);
  expect(inputs.advance(3)).toEqual([{ inputTick: 2, appliedTick: 3 }]);
  expect(inputs.current.fire).toBe(true);
  expect(inputs.advance(4)).toEqual([{ inputTick: 2, appliedTick: 4 }]);
  expect(inputs.current.fire).toBe(true);
  inputs.advance(5);
  expect(inputs.current.fire).toBe(false);
});

test("[INQ-10] each of several inputs that can be pressed has its own late presses", () => {
  const spec = {
    name: "both",
    tickRate: 20,
    state: { match: record({ round: u8 }) },
    input: { fire: pressed(), jump: pressed() },
  };
  const inputs = new InputQueue(gameLayout(defineGame(spec).description), {
    maxLeadTicks: LEAD,
    silenceTicks: SILENCE,
    latePresses: "apply",
  });
  for (const tick of [1, 2, 3]) inputs.advance(tick);
  inputs.receive(1, [true, false], 4);
  inputs.receive(2, [true, true], 4);
  inputs.advance(4);
  expect(inputs.current).toEqual({ fire: true, jump: true });
  inputs.advance(5);
  expect(inputs.current).toEqual({ fire: true, jump: false });
});

test("[INQ-10] a held part does not outlive silence because presses still wait", () => {
  const inputs = queue();
  for (let tick = 1; tick <= 10; tick++) inputs.advance(tick);
  for (let tick = 1; tick <= 10; tick++) inputs.receive(tick, [7, true], 11);
  const seen = Array.from({ length: 12 }, (_, index) => {
    inputs.advance(11 + index);
    return { ...inputs.current };
  });
  expect(seen.map(({ fire }) => fire)).toEqual([...Array(10).fill(true), false, false]);
  expect(seen.map(({ move }) => move)).toEqual([...Array(SILENCE).fill(7), ...Array(12 - SILENCE).fill(0)]);
});

test("[INQ-11] late inputs are bounded as those to come are, and the same one counts once", () => {
  const inputs = queue({ maxLeadTicks: 3 });
  for (let tick = 1; tick <= 100; tick++) inputs.advance(tick);
  const verdicts = [50, 50, 51, 52, 53, 54].map((tick) => inputs.receive(tick, [tick, true], 101));
  expect(verdicts).toEqual(["late", "repeated", "late", "late", "repeated", "repeated"]);
  const fires = [101, 102, 103, 104].map((tick) => {
    inputs.advance(tick);
    return inputs.current.fire;
  });
  expect(fires).toEqual([true, true, true, false]);
});

test("[INQ-11] where more presses wait than fit, the newest act together", () => {
  const late = new LateInputs(layout.inputs, "apply", 2);
  for (const tick of [1, 2]) late.add(tick, [0, true]);
  late.takeNewest();
  late.add(3, [0, true]);
  const FIRE = 1;
  expect([late.takePress(FIRE), late.takePress(FIRE), late.takePress(FIRE)]).toEqual([1, 2, undefined]);
});
