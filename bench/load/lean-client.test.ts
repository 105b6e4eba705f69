import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { maskedFrame } from "./client-bytes.ts";
import { LeanClient } from "./lean-client.ts";

const hello = encode([0, 1, "hash", null]).slice();

let release: () => void = () => {};
afterEach(() => release());

/** A server of another make, and a lean client that has connected to it; `atOnce` is done before it has. */
async function connected(atOnce: (client: LeanClient) => void = () => {}) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const heard: string[] = [];
  const waiting: { said: string; resolve: () => void }[] = [];
  const say = (said: string): void => {
    heard.push(said);
    for (const waiter of waiting) if (waiter.said === said) waiter.resolve();
  };
  const client = new LeanClient(
    { host: "127.0.0.1", port, path: "/fanout?seed=1", hello, buffer: new Uint8Array(1024) },
    {
      welcomed: ([, , , epoch, clock]) => say(`welcome ${epoch} ${clock}`),
      ticked: (tick, previous) => say(`tick ${tick} after ${previous}`),
      paused: (tick) => {
        say(`paused behind ${tick}`);
        client.ready(tick);
      },
      lost: (why) => say(`lost: ${why}`),
    },
  );
  atOnce(client);
  release = () => {
    client.end();
    server.close();
  };
  const [socket, request] = (await once(server, "connection")) as [WebSocket, { url: string }];
  const until = (said: string): Promise<void> =>
    heard.includes(said) ? Promise.resolve() : new Promise((resolve) => waiting.push({ said, resolve }));
  return { client, socket, request, heard, until };
}

describe("LeanClient", () => {
  test("[BEN-4] greets first, is welcomed, and tells ticks with the one before", async () => {
    const { socket, request, heard, until } = await connected();
    const [first] = (await once(socket, "message")) as [Buffer];
    expect(request.url).toBe("/fanout?seed=1");
    expect(Uint8Array.from(first)).toEqual(Uint8Array.from(hello));
    socket.send(encode([ServerFrame.welcome, 0, 6, 1234.5, "clock", 1, 0, 1, "room", null]));
    socket.send(encode([ServerFrame.keyframe, 7, 0, [0, [1, 2, 3]]]));
    socket.send(encode([ServerFrame.tickEnd, 7, 6, "x".repeat(5000)]));
    socket.send(encode([ServerFrame.pong, 1, 2]));
    socket.send(encode([ServerFrame.tickEnd, 300, 7]));
    await until("tick 300 after 7");
    expect(heard).toEqual(["welcome 1234.5 clock", "tick 7 after 0", "tick 300 after 7"]);
  });

  test("[BEN-4] what is sent before the handshake is answered is left out", async () => {
    const { socket, until } = await connected((client) =>
      client.send(maskedFrame(2, encode([ClientFrame.ping, 1]), Uint8Array.of(1, 2, 3, 4))),
    );
    const [first] = (await once(socket, "message")) as [Buffer];
    expect(Uint8Array.from(first)).toEqual(Uint8Array.from(hello));
    socket.send(encode([ServerFrame.tickEnd, 7, 6]));
    await until("tick 7 after 0");
  });

  test("what it sends arrives, and a ping is answered with its own payload", async () => {
    const { client, socket } = await connected();
    await once(socket, "message");
    client.send(maskedFrame(2, Uint8Array.of(1, 2, 3), Uint8Array.of(9, 8, 7, 6)));
    const [bytes] = (await once(socket, "message")) as [Buffer];
    expect([...bytes]).toEqual([1, 2, 3]);
    socket.ping(Buffer.from("still there?"));
    const [payload] = (await once(socket, "pong")) as [Buffer];
    expect(payload.toString()).toBe("still there?");
  });

  test("[BEN-75] who stops reading hears nothing until it reads again, and then of its pause", async () => {
    const { client, socket, heard, until } = await connected();
    await once(socket, "message");
    client.stopReading();
    socket.send(encode([ServerFrame.tickEnd, 7, 6]));
    socket.send(encode([ServerFrame.pause, 7]));
    // A round trip on the same line: what was sent has arrived, and lies there.
    client.send(maskedFrame(2, Uint8Array.of(1), Uint8Array.of(9, 8, 7, 6)));
    await once(socket, "message");
    expect(heard).toEqual([]);
    client.readAgain();
    const [answer] = (await once(socket, "message")) as [Buffer];
    expect([...answer]).toEqual([...encode([ClientFrame.ready, 7])]);
    await until("paused behind 7");
    expect(heard).toEqual(["tick 7 after 0", "paused behind 7"]);
    expect(client.acknowledged).toBe(7);
  });

  test("[BEN-3] a text frame ends the connection, and nothing is told after", async () => {
    const { socket, heard, until } = await connected();
    socket.send("hello");
    socket.send(encode([ServerFrame.tickEnd, 1, 0]));
    await until("lost: the server sent a frame with opcode 1");
    await once(socket, "close");
    expect(heard).toEqual(["lost: the server sent a frame with opcode 1"]);
  });

  test("a close by the server is told with its code, a cut without one", async () => {
    const closing = await connected();
    closing.socket.close(4400, "gone");
    await closing.until("lost: the server closed with code 4400");
    release();
    const cut = await connected();
    cut.socket.terminate();
    await cut.until("lost: the connection ended without a close frame");
  });

  test("who ends it itself has not lost it", async () => {
    const { client, socket, heard } = await connected();
    client.end();
    await once(socket, "close");
    client.send(Uint8Array.of(1));
    expect(heard).toEqual([]);
  });
});
