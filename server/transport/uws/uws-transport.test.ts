import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  type ContractHarness,
  type ContractPeer,
  ContractServer,
  contractLimits,
  frame,
} from "../contract/kit.contract.ts";
import { transportContract } from "../transport.contract.ts";
import { ListenError, type Listening, type Transport, type TransportHandlers } from "../transport.ts";
import { UwsTransport } from "./uws-transport.ts";

transportContract("UwsTransport", () => {
  const transport = new UwsTransport(contractLimits);
  let at: Listening | undefined;
  const remembering: Transport = {
    listen: async (options, handlers) => {
      at = await transport.listen(options, handlers);
      return at;
    },
    publish: (topic, bytes) => transport.publish(topic, bytes),
    afterFlush: (callback) => transport.afterFlush(callback),
    stopListening: () => transport.stopListening(),
    close: () => transport.close(),
  };
  const harness: ContractHarness = {
    transport: remembering,
    connect: (path, options) => connectPeer(`ws://127.0.0.1:${at?.port}${path}`, options),
    request: (path, init) => fetch(`http://127.0.0.1:${at?.port}${path}`, init),
    until,
  };
  return harness;
});

/** Turns of the event loop until the condition holds; the test's own deadline ends what never comes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function connectPeer(
  url: string,
  { origin }: { readonly origin?: string } = {},
): Promise<ContractPeer> {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  const peer: ContractPeer = {
    received: [],
    closed: [],
    refused: [],
    send: (bytes) => socket.send(bytes),
    sendText: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
    pauseReading: () => socket.pause(),
    resumeReading: () => socket.resume(),
  };
  socket.on("message", (data: Buffer) => peer.received.push(data.toString()));
  socket.on("close", (code, reason) => peer.closed.push({ code, reason: reason.toString() }));
  socket.on("unexpected-response", (_request, response) => {
    peer.refused.push(response.statusCode ?? 0);
    socket.terminate();
  });
  // A refusal is an error, too; what matters of it is in `closed` and `refused`.
  socket.on("error", () => {});
  await until(() => socket.readyState === WebSocket.OPEN || peer.closed.length > 0);
  return peer;
}

async function listening(handlers: TransportHandlers = new ContractServer()) {
  const transport = new UwsTransport(contractLimits);
  onTestFinished(() => transport.close());
  const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, handlers);
  return { transport, port };
}

/** Sends bytes as they are and gives back everything that comes until the server closes or `enough` is seen. */
async function raw(port: number, text: string, enough: string): Promise<string> {
  const socket = connectTcp(port, "127.0.0.1");
  let answer = "";
  let ended = false;
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  socket.on("close", () => {
    ended = true;
  });
  socket.on("error", () => {});
  socket.write(text);
  await until(() => ended || answer.includes(enough));
  socket.destroy();
  return answer;
}

/** How many connections wait at each of the sockets that listen there, as Linux says. */
function acceptQueues(port: number): number[] {
  const LISTENS = "0A";
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = "", , state]) =>
        state === LISTENS && Number.parseInt(local.split(":")[1] ?? "", 16) === port,
    )
    .map(([, , , , queues = ""]) => Number.parseInt(queues.split(":")[1] ?? "", 16));
}

