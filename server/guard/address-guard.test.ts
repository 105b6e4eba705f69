import { describe, expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { Bus } from "../bus.ts";
import { defaultLimits, type ServerLimits } from "../limits.ts";
import { AddressGuard } from "./address-guard.ts";

const ADA = "192.0.2.1";
const BOB = "192.0.2.2";

function guarding(limits: Partial<ServerLimits>) {
  const clock = new ManualClock();
  const bus = new Bus();
  const told: string[] = [];
  bus.on("limited", ({ limit, address, count }) => told.push(`${limit} ${address} ${count}`));
  return { clock, told, guard: new AddressGuard({ clock, bus, limits: { ...defaultLimits, ...limits } }) };
}

const statusOf = (guard: AddressGuard, address: string): number => {
  const verdict = guard.handshake(address);
  if (verdict.verdict === "accept") return 101;
  expect(verdict.retryAfterSeconds).toBeGreaterThan(0);
  expect(verdict.reason).toMatch(/^[A-Z].*\.$/);
  return verdict.status;
};

describe("[LIM-13] an address has so many connections, greetings and silent connections, and no more", () => {
  test("connections", () => {
    const { guard, told } = guarding({ maxConnectionsPerAddress: 2 });
    const first = guard.open(ADA);
    guard.open(ADA);
    expect(statusOf(guard, ADA)).toBe(429);
    expect(statusOf(guard, BOB)).toBe(101);
    first.gone();
    first.gone();
    expect(statusOf(guard, ADA)).toBe(101);
    guard.open(ADA);
    expect(statusOf(guard, ADA)).toBe(429);
    expect(told[0]).toBe(`maxConnectionsPerAddress ${ADA} 1`);
  });

  test("those that greet", () => {
    const { guard, told } = guarding({ maxGreetingsPerAddress: 2 });
    const first = guard.open(ADA);
    const second = guard.open(ADA);
    expect(statusOf(guard, ADA)).toBe(429);
    first.greeted();
    first.greeted();
    expect(statusOf(guard, ADA)).toBe(101);
    guard.open(ADA);
    expect(statusOf(guard, ADA)).toBe(429);
    first.gone();
    expect(statusOf(guard, ADA)).toBe(429);
    second.gone();
    expect(statusOf(guard, ADA)).toBe(101);
    expect(told[0]).toBe(`maxGreetingsPerAddress ${ADA} 1`);
  });

  test("those that are silent, until they ask for something or half a minute has passed", () => {
    const { guard, told, clock } = guarding({ maxHalfOpenPerAddress: 2 });
    expect([1, 2, 3].map(() => guard.connecting(ADA))).toEqual([true, true, false]);
    expect(guard.connecting(BOB)).toBe(true);
    guard.asked(ADA);
    guard.handshake(ADA);
    expect(guard.connecting(ADA)).toBe(true);
    expect(guard.connecting(ADA)).toBe(false);
    guard.request(ADA);
    expect(guard.connecting(ADA)).toBe(true);
    expect(guard.connecting(ADA)).toBe(false);
    clock.advance(32_001);
    expect(guard.connecting(ADA)).toBe(true);
    expect(told[0]).toBe(`maxHalfOpenPerAddress ${ADA} 1`);
  });

  test("of an IPv6 network of 64 bits all addresses count together", () => {
    const { guard } = guarding({ maxConnectionsPerAddress: 1 });
    guard.open("2001:db8:1:2::1");
    expect(statusOf(guard, "2001:db8:1:2::2")).toBe(429);
    expect(statusOf(guard, "2001:db8:1:3::1")).toBe(101);
  });
});

test("[LIM-14] the whole server has so many connections: more are answered with 503", () => {
  const { guard, told } = guarding({ maxConnections: 2 });
  const first = guard.open(ADA);
  guard.open(BOB);
  expect(guard.connections).toBe(2);
  for (const address of [ADA, "192.0.2.3", "127.0.0.1"]) expect(statusOf(guard, address)).toBe(503);
  first.gone();
  expect(statusOf(guard, "192.0.2.3")).toBe(101);
  expect(told).toEqual([
    `maxConnections ${ADA} 1`,
    "maxConnections 192.0.2.3 1",
    "maxConnections 127.0.0.1 1",
  ]);
});

describe("[LIM-15] an address joins, makes rooms and asks over HTTP at a rate", () => {
  test("requests: so many at once, then when it is told to come again", () => {
    const { guard, clock } = guarding({ requestsPerAddressPerSecond: 2, burstSeconds: 2 });
    expect([1, 2, 3, 4].map(() => guard.request(ADA))).toEqual([undefined, undefined, undefined, undefined]);
    expect(guard.request(ADA)).toBe(1);
    expect(guard.request(BOB)).toBeUndefined();
    clock.advance(1_000);
    expect(guard.request(ADA)).toBeUndefined();
  });

  test("rooms count together, however they are made", () => {
    const { guard, clock } = guarding({ roomsPerAddressPerMinute: 2 });
    const ada = guard.open(ADA);
    expect(guard.room(ADA)).toBeUndefined();
    expect(ada.mayMakeRoom()).toBe(true);
    expect(guard.room(ADA)).toBe(30);
    expect(ada.mayMakeRoom()).toBe(false);
    expect(guard.open(BOB).mayMakeRoom()).toBe(true);
    clock.advance(30_000);
    expect(ada.mayMakeRoom()).toBe(true);
  });

  test("joins of all its connections", () => {
    const { guard, clock } = guarding({ joinsPerAddressPerSecond: 1, burstSeconds: 2 });
    expect([1, 2, 3].map(() => guard.open(ADA).mayJoin())).toEqual([true, true, false]);
    clock.advance(1_000);
    expect(guard.open(ADA).mayJoin()).toBe(true);
  });
});

describe("[LIM-12] loopback, and no other address, is exempt from limits by address, unless it is told otherwise", () => {
  const one = {
    maxConnectionsPerAddress: 1,
    maxGreetingsPerAddress: 1,
    maxHalfOpenPerAddress: 1,
    joinsPerAddressPerSecond: 0.1,
    roomsPerAddressPerMinute: 1,
    requestsPerAddressPerSecond: 0.1,
  };
  test("an address of this machine's network", () => {
    const { guard } = guarding(one);
    expect([1, 2].map(() => guard.connecting("192.168.0.7"))).toEqual([true, false]);
  });
  for (const address of ["127.0.0.1", "127.8.9.10", "::1"])
    test.each([
      ["exempt", 5],
      ["limited", 1],
    ] as const)(`${address} where it is %s: %d of five`, (loopback, passing) => {
      const { guard, told } = guarding({ ...one, loopback });
      const five = (pass: () => boolean) => [1, 2, 3, 4, 5].filter(pass).length;
      expect(five(() => guard.connecting(address))).toBe(passing);
      expect(five(() => guard.request(address) === undefined)).toBe(passing);
      expect(five(() => guard.room(address) === undefined)).toBe(passing);
      const visitors = [1, 2, 3, 4, 5]
        .filter(() => statusOf(guard, address) === 101)
        .map(() => guard.open(address));
      // All five are asked before the first is open.
      expect(visitors).toHaveLength(5);
      expect(five(() => statusOf(guard, address) === 101)).toBe(loopback === "exempt" ? 5 : 0);
      expect(visitors.filter((visitor) => visitor.mayJoin())).toHaveLength(passing);
      expect(told.length === 0).toBe(loopback === "exempt");
    });
});

describe("[LIM-16] the bus is told of each hit, once a second for one address and limit", () => {
  test("the first at once, then how many there were since", () => {
    const { guard, clock, told } = guarding({});
    for (let n = 0; n < 5; n++) guard.hit("maxBodyBytes", ADA);
    guard.hit("maxBodyBytes", BOB);
    guard.hit("maxRooms", ADA);
    expect(told).toEqual([`maxBodyBytes ${ADA} 1`, `maxBodyBytes ${BOB} 1`, `maxRooms ${ADA} 1`]);
    clock.advance(1_000);
    guard.hit("maxBodyBytes", ADA);
    expect(told[3]).toBe(`maxBodyBytes ${ADA} 5`);
  });

  test("what nobody was told of is told when the address is forgotten", () => {
    const { guard, clock, told } = guarding({});
    guard.hit("maxBodyBytes", ADA);
    guard.hit("maxBodyBytes", ADA);
    clock.advance(10_000);
    guard.connecting(BOB);
    expect(told).toEqual([`maxBodyBytes ${ADA} 1`, `maxBodyBytes ${ADA} 1`]);
  });
});

test("[LIM-17] an address that is quiet is forgotten, with no timer; one that is there is not", () => {
  const { guard, clock } = guarding({});
  for (let n = 0; n < 1_000; n++) guard.request(`198.51.100.${n}`);
  const ada = guard.open(ADA);
  clock.advance(10_000);
  guard.request(BOB);
  expect(guard.size).toBe(2);
  ada.gone();
  clock.advance(10_000);
  guard.request("192.0.2.3");
  expect(guard.size).toBe(1);
  expect(clock.pending).toBe(0);
});

describe("[LIM-18] a connection sends messages and bytes at a rate", () => {
  test("so many messages at once, then as many as flow", () => {
    const { guard, clock } = guarding({ messagesPerSecond: 10, burstSeconds: 2 });
    const ada = guard.open(ADA);
    const exceeded = Array.from({ length: 21 }, () => ada.exceeded(1));
    expect(exceeded.filter((limit) => limit === undefined)).toHaveLength(20);
    expect(exceeded[20]).toBe("messagesPerSecond");
    expect(guard.open(ADA).exceeded(1)).toBeUndefined();
    clock.advance(100);
    expect(ada.exceeded(1)).toBeUndefined();
  });

  test("so many bytes", () => {
    const { guard, clock } = guarding({ bytesPerSecond: 1_000, burstSeconds: 5, maxMessageBytes: 5_000 });
    const ada = guard.open(ADA);
    expect(ada.exceeded(5_000)).toBeUndefined();
    expect(ada.exceeded(1)).toBe("bytesPerSecond");
    clock.advance(1_000);
    expect(ada.exceeded(1_000)).toBeUndefined();
  });
});
