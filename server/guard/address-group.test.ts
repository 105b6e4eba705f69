import { expect, test } from "vitest";
import { addressGroup, isLoopback } from "./address-group.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["unknown", "unknown"],
  ["::1", "::1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:db8::6", "2001:db8:0:0::/64"],
  ["::2", "0:0:0:0::/64"],
  ["fe80::", "fe80:0:0:0::/64"],
  ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
])("[LIM-11] %s counts as %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test.each([
  ["127.0.0.1", true],
  ["127.3.2.1", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["10.127.0.0", false],
  ["2001:db8::1", false],
  ["unknown", false],
])("[LIM-12] whether %s is this machine: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