describe("UwsTransport", () => {
  test("[TRN-50] a port that is taken is refused with a sentence that names it and says what to do", async () => {
    const { port } = await listening();
    const second = new UwsTransport();
    const refused = second.listen({ host: "127.0.0.1", port }, new ContractServer());
    await expect(refused).rejects.toThrow(ListenError);
    await expect(refused).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is taken. Choose another with --port; 0 picks a free one.`,
    );
  });

  test("[TRN-50] a host that is no address of this machine is refused likewise", async () => {
    const transport = new UwsTransport();
    const refused = transport.listen({ host: "192.0.2.1", port: 0 }, new ContractServer());
    await expect(refused).rejects.toThrow(ListenError);
    await expect(refused).rejects.toThrow(
      "Cannot listen on 192.0.2.1:0: the host is no address of this machine",
    );
  });

  test.each([-1, 65_536, 1.5, Number.NaN])("[TRN-50] %s is no port", async (port) => {
    const refused = new UwsTransport().listen({ host: "127.0.0.1", port }, new ContractServer());
    await expect(refused).rejects.toThrow(ListenError);
  });

  // Other systems do not spread connections over the sockets of a port: there is one.
  test.skipIf(process.platform !== "linux")(
    "[TRN-53] a burst of connections finds room to wait in, more than one socket's backlog of 512",
    async () => {
      const { port } = await listening();
      const burst = Array.from({ length: 1_000 }, () => connectTcp(port, "127.0.0.1").on("error", () => {}));
      onTestFinished(() => {
        for (const socket of burst) socket.destroy();
      });
      // Node connects in ticks like this one: then the kernel has answered them all, and the server had no turn yet.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const waiting = acceptQueues(port);
      expect(waiting.length).toBeGreaterThan(1);
      expect(waiting.reduce((sum, length) => sum + length, 0)).toBe(burst.length);
    },
  );

  test("[TRN-50] a port is free again once its transport closed", async () => {
    const first = await listening();
    first.transport.close();
    const second = new UwsTransport();
    onTestFinished(() => second.close());
    const at = await second.listen({ host: "127.0.0.1", port: first.port }, new ContractServer());
    expect(at.port).toBe(first.port);
  });

  test("[TRN-51] transports of one process share no topics and close apart", async () => {
    const servers = [new ContractServer(), new ContractServer()] as const;
    const [one, two] = [await listening(servers[0]), await listening(servers[1])];
    const peers = [
      await connectPeer(`ws://127.0.0.1:${one.port}/`),
      await connectPeer(`ws://127.0.0.1:${two.port}/`),
    ] as const;
    for (const server of servers) server.seat(0).connection.subscribe("room");
    one.transport.publish("room", frame("one"));
    one.transport.afterFlush(() => one.transport.close());
    two.transport.publish("room", frame("two"));
    await until(() => peers[0].closed.length > 0 && peers[1].received.length > 0);
    two.transport.publish("room", frame("more"));
    await until(() => peers[1].received.length > 1);
    expect(peers.map((peer) => peer.received)).toEqual([["one"], ["two", "more"]]);
  });

  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  test.each([
    ["no Upgrade header", [key, "Sec-WebSocket-Version: 13"]],
    ["another Upgrade", ["Upgrade: h2c", key, "Sec-WebSocket-Version: 13"]],
    ["no version", ["Upgrade: websocket", key]],
    ["an old version", ["Upgrade: websocket", key, "Sec-WebSocket-Version: 8"]],
    ["no key", ["Upgrade: websocket", "Sec-WebSocket-Version: 13"]],
    ["a short key", ["Upgrade: websocket", "Sec-WebSocket-Key: abc", "Sec-WebSocket-Version: 13"]],
  ])("[TRN-52] a handshake with %s is answered with 426 and the version spoken", async (_, lines) => {
    const server = new ContractServer();
    const { port } = await listening(server);
    const head = ["GET / HTTP/1.1", "Host: x", "Connection: Upgrade", ...lines].join("\r\n");
    const answer = await raw(port, `${head}\r\n\r\n`, "\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
    expect(answer.toLowerCase()).toContain("sec-websocket-version: 13\r\n");
    expect(server.seats).toEqual([]);
  });

  test("[TRN-2] a refusal may say when to try again", async () => {
    const server = new ContractServer();
    server.verdict = () => ({ verdict: "refuse", status: 503, reason: "Busy", retryAfterSeconds: 7 });
    const { port } = await listening(server);
    const head = ["GET / HTTP/1.1", "Host: x", "Upgrade: websocket", key, "Sec-WebSocket-Version: 13"];
    const answer = await raw(port, `${head.join("\r\n")}\r\n\r\n`, "Busy");
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer.toLowerCase()).toContain("retry-after: 7\r\n");
  });

  const hosts = ["a b", "x/admin", "x/admin?", "x?", "x#", "x\\admin", "ada@x", "x/", "[::1", "x:port"];
  test.each([...hosts.map((host) => `Host: ${host}`), "Host: x\r\nX-Bad: \u0001", "Host: x\r\nHost: y"])(
    "[TRN-36] a request that no standard request can say is answered with 400: %j",
    async (header) => {
      const server = new ContractServer();
      server.answer = ({ url }) => new Response(url);
      const { port } = await listening(server);
      const answer = await raw(port, `GET / HTTP/1.1\r\n${header}\r\n\r\n`, "\r\n\r\n");
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(server.failures).toEqual([]);
    },
  );

  test("[TRN-36] a method that is not allowed in a standard request is answered with 400", async () => {
    const { port } = await listening();
    expect(await raw(port, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("[TRN-37] a request whose peer goes away is aborted, and its answer goes nowhere", async () => {
    const server = new ContractServer();
    let aborted = false;
    let answer = (_: Response) => {};
    const answered = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    server.answer = (request) => {
      request.signal.addEventListener("abort", () => {
        aborted = true;
      });
      return answered;
    };
    const { port } = await listening(server);
    const leaving = new AbortController();
    const response = fetch(`http://127.0.0.1:${port}/`, { signal: leaving.signal });
    const rejected = expect(response).rejects.toThrow();
    await until(() => server.asked > 0);
    leaving.abort();
    await rejected;
    await until(() => aborted);
    answer(new Response("too late"));
    server.answer = () => new Response("still here");
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("still here");
    expect(server.failures).toEqual([]);
  });

  test("[TRN-37] a request cut within its body never reaches the server", async () => {
    const server = new ContractServer();
    const { port } = await listening(server);
    const socket = connectTcp(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    socket.destroySoon();
    let gone = false;
    socket.on("close", () => {
      gone = true;
    });
    await until(() => gone);
    server.answer = () => new Response("ok");
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
    expect(server.asked).toBe(1);
  });

  test("[TRN-60] who may not connect is cut before a byte is read", async () => {
    const server = new ContractServer();
    server.lets = () => false;
    const { port } = await listening(server);
    const socket = connectTcp(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.on("error", () => {});
    let gone = false;
    socket.on("close", () => {
      gone = true;
    });
    await until(() => gone);
    expect(server.connected).toEqual(["127.0.0.1"]);
    expect(server.asked).toBe(0);
    server.lets = () => true;
    server.answer = () => new Response("ok");
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
  });

  test("[TRN-60] where that question fails the peer is let in, and the fault reported", async () => {
    const server = new ContractServer();
    const fault = new Error("no list");
    server.lets = () => {
      throw fault;
    };
    const { port } = await listening(server);
    await connectPeer(`ws://127.0.0.1:${port}/`);
    expect(server.seats).toHaveLength(1);
    expect(server.failures).toEqual([{ error: fault, where: "connecting" }]);
  });

  test("[TRN-61] pings and pongs of a peer are told with their size", async () => {
    const server = new ContractServer();
    const { port } = await listening(server);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    await until(() => socket.readyState === WebSocket.OPEN);
    socket.ping("abc");
    socket.pong("");
    await until(() => server.seat(0).log.length === 2);
    expect(server.seat(0).log).toEqual(["control 3", "control 0"]);
    socket.terminate();
  });

  test.runIf(process.platform === "linux").each(["a timer", "an immediate", "a message"] as const)(
    "[TRN-21] afterFlush comes when what was published within %s is in the kernel",
    async (occasion) => {
      const server = new ContractServer();
      const { transport, port } = await listening(server);
      const deaf = connectTcp(port, "127.0.0.1");
      onTestFinished(() => void deaf.destroy());
      // Paused before it is connected, it never reads: what comes stays in the kernel.
      deaf.pause();
      const head = ["GET / HTTP/1.1", "Host: x", "Upgrade: websocket", key, "Sec-WebSocket-Version: 13"];
      deaf.write(`${head.join("\r\n")}\r\n\r\n`);
      await until(() => server.seats.length === 1 && unreadBytes(deaf) > 0);
      server.seat(0).connection.subscribe("room");
      const before = unreadBytes(deaf);

      const after = await new Promise<number>((resolve) => {
        const publish = () => {
          transport.publish("room", frame("x", 1_000));
          transport.afterFlush(() => resolve(unreadBytes(deaf)));
        };
        server.listener = () => ({ message: publish });
        if (occasion === "a timer") setTimeout(publish, 1);
        else if (occasion === "an immediate") setImmediate(publish);
        else void connectPeer(`ws://127.0.0.1:${port}/`).then((other) => other.send(frame("go")));
      });
      // The frame and its header of four bytes.
      expect(after - before).toBe(1_004);
    },
  );
});

/** What the kernel holds for a local socket that did not read it yet: column `rx_queue` of its row. */
function unreadBytes({ localPort, remotePort }: Socket): number {
  const column = (port: number | undefined) => `:${(port ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  // The kernel writes the table in pieces, and a row may slip between two of them: then it is read again.
  for (let attempt = 0; attempt < 5; attempt++) {
    const rows = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
    // By both ports: an older connection in TIME_WAIT may have had one of them.
    const row = rows
      .map((line) => line.trim().split(/\s+/))
      .find((columns) => columns[1]?.endsWith(column(localPort)) && columns[2]?.endsWith(column(remotePort)));
    const unread = row?.[4]?.split(":")[1];
    if (unread !== undefined) return Number.parseInt(unread, 16);
  }
  return 0;
}

test("[OPS-31] a proxy's connections are of many clients: it is not asked whether it may have another", async () => {
  for (const isProxy of [true, false]) {
    const transport = new UwsTransport(contractLimits, {
      isProxy: (peer) => isProxy && peer === "127.0.0.1",
    });
    onTestFinished(() => transport.close());
    const server = new ContractServer();
    let asked = 0;
    server.connecting = () => {
      asked += 1;
      return true;
    };
    server.answer = () => new Response("ok");
    const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, server);
    await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
    expect(asked).toBe(isProxy ? 0 : 1);
  }
});
