import { expect, test } from "vitest";
import { remoteAddressText } from "./remote-address.ts";

const zeros = (count: number) => new Array<number>(count).fill(0);

test.each<[text: string, what: string, bytes: number[]]>([
  ["192.0.2.7", "IPv4", [192, 0, 2, 7]],
  ["192.0.2.7", "IPv4 on a dual-stack socket", [...zeros(10), 0xff, 0xff, 192, 0, 2, 7]],
  ["::1", "IPv6", [...zeros(15), 1]],
  ["2001:db8::5:0:0:1", "IPv6", [0x20, 0x01, 0x0d, 0xb8, ...zeros(5), 5, ...zeros(5), 1]],
  ["unknown", "a socket that is gone", []],
])("an address has one spelling: %s, %s", (text, _, bytes) => {
  expect(remoteAddressText(new Uint8Array(bytes).buffer)).toBe(text);
});
