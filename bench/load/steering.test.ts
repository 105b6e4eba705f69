import { describe, expect, test } from "vitest";
import { SteeringScript } from "../scenarios/steering-script.ts";
import { Steering } from "./steering.ts";

const FIRST_TICK = 100;

/** Everything that is sent while the time goes from before the first tick on, in steps of a fraction of one. */
function sentUntil(until: number, step: number, clients = 10) {
  const script = new SteeringScript({ clients, hz: 20 });
  const sent: { client: number; tick: number; heading: number; at: number }[] = [];
  let now = 0;
  const steering = new Steering(script, FIRST_TICK, (client) => ({
    steer: (tick, heading) => void sent.push({ client, tick, heading, at: now }),
  }));
  for (now = FIRST_TICK - 5; now <= until; now += step) steering.sendUntil(now);
  return { script, sent };
}

describe("steering", () => {
  test("[BEN-26] sends what the script says for each tick, nothing else, and each input once", () => {
    const { script, sent } = sentUntil(FIRST_TICK + 38, 0.1);
    const meant: unknown[] = [];
    for (let tick = 0; tick < 36; tick++)
      for (let client = 0; client < 10; client++) {
        const change = script.changeAt(client, tick);
        if (change !== undefined) meant.push([client, FIRST_TICK + tick, script.headingOf(client, change)]);
      }
    const told = sent.filter(({ tick }) => tick < FIRST_TICK + 36);
    expect(told.map(({ client, tick, heading }) => [client, tick, heading])).toEqual(meant);
    expect(meant.length).toBe(10 * 9);
  });

  test("[BEN-26] each goes one to two ticks before its own, however rarely it is looked", () => {
    for (const step of [0.05, 0.3])
      for (const { tick, at } of sentUntil(FIRST_TICK + 30, step).sent) {
        expect(tick - at).toBeGreaterThan(1 - step);
        expect(tick - at).toBeLessThanOrEqual(2);
      }
  });

  test("[BEN-26] what could not be sent in time is made up for", () => {
    const told = (step: number) =>
      sentUntil(FIRST_TICK + 20, step).sent.map(({ client, tick }) => [client, tick]);
    expect(told(12.5)).toEqual(told(0.5));
  });
});
