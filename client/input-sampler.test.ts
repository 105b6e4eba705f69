import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientFrame } from "../shared/protocol/frames.ts";
import { gameLayout } from "../shared/state/game-layout.ts";
import { duel, FIRST, frames, sitDown } from "../tests/client-kit/duel.ts";
import { InputSampler, leadTicks } from "./input-sampler.ts";

/** 20 ticks a second: a heartbeat is three ticks. */
const sampler = () => {
  const inputs = new InputSampler(gameLayout(duel.description).inputs, 20);
  return {
    set: (values: Readonly<Record<string, unknown>>) => inputs.set(values),
    /** As when `tick` has closed: what is to be sent for the tick that comes, or `lead` ticks later. */
    sample: (tick: number, lead: number) => inputs.sample(tick, tick + 1 + lead, tick).frame,
    values: (tick: number) => inputs.sample(tick, tick, tick).values,
  };
};

const RIGHT = 0;
const UP = Math.PI / 2;

describe("what is sent", () => {
  test("[INP-1] a player who does nothing sends nothing", () => {
    const inputs = sampler();
    for (let tick = 1; tick < 100; tick++) expect(inputs.sample(tick, 0)).toBeUndefined();
    inputs.set({ move: undefined, fire: false });
    expect(inputs.sample(100, 0)).toBeUndefined();
  });

  test("[INP-2] a change is sent once, with the whole input, for the tick after the one that was seen", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    expect(inputs.sample(5, 0)).toEqual([ClientFrame.input, 6, 5, 64, false]);
    expect(inputs.sample(6, 0)).toBeUndefined();
  });

  test("[INP-2] named parts change, the others stay; of two changes between samples the last counts", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    inputs.set({ move: RIGHT });
    inputs.set({ fire: true });
    expect(inputs.sample(1, 0)?.slice(3)).toEqual([0, true]);
  });

  test("[INP-2] a change that is taken back before the sample is none", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    inputs.set({ move: undefined });
    expect(inputs.sample(1, 0)).toBeUndefined();
  });

  test("[INP-3] what stands is repeated every 150 ms, counted in ticks, and not once it is neutral", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    const sentAt: number[] = [];
    for (let tick = 1; tick <= 10; tick++) if (inputs.sample(tick, 0)) sentAt.push(tick);
    expect(sentAt).toEqual([1, 4, 7, 10]);
    inputs.set({ move: undefined });
    expect(inputs.sample(11, 0)?.slice(3)).toEqual([null, false]);
    for (let tick = 12; tick < 30; tick++) expect(inputs.sample(tick, 0)).toBeUndefined();
  });

  test("[INP-3] a heartbeat is due by the number of the tick, also where ticks were spanned", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    inputs.sample(1, 0);
    expect(inputs.sample(2, 0)).toBeUndefined();
    expect(inputs.sample(9, 0)?.slice(3)).toEqual([64, false]);
  });

  test("[INP-4] presses add up between samples and are in exactly one input", () => {
    const inputs = sampler();
    inputs.set({ fire: true });
    inputs.set({ fire: false });
    inputs.set({ fire: true });
    expect(inputs.sample(1, 0)?.slice(3)).toEqual([null, true]);
    expect(inputs.sample(2, 0)).toBeUndefined();
    inputs.set({ move: UP });
    expect(inputs.sample(3, 0)?.slice(3)).toEqual([64, false]);
  });

  test("[INP-4] a press in every tick is sent in every tick", () => {
    const inputs = sampler();
    for (let tick = 1; tick < 10; tick++) {
      inputs.set({ fire: true });
      expect(inputs.sample(tick, 0)?.slice(3)).toEqual([null, true]);
    }
  });
});

test("[INP-2] a sample has the whole input, sent or not", () => {
  const inputs = sampler();
  expect(inputs.values(1)).toEqual([null, false]);
  inputs.set({ move: UP, fire: true });
  expect(inputs.values(2)).toEqual([64, true]);
  expect(inputs.values(3)).toEqual([64, false]);
});

