import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { SystemClock } from "../shared/platform/system-clock.ts";
import { decodeTrusted, encode } from "../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../shared/protocol/frames.ts";
import { duel, FIRST, firstRows, frames, ROOM } from "../tests/client-kit/duel.ts";
import { openBrowserSocket } from "./browser-socket.ts";
import { LinkConditioner } from "./conditioner/link-conditioner.ts";
import { ConnectError } from "./connect-error.ts";
import { connect } from "./node.ts";
import { openNodeSocket } from "./node-socket.ts";

// What a browser calls WebSocket: `ws` has the same interface, but for an error that nobody listens to.
vi.stubGlobal(
  "WebSocket",
  class extends WebSocket {
    constructor(url: string) {
      super(url);
      this.on("error", () => {});
    }
  },
);

const conditioner = new LinkConditioner({ latencyMs: 2, jitterMs: 4, bytesPerSecond: 100_000 });
const servers: WebSocketServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

const listen = async (options: ServerOptions = {}) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
  servers.push(server);
  await once(server, "listening");
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/duel` };
};

/** What a socket tells, in order; `until` waits for so many. */
const record = () => {
  const told: unknown[] = [];
  let wake = () => {};
  const tell = (what: unknown) => {
    told.push(what);
    wake();
  };
  const until = async (count: number) => {
    while (told.length < count)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return told;
  };
  const listener = {
    opened: () => tell("opened"),
    received: (bytes: Uint8Array) => tell(new Uint8Array(bytes)),
    closed: (code: number, reason: string) => tell([code, reason]),
  };
  return { listener, until };
};

describe.each([
  ["node-socket", openNodeSocket],
  ["browser-socket", openBrowserSocket],
  ["node-socket through a conditioner", conditioner.condition(openNodeSocket, new SystemClock())],
])("%s", (_, openSocket) => {
  test("[CLI-25] binary frames go both ways in order, and the close comes last", async () => {
    const { server, url } = await listen();
    server.on("connection", (peer) => {
      peer.on("message", (data: Buffer) => {
        peer.send(data);
        if (data[0] === 4) peer.close(4100, "restart");
      });
    });
    const { listener, until } = record();
    const socket = openSocket(url, listener);
    expect(await until(1)).toEqual(["opened"]);
    socket.send(Uint8Array.of(1, 2, 3));
    socket.send(Uint8Array.of(4));
    expect(await until(4)).toEqual(["opened", Uint8Array.of(1, 2, 3), Uint8Array.of(4), [4100, "restart"]]);
    expect(socket.bufferedBytes).toBe(0);
    socket.send(Uint8Array.of(5));
    socket.close();
  });

  test("[CLI-25] a close reaches the server with its code and reason", async () => {
    const { server, url } = await listen();
    const closed = once(server, "connection").then(async ([peer]) => once(peer as WebSocket, "close"));
    const { listener, until } = record();
    const socket = openSocket(url, listener);
    await until(1);
    socket.close(4500, "bye");
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4500, "bye"]);
    expect((await until(2)).at(-1)).toEqual([4500, "bye"]);
  });

  test("[CLI-11] a text frame ends the connection as a bad frame", async () => {
    const { server, url } = await listen();
    server.on("connection", (peer) => peer.send("hello"));
    const { listener, until } = record();
    openSocket(url, listener);
    expect(await until(2)).toEqual(["opened", [4702, "a text frame"]]);
  });

  test("[CLI-25] a socket that is closed before it opened says so once", async () => {
    const { url } = await listen();
    const { listener, until } = record();
    openSocket(url, listener).close();
    expect(await until(1)).toEqual([[1006, expect.any(String)]]);
  });
});

test.each([
  ["node-socket", openNodeSocket],
  ["browser-socket", openBrowserSocket],
])("[CLO-6] %s throws for a code that is not a client's to say", async (_, openSocket) => {
  const { url } = await listen();
  const { listener, until } = record();
  const socket = openSocket(url, listener);
  await until(1);
  expect(() => socket.close(1006, "broken")).toThrow();
  socket.close();
});

test("[CLI-25] Node's sockets offer no compression", async () => {
  const { server, url } = await listen({ perMessageDeflate: true });
  const connected = once(server, "connection");
  openNodeSocket(url, record().listener);
  const [peer] = (await connected) as [WebSocket];
  expect(peer.extensions).toBe("");
});

test("[CLI-5] a game is joined and left over a real socket", async () => {
  const { server, url } = await listen();
  const said: (readonly unknown[])[] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const frame = decodeTrusted(data) as readonly unknown[];
      said.push(frame);
      if (frame[0] === ClientFrame.leave) socket.close(4500, "bye");
      if (frame[0] !== ClientFrame.hello) return;
      for (const answer of [frames.welcome(), frames.keyframe(FIRST, ROOM, firstRows), frames.tickEnd(FIRST)])
        socket.send(encode(answer));
    });
  });
  const room = await connect(duel, url.replace("ws:", "http:"));
  expect(room.me?.name).toBe("Ada");
  await room.leave();
  expect(room.connection).toMatchObject({ state: "closed", close: { name: "left" }, message: "bye" });
  expect(said[0]).toEqual([ClientFrame.hello, PROTOCOL_VERSION, duel.hash, null]);
  expect(said.map(([type]) => type)).toEqual([ClientFrame.hello, ClientFrame.ping, ClientFrame.leave]);
});

test("[CLI-6] on Node a server that is not there rejects with the system's error", async () => {
  const { server, url } = await listen();
  server.close();
  await once(server, "close");
  const error = await connect(duel, url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({
    close: { name: "abnormal" },
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("[CLI-6] on Node a refused handshake tells its HTTP status", async () => {
  const { url } = await listen({ verifyClient: (_info, answer) => answer(false, 403) });
  await expect(connect(duel, url)).rejects.toThrow("403");
});
