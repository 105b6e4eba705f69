import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineGame, held, i16, optional, pressed, record, text, u8 } from "../../shared/game.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { InputQueue, type InputQueueOptions } from "./input-queue.ts";

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

const neutral = { move: 0, fire: false };

describe("[INQ-1] an input acts in exactly the tick that it names", () => {
  test("not before, and its held part stands until the next", () => {
    const inputs = queue();
    expect(inputs.receive(3, [7, false], 1)).toBe("queued");
    expect(inputs.receive(5, [9, false], 1)).toBe("queued");
    const moves = [1, 2, 3, 4, 5, 6].map((tick) => {
      expect(inputs.advance(tick)).toBeUndefined();
      return inputs.current.move;
    });
    expect(moves).toEqual([0, 0, 7, 7, 9, 9]);
  });

  test("whatever the order in which inputs for ticks to come arrive", () => {
    const inputs = queue();
    for (const tick of [4, 2, 3]) expect(inputs.receive(tick, [tick, false], 1)).toBe("queued");
    const moves = [1, 2, 3, 4].map((tick) => {
      inputs.advance(tick);
      return inputs.current.move;
    });
    expect(moves).toEqual([0, 2, 3, 4]);
  });

  test("`current` is one object for the whole stay: the author may keep it", () => {
    const inputs = queue();
    const { current } = inputs;
    inputs.receive(1, [7, true], 1);
    inputs.advance(1);
    expect(inputs.current).toBe(current);
    expect(current).toEqual({ move: 7, fire: true });
  });

  test("before the first input everything is neutral", () => {
    const inputs = queue();
    expect(inputs.current).toEqual(neutral);
    inputs.advance(1);
    expect(inputs.current).toEqual(neutral);
  });
});

describe("[INQ-2] a press acts in one tick alone", () => {
  test("the held part goes on, the press does not", () => {
    const inputs = queue();
    inputs.receive(1, [7, true], 1);
    inputs.advance(1);
    expect(inputs.current).toEqual({ move: 7, fire: true });
    inputs.advance(2);
    expect(inputs.current).toEqual({ move: 7, fire: false });
  });

  test("[INQ-6] an input that comes again while it waits is ignored, whatever it says the second time", () => {
    const inputs = queue();
    inputs.receive(2, [7, true], 1);
    expect(inputs.receive(2, [8, false], 1)).toBe("repeated");
    inputs.advance(1);
    inputs.advance(2);
    expect(inputs.current).toEqual({ move: 7, fire: true });
  });

  test("[INQ-6] an input that comes again after its tick is ignored: its press does not act twice", () => {
    const inputs = queue();
    inputs.receive(1, [7, true], 1);
    inputs.advance(1);
    expect(inputs.receive(1, [7, true], 2)).toBe("repeated");
    expect(inputs.advance(2)).toBeUndefined();
    expect(inputs.current).toEqual({ move: 7, fire: false });
  });

  test("[INQ-6] an input older than one that acted is ignored: the newer one stands", () => {
    const inputs = queue();
    inputs.receive(4, [7, false], 1);
    for (const tick of [1, 2, 3, 4]) inputs.advance(tick);
    expect(inputs.receive(3, [-7, true], 5)).toBe("repeated");
    inputs.advance(5);
    expect(inputs.current).toEqual({ move: 7, fire: false });
  });

  test("[INQ-6] nor does a late input act again", () => {
    const inputs = queue();
    for (const tick of [1, 2, 3]) inputs.advance(tick);
    expect(inputs.receive(2, [7, true], 4)).toBe("late");
    inputs.advance(4);
    expect(inputs.current.fire).toBe(true);
    expect(inputs.receive(2, [7, true], 5)).toBe("repeated");
    inputs.advance(5);
    expect(inputs.current.fire).toBe(false);
  });
});

