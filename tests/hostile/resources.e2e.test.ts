import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { defineRoom } from "../../server/room/define-room.ts";
import { defineGame, record, u8 } from "../../shared/game.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { framesOf, hello, joinRaw, lastTickOf, sendFrame } from "../server-kit/raw-player.ts";
import { RawSocket, upgradeRequest, wsFrame } from "../server-kit/raw-socket.ts";

const limits = {
  loopback: "limited",
  stallAfterMs: 400,
  stallAtMostMs: 500,
  maxStalledMs: 400,
  roomsPerAddressPerMinute: 20,
  maxRooms: 15,
} as const;

/** A game whose code fails in the way that its room is asked for. */
const faulty = defineGame({ name: "faulty", tickRate: 20, state: { match: record({ round: u8 }) } });
const failing = { tick: 3 };
const faultyRoom = defineRoom(faulty, {
  graceMs: 0,
  tick(room) {
    if (room.tick === failing.tick) throw new Error("the game's own mistake");
  },
});
const rejecting = defineGame({ name: "rejecting", tickRate: 20, state: { match: record({ round: u8 }) } });
const rejectingRoom = defineRoom(rejecting, {
  graceMs: 0,
  tick: (async () => {
    throw new Error("a promise that nobody waits for");
  }) as unknown as () => undefined,
});

let besieged: Besieged;
beforeAll(async () => {
  besieged = await Besieged.start(limits, [faultyRoom, rejectingRoom]);
});
afterEach(async () => expect(await besieged.afterwards()).toEqual(UNHARMED));
afterAll(async () => expect(await besieged.stop()).toBeLessThanOrEqual(0));

const path = () => `/probe/${besieged.roomId}`;
const post = () =>
  fetch(`http://127.0.0.1:${besieged.port}/rooms`, { method: "POST", body: '{ "game": "probe" }' });

describe("[HOS-13] who does not read is paused and closed, and costs nobody else anything", () => {
  test("one that reads and acknowledges nothing: 4202", async () => {
    const raw = await joinRaw(besieged.port, path());
    raw.socket.pause();
    await untilTrue(() => besieged.ends.includes("too-slow"));
    raw.socket.resume();
    await raw.untilEnded();
    expect(raw.closeCode).toBe(4202);
    expect(framesOf(raw, "pause")).toHaveLength(1);
    expect(besieged.limited).toContain("maxStalledMs");
  });

  test("thirty at once", async () => {
    const before = besieged.ends.filter((name) => name === "too-slow").length;
    const slow = await Promise.all(Array.from({ length: 30 }, () => joinRaw(besieged.port, path())));
    for (const raw of slow) raw.socket.pause();
    await untilTrue(
      () => besieged.ends.filter((name) => name === "too-slow").length === before + slow.length,
    );
    for (const raw of slow) raw.destroy();
  });

  test("one that does not read, and floods with pings: 4203, and the pongs have a bound", async () => {
    const raw = await joinRaw(besieged.port, path());
    raw.socket.pause();
    const pings = Buffer.concat(
      Array.from({ length: 5_000 }, () => wsFrame({ payload: encode([ClientFrame.ping, 1]) })),
    );
    raw.write(pings);
    await untilTrue(() => besieged.ends.includes("rate-limited"));
    raw.destroy();
  });
});

describe("[HOS-15] game code that fails closes its room, and no other", () => {
  test.each([
    ["throws", "faulty", faulty.hash, 4103],
    ["rejects", "rejecting", rejecting.hash, 4103],
  ])("%s: 4103", async (_, name, hash, code) => {
    const raw = await RawSocket.open(besieged.port, `/${name}`);
    sendFrame(raw, [ClientFrame.hello, 1, hash]);
    await raw.untilEnded();
    expect(raw.closeCode).toBe(code);
    expect(besieged.faults.length).toBeGreaterThan(0);
    besieged.faults.length = 0;
  });
});

describe("[HOS-14] storms", () => {
  test("80 players who come and go at once, five times: no seat is left, and no room", async () => {
    for (let storm = 0; storm < 5; storm++) {
      const all = await Promise.all(Array.from({ length: 16 }, () => RawSocket.open(besieged.port, path())));
      for (const raw of all) sendFrame(raw, hello());
      const [first] = all;
      await first?.until(() => lastTickOf(first) > 0 || first.ended);
      for (const raw of all) raw.socket.resetAndDestroy();
    }
  });

  test("joins beyond the rate: 4203", async () => {
    const strict = await Besieged.start({
      loopback: "limited",
      joinsPerAddressPerSecond: 2,
      burstSeconds: 5,
    });
    const ends = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const raw = await RawSocket.open(strict.port, "/probe/nowhere");
        sendFrame(raw, hello());
        await raw.untilEnded();
        return raw.closeCode;
      }),
    );
    expect(new Set(ends)).toEqual(new Set([4604, 4203]));
    expect(ends.filter((code) => code === 4203).length).toBeGreaterThan(25);
    expect(strict.limited).toContain("joinsPerAddressPerSecond");
    expect(await strict.afterwards()).toEqual(UNHARMED);
    await strict.stop();
  });

  test("rooms beyond the process: 503; beyond the rate: 429; both say when to try again", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, post));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 503, 429]));
    expect(statuses.filter((status) => status === 201)).toHaveLength(limits.maxRooms - 1);
    for (const { status, headers } of answers)
      if (status !== 201) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(besieged.limited).toContain("roomsPerAddressPerMinute");
    for (const answer of answers) {
      if (answer.status !== 201) continue;
      const { path: own } = (await answer.json()) as { path: string };
      // A room that is ordered waits for its first player; then it goes with that one.
      const raw = await RawSocket.open(besieged.port, own);
      sendFrame(raw, hello());
      await raw.until(() => lastTickOf(raw) > 0 || raw.ended);
      raw.destroy();
    }
  });

  test("requests beyond the rate: 429 with Retry-After, on one connection or many", async () => {
    const strict = await Besieged.start({ loopback: "limited", requestsPerAddressPerSecond: 10 });
    const raw = new RawSocket(strict.port);
    raw.write("GET /rooms HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200));
    await raw.until(() => (raw.body.match(/HTTP\/1\.1/g) ?? []).length === 199);
    expect((raw.body.match(/HTTP\/1\.1 429/g) ?? []).length).toBeGreaterThan(100);
    expect(raw.body.toLowerCase()).toContain("retry-after: 1");
    raw.destroy();
    const others = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${strict.port}/rooms`)),
    );
    expect(others.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
    expect(strict.limited).toContain("requestsPerAddressPerSecond");
    expect(await strict.afterwards()).toEqual(UNHARMED);
    await strict.stop();
  });

  test("connections that are opened, upgraded and reset as fast as can be", async () => {
    for (let n = 0; n < 100; n++) {
      const raw = new RawSocket(besieged.port);
      raw.write(upgradeRequest(path()));
      await raw.until(() => raw.head !== "" || raw.ended);
      raw.write(wsFrame({ payload: encode(hello()).slice() }));
      if (n % 2 === 0) raw.socket.resetAndDestroy();
      else raw.socket.end();
    }
  });
});

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
