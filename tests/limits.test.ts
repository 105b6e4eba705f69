import { describe, expect, test } from "vitest";
import { defineRoom } from "../server/room/define-room.ts";
import { ClientFrame } from "../shared/protocol/frames.ts";
import { type Hosted, host, NOTHING_LEFT } from "./server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers, SAY } from "./server-kit/probe-game.ts";

const ADA = { remoteAddress: "192.0.2.1" };
const BOB = { remoteAddress: "192.0.2.2" };

/** Every `limited` event of a server. */
function hitsOf({ server }: Hosted): string[] {
  const hits: string[] = [];
  server.bus.on("limited", ({ limit, address }) => hits.push(`${limit} ${address}`));
  return hits;
}

describe("[LIM-20] whoever hits a limit is told so, and so is the bus", () => {
  test("messages: rate-limited, and nobody else notices", async () => {
    const hosted = await host([probeRoom], { limits: { messagesPerSecond: 20, burstSeconds: 1 } });
    const hits = hitsOf(hosted);
    const ada = await hosted.join("/probe", probeGame);
    const bob = await hosted.join("/probe", probeGame);
    for (let n = 0; n < 30; n++) ada.send([ClientFrame.ping, n]);
    await hosted.ticks(2);
    expect(ada.ended).toMatchObject({ code: 4203, name: "rate-limited" });
    expect(ada.of("pong").length).toBeLessThan(21);
    expect(bob.ended).toBeUndefined();
    expect(bob.tick).toBe(hosted.room().tick);
    expect(hits).toEqual(["messagesPerSecond 127.0.0.1"]);
  });

  test("bytes: rate-limited", async () => {
    const hosted = await host([probeRoom], {
      limits: { maxMessageBytes: 1_000, bytesPerSecond: 1_000, burstSeconds: 2 },
    });
    const hits = hitsOf(hosted);
    const ada = await hosted.connect("/probe");
    for (let n = 0; n < 3; n++) ada.send([ClientFrame.ping, 1, "x".repeat(900)]);
    await hosted.clock.settle();
    expect(ada.ended?.name).toBe("rate-limited");
    expect(hits).toEqual(["bytesPerSecond 127.0.0.1"]);
  });

  test("calls that wait: rate-limited", async () => {
    const hosted = await host([probeRoom], { limits: { maxWaitingCalls: 3 } });
    const hits = hitsOf(hosted);
    const ada = await hosted.join("/probe", probeGame);
    for (let n = 0; n < 4; n++) ada.message(SAY, { text: "hi" });
    await hosted.clock.settle();
    expect(ada.ended?.name).toBe("rate-limited");
    expect(hits).toEqual(["maxWaitingCalls 127.0.0.1"]);
  });

  test("connections of one address: 429; of another none", async () => {
    const hosted = await host([probeRoom], { limits: { maxConnectionsPerAddress: 2 } });
    const hits = hitsOf(hosted);
    const first = await hosted.connect("/probe", ADA);
    await hosted.connect("/probe", ADA);
    expect((await hosted.connect("/probe", ADA)).refusedWith).toBe(429);
    expect((await hosted.connect("/probe", BOB)).refusedWith).toBeUndefined();
    first.socket.cut();
    await hosted.clock.settle();
    expect((await hosted.connect("/probe", ADA)).refusedWith).toBeUndefined();
    expect(hits).toEqual(["maxConnectionsPerAddress 192.0.2.1"]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("connections that greet: 429, until one has greeted or its time is over", async () => {
    const hosted = await host([probeRoom], { limits: { maxGreetingsPerAddress: 2, greetingMs: 1_000 } });
    const hits = hitsOf(hosted);
    const first = await hosted.connect("/probe", ADA);
    const second = await hosted.connect("/probe", ADA);
    expect((await hosted.connect("/probe", ADA)).refusedWith).toBe(429);
    first.hello(probeGame);
    await hosted.clock.settle();
    expect((await hosted.connect("/probe", ADA)).refusedWith).toBeUndefined();
    await hosted.run(1_000);
    expect(second.ended?.name).toBe("greeting-timeout");
    expect((await hosted.connect("/probe", ADA)).refusedWith).toBeUndefined();
    expect(hits).toEqual(["maxGreetingsPerAddress 192.0.2.1", "greetingMs 192.0.2.1"]);
  });

  test("connections of the whole server: 503", async () => {
    const hosted = await host([probeRoom], { limits: { maxConnections: 1 } });
    const hits = hitsOf(hosted);
    await hosted.connect("/probe", ADA);
    expect((await hosted.connect("/probe", BOB)).refusedWith).toBe(503);
    expect(hits).toEqual(["maxConnections 192.0.2.2"]);
  });

  test("joins of one address: rate-limited, with what it is about", async () => {
    const hosted = await host([probeRoom], { limits: { joinsPerAddressPerSecond: 1, burstSeconds: 2 } });
    const hits = hitsOf(hosted);
    const ends = [];
    for (let n = 0; n < 3; n++) {
      const client = await hosted.connect("/probe", ADA);
      client.hello(probeGame);
      await hosted.clock.settle();
      ends.push(client.ended);
    }
    expect(ends.map((end) => end?.name)).toEqual([undefined, undefined, "rate-limited"]);
    expect(ends[2]?.reason).toContain("join from this address");
    expect(hits).toEqual(["joinsPerAddressPerSecond 192.0.2.1"]);
  });

  test("rooms that joins make: rate-limited; a room that is there may be joined", async () => {
    const rooms = [defineRoom(probe, { ...quietHandlers, maxPlayers: 1, emptyForMs: 60_000 })];
    const hosted = await host(rooms, { limits: { roomsPerAddressPerMinute: 2 } });
    const hits = hitsOf(hosted);
    const greet = async (from: typeof ADA) => {
      const client = await hosted.connect("/probe", from);
      client.hello(probeGame);
      await hosted.ticks(1);
      return client;
    };
    const [first] = [await greet(ADA), await greet(ADA)];
    const third = await greet(ADA);
    expect(third.ended).toMatchObject({ code: 4203, name: "rate-limited" });
    expect(third.ended?.reason).toContain("rooms were made from this address");
    expect((await greet(BOB)).ended).toBeUndefined();
    first.leave();
    await hosted.ticks(2);
    expect((await greet(ADA)).ended).toBeUndefined();
    expect(hits).toEqual(["roomsPerAddressPerMinute 192.0.2.1"]);
  });

  test("requests and rooms over HTTP: 429 with Retry-After", async () => {
    const hosted = await host([probeRoom], {
      limits: {
        requestsPerAddressPerSecond: 2,
        burstSeconds: 2,
        roomsPerAddressPerMinute: 1,
        loopback: "limited",
        bytesPerSecond: 64 * 1024,
      },
    });
    const hits = hitsOf(hosted);
    const order = () => hosted.request("/rooms", { method: "POST", body: '{ "game": "probe" }' });
    expect((await order()).status).toBe(201);
    const refused = await order();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(await refused.json()).toMatchObject({ error: { code: "rate-limited" } });
    await hosted.request("/rooms");
    await hosted.request("/rooms");
    const late = await hosted.request("/health");
    expect(late.status).toBe(429);
    expect(late.headers.get("retry-after")).toBe("1");
    expect(hits).toEqual(["roomsPerAddressPerMinute 127.0.0.1", "requestsPerAddressPerSecond 127.0.0.1"]);
  });

  test("a message and a body that are too large, rooms that are too many, calls that fail", async () => {
    const hosted = await host([probeRoom], { limits: { maxRooms: 1, maxFailingCalls: 1 } });
    const hits = hitsOf(hosted);
    const ada = await hosted.join("/probe", probeGame);
    ada.message(SAY, { text: 5 });
    await hosted.ticks(2);
    expect(ada.ended?.name).toBe("too-many-errors");
    const bob = await hosted.join("/probe", probeGame);
    bob.sendBytes(new Uint8Array(20_000));
    await hosted.clock.settle();
    expect(bob.ended?.code).toBe(1009);
    const cyd = await hosted.join("/probe", probeGame);
    hosted.room().facade.lock();
    const dan = await hosted.greet("/probe", probeGame);
    expect([cyd.ended, dan.ended?.name]).toEqual([undefined, "server-busy"]);
    expect((await hosted.request("/rooms", { method: "POST", body: "x".repeat(70_000) })).status).toBe(413);
    expect(hits).toEqual(
      ["maxFailingCalls", "maxMessageBytes", "maxRooms", "maxBodyBytes"].map((limit) => `${limit} 127.0.0.1`),
    );
  });

  test("who does not read: too-slow", async () => {
    const hosted = await host([probeRoom], { limits: { maxStalledMs: 1_000 } });
    const hits = hitsOf(hosted);
    const ada = await hosted.join("/probe", probeGame);
    ada.acknowledges = false;
    await hosted.run(5_000);
    expect(ada.ended?.name).toBe("too-slow");
    expect(hits).toEqual(["maxStalledMs 127.0.0.1"]);
  });
});

test("[LIM-21] a room whose every tick takes longer than its period is closed, and its players are told", async () => {
  let hosted: Hosted | undefined;
  hosted = await host([defineRoom(probe, { ...quietHandlers, tick: () => void hosted?.clock.block(60) })], {
    limits: { maxOverrunMs: 2_000 },
  });
  const told: unknown[] = [];
  hosted.server.bus.on("roomOverran", (event) => told.push(event));
  const ada = await hosted.greet("/probe", probeGame);
  await hosted.run(3_000);
  expect(told).toEqual([
    { room: { id: "r1", game: "probe" }, tick: expect.any(Number), tickMs: 60, periodMs: 50 },
  ]);
  expect(ada.ended).toMatchObject({ code: 4105, name: "room-overloaded" });
  expect(hosted.roomIds).toEqual([]);
  expect(await hosted.stop()).toEqual(NOTHING_LEFT);
});