describe("[INQ-3] what comes too late takes effect in the next tick, and that is told", () => {
  test("held part and press", () => {
    const inputs = queue();
    for (const tick of [1, 2, 3]) inputs.advance(tick);
    expect(inputs.receive(3, [7, true], 4)).toBe("late");
    expect(inputs.advance(4)).toEqual([{ inputTick: 3, appliedTick: 4 }]);
    expect(inputs.current).toEqual({ move: 7, fire: true });
    expect(inputs.advance(5)).toBeUndefined();
    expect(inputs.current).toEqual({ move: 7, fire: false });
  });

  test("[INQ-4] a game may drop late presses; the held part acts, and both is told alike", () => {
    const inputs = queue({ latePresses: "drop" });
    inputs.advance(1);
    inputs.receive(1, [7, true], 2);
    expect(inputs.advance(2)).toEqual([{ inputTick: 1, appliedTick: 2 }]);
    expect(inputs.current).toEqual({ move: 7, fire: false });
  });

  test("of several late ones the newest is held, every press counts; both are named", () => {
    const inputs = queue();
    for (const tick of [1, 2, 3, 4]) inputs.advance(tick);
    inputs.receive(2, [2, true], 5);
    inputs.receive(4, [4, false], 5);
    inputs.receive(3, [3, false], 5);
    expect(inputs.advance(5)).toEqual([
      { inputTick: 2, appliedTick: 5 },
      { inputTick: 4, appliedTick: 5 },
    ]);
    expect(inputs.current).toEqual({ move: 4, fire: true });
  });

  test("the input of the tick itself is held before a late one, whose press still acts", () => {
    const inputs = queue();
    for (const tick of [1, 2]) inputs.advance(tick);
    inputs.receive(3, [3, false], 3);
    inputs.receive(2, [2, true], 3);
    expect(inputs.advance(3)).toEqual([{ inputTick: 2, appliedTick: 3 }]);
    expect(inputs.current).toEqual({ move: 3, fire: true });
  });
});

describe("[INQ-5] an input too far ahead is ignored", () => {
  test("the limit is the lead", () => {
    const inputs = queue();
    expect(inputs.receive(10 + LEAD, [7, true], 10)).toBe("too-far");
    expect(inputs.receive(10 + LEAD - 1, [7, true], 10)).toBe("queued");
  });

  test("it does not count as a sign of life either", () => {
    const inputs = queue();
    inputs.receive(1, [7, false], 1);
    inputs.advance(1);
    for (let tick = 2; tick <= SILENCE + 1; tick++) {
      inputs.receive(tick + LEAD, [7, false], tick);
      inputs.advance(tick);
    }
    expect(inputs.current).toEqual(neutral);
  });
});

describe("[INQ-7] an input that the definition does not allow is malformed", () => {
  for (const values of [
    [],
    [7],
    [7, true, 1],
    ["7", true],
    [7, 1],
    [null, true],
    [70_000, true],
    [0.5, true],
  ])
    test(JSON.stringify(values), () => {
      const inputs = queue();
      expect(inputs.receive(1, values, 1)).toBe("malformed");
      inputs.advance(1);
      expect(inputs.current).toEqual(neutral);
    });
});

