import { isIPv4 } from "node:net";
import { expect, test } from "vitest";
import { sourceAddresses } from "./addresses.ts";

test("[DRL-9] addresses to come from are of this machine, and all different", () => {
  const addresses = sourceAddresses(1_000);
  expect(new Set(addresses).size).toBe(1_000);
  expect(addresses.every((address) => isIPv4(address) && address.startsWith("127.1."))).toBe(true);
  expect(() => sourceAddresses(100_000)).toThrow(RangeError);
});
