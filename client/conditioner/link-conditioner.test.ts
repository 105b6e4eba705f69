import { afterEach, expect, test } from "vitest";
import { ManualClock, TestServer } from "../../tests/kit/index.ts";
import { probe, probeRoom } from "../../tests/server-kit/probe-game.ts";
import type { SocketListener } from "../socket.ts";
import { LinkConditioner } from "./link-conditioner.ts";

const PERIOD_MS = 1_000 / probe.spec.tickRate;

let server: TestServer | undefined;
afterEach(async () => {
  expect(server?.errors ?? []).toEqual([]);
  await server?.stop();
  server = undefined;
});

async function join(conditioner: LinkConditioner) {
  server = await TestServer.start({ rooms: [probeRoom] });
  const began = server.clock.now();
  const { room } = await server.connect(probe, "/probe", { name: "Ada" }, { conditioner });
  return { server, room, tookMs: server.clock.now() - began };
}

/** A socket on a clock, to a server that is told what is sent and sends what it is told to. */
function socketOn(clock: ManualClock, conditioner: LinkConditioner) {
  const told: string[] = [];
  const sent: string[] = [];
  let peer: SocketListener | undefined;
  const note = (what: string): void => void told.push(`${clock.now()}: ${what}`);
  const socket = conditioner.condition((url, listener) => {
    peer = listener;
    sent.push(`${clock.now()}: open ${url}`);
    clock.after(0, () => listener.opened());
    return {
      send: (bytes) => void sent.push(`${clock.now()}: ${bytes.join(" ")}`),
      close: (code) => void sent.push(`${clock.now()}: close ${code ?? ""}`.trimEnd()),
      bufferedBytes: 5,
    };
  }, clock)("ws://x/y", {
    opened: () => note("opened"),
    received: (bytes) => note(bytes.join(" ")),
    closed: (code, reason) => note(`closed ${code} ${reason}`.trimEnd()),
  });
  return {
    socket,
    told,
    sent,
    peer: (): SocketListener => {
      if (peer === undefined) throw new Error("the socket has not been opened");
      return peer;
    },
  };
}

test("[CON-1] a game is joined, played and left through it, later by what the conditions say", async () => {
  const { tookMs } = await join(new LinkConditioner());
  await server?.stop();
  const slow = await join(new LinkConditioner({ latencyMs: 60 }));
  // A round trip for the handshake, one for the greeting; the rest is the tick's.
  expect(slow.tookMs - tookMs).toBeGreaterThanOrEqual(4 * 60 - 50);
  expect(slow.tookMs - tookMs).toBeLessThanOrEqual(4 * 60 + 50);

  const { room } = slow;
  const at = room.tick;
  room.input({ move: 3, fire: true });
  await slow.server.run(20 * PERIOD_MS);
  expect(room.tick).toBe(at + 20);
  expect(room.me).toMatchObject({ name: "Ada", shots: 1 });
  expect(room.me?.x).toBeGreaterThan(20);
  expect(room.statistics.rttMs).toBeGreaterThanOrEqual(120);
  expect(room.statistics).toMatchObject({ ticksMissed: 0, resyncs: 0 });
  const left = room.leave();
  await slow.server.clock.run(200);
  await left;
  expect(room.connection).toMatchObject({ state: "closed", close: { name: "left" } });
});

test("[CON-2] [CON-5] what is sent arrives in order at its time, by the conditions of when it was sent, the close last", () => {
  const clock = new ManualClock();
  const conditioner = new LinkConditioner({ latencyMs: 10 });
  const { socket, told, sent, peer } = socketOn(clock, conditioner);
  clock.advance(30);
  socket.send(Uint8Array.of(1));
  conditioner.change({ latencyMs: 100 });
  socket.send(Uint8Array.of(2));
  peer().received(Uint8Array.of(7));
  expect(socket.bufferedBytes).toBe(7);
  clock.advance(20);
  conditioner.change({ latencyMs: 0 });
  // Sooner sent, sooner there: nothing overtakes.
  socket.send(Uint8Array.of(3));
  socket.close(4500, "bye");
  clock.advance(100);
  peer().closed(4500, "bye");
  clock.advance(0);
  socket.send(Uint8Array.of(4));
  clock.advance(1_000);
  expect(sent).toEqual(["10: open ws://x/y", "40: 1", "130: 2", "130: 3", "130: close 4500"]);
  expect(told).toEqual(["20: opened", "130: 7", "150: closed 4500 bye"]);
  expect([socket.bufferedBytes, clock.pending]).toEqual([0, 0]);
});

test("[CON-2] where the platform forbids a connection, that is told like a connection that failed", () => {
  const clock = new ManualClock();
  const told: unknown[] = [];
  const openSocket = (): never => {
    throw new Error("insecure");
  };
  new LinkConditioner({ latencyMs: 5 }).condition(openSocket, clock)("ws://x", {
    opened: () => told.push("opened"),
    received: () => told.push("received"),
    closed: (...how) => told.push(how),
  });
  expect(told).toEqual([]);
  clock.advance(10);
  expect(told).toEqual([[1006, "insecure"]]);
});

