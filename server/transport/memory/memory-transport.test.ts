import { describe, expect, test } from "vitest";
import { ManualClock } from "../../../tests/kit/manual-clock.ts";
import { MeteredTransport } from "../../metrics/metered-transport.ts";
import {
  type ContractHarness,
  type ContractPeer,
  ContractServer,
  contractLimits,
  frame,
} from "../contract/kit.contract.ts";
import { transportContract } from "../transport.contract.ts";
import type { Transport } from "../transport.ts";
import { MemoryTransport } from "./memory-transport.ts";

transportContract("MemoryTransport", () => makeHarness());
transportContract("MeteredTransport", () => makeHarness((transport) => new MeteredTransport(transport)));

function makeHarness(wrap: (transport: Transport) => Transport = (transport) => transport): ContractHarness {
  const clock = new ManualClock();
  const transport = new MemoryTransport({ clock, limits: contractLimits });
  return {
    transport: wrap(transport),
    async connect(path, options) {
      const [peer, opened] = connectPeer(transport, path, options);
      await clock.settle();
      expect(opened.length + peer.closed.length).toBeGreaterThan(0);
      return peer;
    },
    async request(path, init) {
      const response = transport.request(new Request(`http://localhost${path}`, init));
      await clock.settle();
      return response;
    },
    async until(condition) {
      // A condition may itself cause what it waits for, a few dozen times.
      for (let round = 0; round < 100; round++) {
        if (condition()) return;
        await clock.settle();
      }
      expect(condition()).toBe(true);
    },
  };
}

function connectPeer(
  transport: MemoryTransport,
  path: string,
  options: { readonly origin?: string } = {},
): [peer: ContractPeer, opened: true[]] {
  const seen = { received: [], closed: [], refused: [] } as Pick<
    ContractPeer,
    "received" | "closed" | "refused"
  >;
  const opened: true[] = [];
  const socket = transport.connect(
    path,
    {
      opened: () => void opened.push(true),
      received: (bytes) => void seen.received.push(new TextDecoder().decode(bytes)),
      refused: (status) => void seen.refused.push(status),
      closed: (code, reason) => void seen.closed.push({ code, reason }),
    },
    options,
  );
  const peer: ContractPeer = {
    ...seen,
    send: (bytes) => socket.send(bytes),
    sendText: (text) => socket.sendText(text),
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.cut(),
    pauseReading: () => socket.pauseReading(),
    resumeReading: () => socket.resumeReading(),
  };
  return [peer, opened];
}

describe("MemoryTransport", () => {
  async function listening() {
    const clock = new ManualClock();
    const server = new ContractServer();
    const transport = new MemoryTransport({ clock, limits: contractLimits });
    await transport.listen({ host: "memory", port: 0 }, server);
    const [peer] = connectPeer(transport, "/room");
    return { clock, server, transport, peer };
  }

  test("[TRN-40] nothing arrives before the clock runs its tasks, and never within a call", async () => {
    const { clock, server, transport, peer } = await listening();
    expect(server.seats).toEqual([]);
    await clock.settle();
    const { connection, log } = server.seat(0);
    connection.subscribe("room");
    transport.publish("room", frame("a"));
    peer.send(frame("b"));
    expect(peer.received).toEqual([]);
    expect(log).toEqual([]);
    await clock.settle();
    expect(peer.received).toEqual(["a"]);
    expect(log).toEqual(["message b"]);
  });

  test("[TRN-41] a connection counts no waiting bytes while its peer reads", async () => {
    const { clock, server, peer } = await listening();
    await clock.settle();
    const { connection } = server.seat(0);
    connection.send(frame("x", 500));
    expect(connection.bufferedBytes()).toBe(0);
    peer.pauseReading();
    connection.send(frame("y", 500));
    expect(connection.bufferedBytes()).toBe(1_000);
    await clock.settle();
    expect(peer.received).toEqual([]);
    peer.resumeReading();
    await clock.settle();
    expect(peer.received.map((text) => text[0])).toEqual(["x", "y"]);
    expect(server.seat(0).log).toEqual(["drained"]);
  });

  test("[TRN-42] a peer may not send before it is open", async () => {
    const { peer } = await listening();
    expect(() => peer.send(frame("x"))).toThrow("not open yet");
  });

  test("[TRN-42] a peer that gives up while it connects is told 1006, and the server never hears of it", async () => {
    const { clock, server, peer } = await listening();
    peer.close();
    await clock.settle();
    expect(peer.closed).toEqual([{ code: 1006, reason: "" }]);
    expect(server.seats).toEqual([]);
  });

  test("[TRN-43] a peer that is cut loses what it had not read, and both ends are told once", async () => {
    const { clock, server, peer } = await listening();
    await clock.settle();
    const { connection, log } = server.seat(0);
    peer.pauseReading();
    connection.send(frame("x"));
    peer.cut();
    peer.cut();
    connection.send(frame("y"));
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(peer.closed).toEqual([{ code: 1006, reason: "" }]);
    expect(log).toEqual(["closed 1006 "]);
  });

  test("[CLO-6] a peer that closes with a code that is not a client's to say is refused by a throw", async () => {
    const { clock, peer } = await listening();
    await clock.settle();
    expect(() => peer.close(1006, "broken")).toThrow(RangeError);
    expect(() => peer.close(1011, "")).toThrow(RangeError);
    expect(peer.closed).toEqual([]);
  });

  test("[TRN-43] where both ends close at once each is told once", async () => {
    const { clock, server, peer } = await listening();
    await clock.settle();
    const { connection, log } = server.seat(0);
    peer.close(1000, "mine");
    connection.end(4000, "yours");
    await clock.settle();
    expect(peer.closed).toEqual([{ code: 4000, reason: "yours" }]);
    expect(log).toEqual(["closed 4000 yours"]);
  });

  test("a close frame beyond the buffer's limit is lost, as with uWebSockets.js", async () => {
    const { clock, server, peer } = await listening();
    await clock.settle();
    const { connection } = server.seat(0);
    peer.pauseReading();
    connection.send(frame("x", contractLimits.maxBufferedBytes + 1));
    connection.end(4000, "bye");
    peer.resumeReading();
    await clock.settle();
    expect(peer.closed).toEqual([{ code: 1006, reason: "" }]);
  });

  test("a request where nobody listens rejects", async () => {
    const clock = new ManualClock();
    const transport = new MemoryTransport({ clock });
    const asked = transport.request(new Request("http://localhost/"));
    const rejected = expect(asked).rejects.toThrow("nobody listens");
    await clock.settle();
    await rejected;
  });
});
