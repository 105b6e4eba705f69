import { expect, test } from "vitest";
import { defaultLimits } from "../../server/limits.ts";
import { EMPTY_FOR_MS, http, MAX_ROOMS } from "../scenarios/http.ts";
import { endpoints, MIN_CONNECTIONS, ROOMS_MADE_PER_SECOND } from "./endpoints.ts";

test("[BEN-17] the endpoints share the connections, and each has one at least", () => {
  for (const connections of [MIN_CONNECTIONS, 4, 50, 1000]) {
    const shares = endpoints(connections, "http").map((endpoint) => endpoint.connections);
    expect(shares.reduce((sum, share) => sum + share)).toBe(connections);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(1);
  }
});

test("[BEN-17] rooms are made so slowly that a server has place for them, and in private", () => {
  const [making, ...others] = endpoints(50, "http").filter(({ method }) => method === "POST");
  expect([making?.ratePerSecond, others]).toEqual([ROOMS_MADE_PER_SECOND, []]);
  expect(JSON.parse(making?.body ?? "")).toEqual({ game: "http", visibility: "private" });
  expect(http.room(http.hz, 4).config.emptyForMs).toBe(EMPTY_FOR_MS);
  const atOnce = ROOMS_MADE_PER_SECOND * (EMPTY_FOR_MS / 1000 + 1);
  expect(MAX_ROOMS + atOnce).toBeLessThan(defaultLimits.maxRooms);
});