describe("which tick it is for", () => {
  test("[INP-5] the lead is the round trip in whole ticks, rounded up, at most 20", () => {
    expect(leadTicks(undefined, 50)).toBe(0);
    expect(leadTicks(1, 50)).toBe(1);
    expect(leadTicks(50, 50)).toBe(1);
    expect(leadTicks(50.1, 50)).toBe(2);
    expect(leadTicks(60_000, 50)).toBe(20);
    const inputs = sampler();
    inputs.set({ fire: true });
    expect(inputs.sample(10, 3)?.slice(0, 3)).toEqual([ClientFrame.input, 14, 10]);
  });

  test("[INP-5] no two inputs are for the same tick, also where the lead shrinks", () => {
    const inputs = sampler();
    const addresses: unknown[] = [];
    for (const [tick, lead] of [
      [1, 5],
      [2, 0],
      [3, 0],
      [20, 0],
    ] as const) {
      inputs.set({ fire: true });
      addresses.push(inputs.sample(tick, lead)?.[1]);
    }
    expect(addresses).toEqual([7, undefined, 8, 21]);
  });

  test("[INP-8] a lead that is too long shrinks by a tick in two, though the input changes in each; no press is lost", () => {
    const inputs = sampler();
    const leads: number[] = [];
    let presses = 0;
    for (let tick = 1; tick <= 60; tick++) {
      inputs.set({ move: tick / 10, fire: tick % 4 === 0 });
      const frame = inputs.sample(tick, tick <= 10 ? 10 : 1);
      if (frame) leads.push(frame[1] - tick - 1);
      if (frame?.[4]) presses += 1;
    }
    expect(leads.slice(0, 10)).toEqual(Array(10).fill(10));
    expect(leads.slice(10, 19)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(leads.slice(19)).toEqual(Array(32).fill(1));
    expect(presses).toBe(15);
  });

  test("[INP-8] what is held goes out a tick later at the most", () => {
    const inputs = sampler();
    inputs.set({ move: UP });
    inputs.sample(1, 10);
    inputs.set({ move: RIGHT });
    expect([inputs.sample(2, 0), inputs.sample(3, 0)?.slice(1)]).toEqual([undefined, [13, 3, 0, false]]);
  });

  test("[INP-5] the lead follows the measured round trip", async () => {
    const { clock, server, room, tick } = await sitDown({ startMs: 1_000 });
    clock.advance(120);
    server.send(frames.pong(1_000, 77));
    room.input({ fire: true });
    tick();
    expect(server.take("input")).toEqual([[ClientFrame.input, FIRST + 1 + 1 + 3, FIRST + 1, null, true]]);
  });
});

describe("wrong values", () => {
  test("[INP-6] a value that the input cannot hold throws at the call and changes nothing", async () => {
    const { server, room, tick } = await sitDown();
    expect(() => room.input({ fire: true, move: Number.NaN })).toThrow(
      new TypeError('input "move": NaN is no angle'),
    );
    expect(() => room.input({ fire: "yes" as unknown as boolean })).toThrow('input "fire": "yes" is no bool');
    expect(() => room.input({ jump: true } as object)).toThrow(
      new RangeError('the game has no input "jump"'),
    );
    tick();
    expect(server.take("input")).toEqual([]);
  });
});

const action = fc.record({
  move: fc.option(fc.option(fc.double({ noNaN: true, min: -20, max: 20 }), { nil: undefined }), {
    nil: "keep",
  }),
  presses: fc.nat(2),
  lead: fc.nat(4),
});

test("[INP-7] by its inputs the server knows what the player holds, a tick later at the most, and every press", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const inputs = sampler();
      let held: number | null = null;
      let server: unknown = null;
      let heardAt = 0;
      let address = 0;
      let behind = 0;
      let pressed = 0;
      let heard = 0;
      actions.forEach(({ move, presses, lead }, index) => {
        const tick = index + 1;
        if (move !== "keep") {
          inputs.set({ move: move as number });
          held =
            move === undefined
              ? null
              : ((Math.round(((move as number) / (2 * Math.PI)) * 256) % 256) + 256) % 256;
        }
        for (let press = 0; press < presses; press++) inputs.set({ fire: true });
        const frame = inputs.sample(tick, lead);
        // 250 ms of silence make the input neutral: five ticks.
        if (tick - heardAt >= 5) server = null;
        if (frame !== undefined) {
          expect(frame[1]).toBeGreaterThan(address);
          expect(frame[1]).toBeGreaterThan(tick);
          address = frame[1];
          heardAt = tick;
          server = frame[3];
        }
        if (presses > 0) pressed += 1;
        if (frame?.[4]) heard += 1;
        behind = server === held ? 0 : behind + 1;
        expect(behind).toBeLessThanOrEqual(1);
      });
      for (let tick = actions.length + 1; tick <= actions.length + 60; tick++)
        if (inputs.sample(tick, 0)?.[4]) heard += 1;
      expect(heard).toBe(pressed);
    }),
    { seed: 11, numRuns: 300 },
  );
});
