import { describe, expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";

const from = (name: string, value: string) => (asked: string) => (asked === name ? value : "");
const xff = (value: string) => from("x-forwarded-for", value);
const forwarded = (value: string) => from("forwarded", value);

describe("[OPS-31] trusted proxies, and nobody else, are believed about whom they speak for", () => {
  const trusting = clientAddress(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

  for (const [what, peer, header, client] of [
    ["no header", "10.0.0.1", "", "10.0.0.1"],
    ["one proxy", "10.0.0.1", "192.0.2.7", "192.0.2.7"],
    ["two proxies", "10.0.0.1", "192.0.2.7, 10.2.0.1", "192.0.2.7"],
    [
      "what the client itself forged stands before its address",
      "10.0.0.1",
      "1.2.3.4, 192.0.2.7",
      "192.0.2.7",
    ],
    ["a peer that is no proxy", "192.0.2.9", "1.2.3.4", "192.0.2.9"],
    ["a chain of nothing but proxies", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["a word in place of an address", "10.0.0.1", "unknown", "10.0.0.1"],
    ["nonsense", "10.0.0.1", "192.0.2.7, ;;<script>", "10.0.0.1"],
    ["half an address", "10.0.0.1", "10.1", "10.0.0.1"],
    ["with a port", "127.0.0.1", "192.0.2.7:5566", "192.0.2.7"],
    ["IPv6, in its shortest form", "fd00::1", "2001:DB8:0:0::1", "2001:db8::1"],
    ["IPv4 inside IPv6", "10.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"],
    ["a socket that is gone", "unknown", "192.0.2.7", "unknown"],
  ] as const)
    test(what, () => {
      expect(trusting(peer, xff(header))).toBe(client);
    });

  for (const [what, header, client] of [
    ["one", "for=192.0.2.7;proto=https;by=10.0.0.1", "192.0.2.7"],
    ["two, with quotes and ports", 'for="[2001:db8::7]:99", For="10.0.0.4:80"', "2001:db8::7"],
    ["a hidden one", "for=_hidden", "10.0.0.1"],
  ] as const)
    test(`Forwarded: ${what}`, () => {
      expect(clientAddress(["10.0.0.0/8"], "forwarded")("10.0.0.1", forwarded(header))).toBe(client);
    });

  test("the other header is not read: a proxy passes on what a client wrote there", () => {
    expect(trusting("10.0.0.1", forwarded("for=1.2.3.4"))).toBe("10.0.0.1");
    expect(clientAddress(["10.0.0.0/8"], "forwarded")("10.0.0.1", xff("1.2.3.4"))).toBe("10.0.0.1");
  });

  for (const wrong of ["10.0.0.0/33", "proxy", "", "10.0.0/8"])
    test(`${JSON.stringify(wrong)} is no address, which is told at the start`, () => {
      expect(() => clientAddress([wrong])).toThrow(
        `trustedProxies has ${JSON.stringify(wrong)}; it must be an address or a range such as "10.0.0.0/8"`,
      );
    });
});