describe("[INQ-8] silence neutralises", () => {
  test("after so many ticks without an input, and a new one ends it", () => {
    const inputs = queue();
    inputs.receive(1, [7, false], 1);
    const moves: unknown[] = [];
    for (let tick = 1; tick <= SILENCE + 2; tick++) {
      inputs.advance(tick);
      moves.push(inputs.current.move);
    }
    expect(moves).toEqual([7, 7, 7, 7, 7, 0, 0]);
    inputs.receive(SILENCE + 3, [8, false], SILENCE + 3);
    inputs.advance(SILENCE + 3);
    expect(inputs.current.move).toBe(8);
  });

  test("a repetition of what stands is a sign of life", () => {
    const inputs = queue();
    for (let tick = 1; tick <= 4 * SILENCE; tick++) {
      if (tick % 3 === 1) inputs.receive(tick, [7, false], tick);
      inputs.advance(tick);
      expect(inputs.current.move).toBe(7);
    }
  });

  test("never while an input waits for its tick", () => {
    const inputs = queue();
    inputs.receive(1, [7, false], 1);
    inputs.receive(30, [8, false], 1);
    for (let tick = 1; tick < 30; tick++) {
      inputs.advance(tick);
      expect(inputs.current.move).toBe(7);
    }
    inputs.advance(30);
    expect(inputs.current.move).toBe(8);
  });

  test("every kind of input has its neutral value", () => {
    const spec = {
      name: "kinds",
      tickRate: 20,
      state: { match: record({ round: u8 }) },
      input: { aim: held(i16, "optional"), name: held(text(4)), maybe: held(optional(u8)), jump: pressed() },
    };
    const inputs = new InputQueue(gameLayout(defineGame(spec).description), {
      maxLeadTicks: LEAD,
      silenceTicks: SILENCE,
      latePresses: "apply",
    });
    const none = { aim: undefined, name: "", maybe: undefined, jump: false };
    expect(inputs.current).toEqual(none);
    expect(inputs.receive(1, [5, "abc", 3, true], 1)).toBe("queued");
    inputs.advance(1);
    expect(inputs.current).toEqual({ aim: 5, name: "abc", maybe: 3, jump: true });
    for (let tick = 2; tick <= SILENCE + 1; tick++) inputs.advance(tick);
    expect(inputs.current).toEqual(none);
  });
});

/** What arrives: an input for a tick, some ticks before or after it would be due. */
const arrivals = fc.array(
  fc.record({ tick: fc.integer({ min: 1, max: 40 }), arrivesBefore: fc.integer({ min: 1, max: 45 }) }),
  { maxLength: 60 },
);

describe("[INQ-9] for any order of arrival", () => {
  for (const latePresses of ["apply", "drop"] as const)
    test(`a press is seen in at most one tick, never before its own (${latePresses})`, () => {
      fc.assert(
        fc.property(arrivals, fc.integer({ min: 1, max: 40 }), (inputs, pressedTick) => {
          const seen = run(inputs, latePresses, ({ tick }) => [tick, tick === pressedTick]);
          const fired = seen.filter(({ fire }) => fire === true);
          expect(fired.length).toBeLessThanOrEqual(1);
          for (const { at } of fired) expect(at).toBeGreaterThanOrEqual(pressedTick);
          const inTime = inputs.find(({ tick }) => tick === pressedTick);
          if (inTime !== undefined && inTime.arrivesBefore <= pressedTick)
            expect(fired.map(({ at }) => at)).toEqual([pressedTick]);
        }),
        { seed: 20, numRuns: 300 },
      );
    });

  test("what is held never goes back to an older input", () => {
    fc.assert(
      fc.property(arrivals, (inputs) => {
        const moves = run(inputs, "apply", ({ tick }) => [tick, false])
          .map(({ move }) => move as number)
          .filter((move) => move !== 0);
        expect(moves).toEqual(moves.toSorted((a, b) => a - b));
      }),
      { seed: 21, numRuns: 300 },
    );
  });

  interface Arriving {
    readonly tick: number;
    /** The tick before whose step it comes. */
    readonly arrivesBefore: number;
  }

  function run(
    inputs: readonly Arriving[],
    latePresses: "apply" | "drop",
    values: (input: Arriving) => readonly Wire[],
  ) {
    const subject = queue({ latePresses, maxLeadTicks: 100 });
    const seen: { readonly at: number; readonly move: unknown; readonly fire: unknown }[] = [];
    for (let next = 1; next <= 46; next++) {
      for (const input of inputs)
        if (input.arrivesBefore === next) subject.receive(input.tick, values(input), next);
      subject.advance(next);
      seen.push({ at: next, move: subject.current.move, fire: subject.current.fire });
    }
    return seen;
  }
});
