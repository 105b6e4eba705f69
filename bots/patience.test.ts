import { expect, test } from "vitest";
import { networkConditions, perfectNetwork } from "../shared/link/network-conditions.ts";
import { patienceMs } from "./patience.ts";

test("[BOT-18] a tick may be late by a second when the run ends, and by what the network holds", () => {
  const slow = { latencyMs: 75, jitterMs: 30, stallEveryMs: 5_000, stallForMs: 400 };
  expect(patienceMs(perfectNetwork)).toBe(1_000);
  expect(patienceMs(networkConditions(slow))).toBe(1_505);
});

test("[BOT-18] behind a network that is narrow or cuts connections no tick is known to be the server's fault", () => {
  expect(patienceMs(networkConditions({ cutEveryMs: 30_000 }))).toBe(Number.POSITIVE_INFINITY);
  expect(patienceMs(networkConditions({ bytesPerSecond: 10_000 }))).toBe(Number.POSITIVE_INFINITY);
});
