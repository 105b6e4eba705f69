import { expect, test } from "vitest";
import type { TransportLimits } from "./transport.ts";
import { defaultTransportLimits, validTransportLimits } from "./transport-limits.ts";

test("a limit that is not given has its default", () => {
  expect(validTransportLimits({ maxBodyBytes: 5 })).toEqual({ ...defaultTransportLimits, maxBodyBytes: 5 });
});

test.each<Partial<TransportLimits>>([
  { maxMessageBytes: 0 },
  { maxMessageBytes: 1.5 },
  { maxBodyBytes: -1 },
  { maxBufferedBytes: 0 },
  { maxBufferedBytes: Number.NaN },
  { idleTimeoutSeconds: 7 },
  { idleTimeoutSeconds: 961 },
])("a limit out of its range is named: %j", (limits) => {
  const [name = ""] = Object.keys(limits);
  expect(() => validTransportLimits(limits)).toThrow(RangeError);
  expect(() => validTransportLimits(limits)).toThrow(`${name} is`);
});