test("[CON-2] a perfect network adds no task, and nothing overtakes what is still on its way through a bad one", () => {
  const clock = new ManualClock();
  const conditioner = new LinkConditioner();
  const { socket, told, sent, peer } = socketOn(clock, conditioner);
  clock.advance(0);
  socket.send(Uint8Array.of(1));
  peer().received(Uint8Array.of(11));
  expect([sent.at(-1), told.at(-1), clock.pending]).toEqual(["0: 1", "0: 11", 0]);
  conditioner.change({ latencyMs: 50 });
  socket.send(Uint8Array.of(2));
  conditioner.change({ latencyMs: 0 });
  socket.send(Uint8Array.of(3));
  expect(sent.at(-1)).toBe("0: 1");
  clock.advance(50);
  expect(sent.slice(-2)).toEqual(["50: 2", "50: 3"]);
  socket.send(Uint8Array.of(4));
  expect(sent.at(-1)).toBe("50: 4");
});

test("[CON-3] a stall holds both ways back, then everything comes in order", () => {
  const clock = new ManualClock();
  const conditioner = new LinkConditioner();
  const { socket, told, sent, peer } = socketOn(clock, conditioner);
  clock.advance(0);
  conditioner.stall(400);
  for (const item of [1, 2]) {
    socket.send(Uint8Array.of(item));
    peer().received(Uint8Array.of(item + 10));
    clock.advance(100);
  }
  expect([sent, told]).toEqual([["0: open ws://x/y"], ["0: opened"]]);
  clock.advance(200);
  expect(sent).toEqual(["0: open ws://x/y", "400: 1", "400: 2"]);
  expect(told).toEqual(["0: opened", "400: 11", "400: 12"]);
});

test("[CON-3] a game under stalls misses no tick", async () => {
  const { server, room } = await join(
    new LinkConditioner({ latencyMs: 40, jitterMs: 30, stallEveryMs: 2_000, stallForMs: 400 }),
  );
  const gaps: number[] = [];
  let before = server.clock.now();
  room.onTick(() => {
    gaps.push(server.clock.now() - before);
    before = server.clock.now();
  });
  await server.run(200 * PERIOD_MS);
  expect(room.statistics.ticksMissed).toBe(0);
  const stalls = gaps.filter((ms) => ms > 250).length;
  expect(stalls).toBeGreaterThanOrEqual(4);
  expect(stalls).toBeLessThanOrEqual(6);
});

test("[CON-4] a cut loses what is on its way, is told in a task of its own and once, and ends the socket below", () => {
  const clock = new ManualClock();
  const conditioner = new LinkConditioner({ latencyMs: 10 });
  const { socket, told, sent, peer } = socketOn(clock, conditioner);
  clock.advance(20);
  socket.send(Uint8Array.of(1));
  peer().received(Uint8Array.of(9));
  conditioner.cut();
  conditioner.cut();
  expect(told).toEqual(["20: opened"]);
  peer().closed(1005, "");
  clock.advance(1_000);
  expect(told).toEqual(["20: opened", "20: closed 1006 the conditioner cut the connection"]);
  expect(sent).toEqual(["10: open ws://x/y", "20: close"]);
  expect(clock.pending).toBe(0);
});

test("[CON-4] a player who is cut again and again returns to their seat, and every message comes once", async () => {
  const graceful = { ...probeRoom, config: { ...probeRoom.config, graceMs: 10_000 } };
  server = await TestServer.start({ rooms: [graceful] });
  const conditioner = new LinkConditioner({ latencyMs: 20, cutEveryMs: 1_500 });
  const { room } = await server.connect(probe, "/probe", { name: "Ada" }, { conditioner });
  const { room: bob } = await server.connect(probe, "/probe", { name: "Bob" });
  const heard: string[] = [];
  let returns = 0;
  bob.on("said", ({ text }) => heard.push(text));
  room.onConnection(({ state }) => {
    if (state === "joined") returns += 1;
  });
  const said = Array.from({ length: 40 }, (_, index) => `${index}`);
  for (const text of said) {
    room.send("say", { text });
    await server.run(5 * PERIOD_MS);
  }
  conditioner.change({ cutEveryMs: Number.POSITIVE_INFINITY });
  await server.run(100 * PERIOD_MS);
  expect(heard).toEqual(said);
  expect(returns).toBeGreaterThanOrEqual(3);
  expect(room.connection.state).toBe("joined");
});

test("[CON-6] equal seeds give equal networks, other seeds others", () => {
  const play = (seed: number): readonly string[] => {
    const clock = new ManualClock();
    const { socket, told, sent } = socketOn(
      clock,
      new LinkConditioner({ latencyMs: 5, jitterMs: 40 }, { seed }),
    );
    clock.advance(100);
    for (let item = 0; item < 10; item++) {
      socket.send(Uint8Array.of(item));
      clock.advance(60);
    }
    return [...told, ...sent];
  };
  expect(play(1)).toEqual(play(1));
  expect(play(1)).not.toEqual(play(2));
});

test("[CON-5] [LNK-18] conditions that no network can have change nothing", () => {
  const conditioner = new LinkConditioner({ latencyMs: 5 });
  expect(() => conditioner.change({ latencyMs: 7, jitterMs: -1 })).toThrow("jitterMs is -1");
  expect(conditioner.conditions.latencyMs).toBe(5);
  expect(() => new LinkConditioner({ cutEveryMs: 0 })).toThrow("cutEveryMs is 0");
});
