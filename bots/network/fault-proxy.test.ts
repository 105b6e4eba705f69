import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { FaultProxy, type FaultProxyOptions } from "./fault-proxy.ts";

/** A socket, with what it heard. */
interface End {
  readonly socket: Socket;
  readonly heard: Buffer[];
  ended: boolean;
  error: string | undefined;
}

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

function listenTo(socket: Socket): End {
  const end: End = { socket, heard: [], ended: false, error: undefined };
  socket.on("data", (chunk: Buffer) => end.heard.push(chunk));
  socket.on("end", () => {
    end.ended = true;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    end.error = error.code;
  });
  return end;
}

async function listening(accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push({ close: async () => void server.close() });
  return server;
}

/** The sockets are real, so the test lets the event loop turn until something is so; their link's time is its own. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setImmediate(resolve));
}

async function lineThrough(conditions: FaultProxyOptions["conditions"] = {}, seed = 1) {
  const clock = new ManualClock();
  const accepted: End[] = [];
  const target = await listening((socket) => accepted.push(listenTo(socket)));
  const { port } = target.address() as AddressInfo;
  const proxy = await FaultProxy.start({ to: { port }, clock, random: seededRandom(seed), conditions });
  opened.push(proxy);
  const dial = (): End => listenTo(connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true }));
  const client = dial();
  await until(() => accepted.length === 1);
  const server = accepted[0] as End;
  return { clock, proxy, client, server, dial, target };
}

const textOf = ({ heard }: End): string => Buffer.concat(heard).toString();

test("[LNK-11] a fault proxy carries bytes unchanged, each way, when the link's time has come and not before", async () => {
  const { clock, proxy, client, server } = await lineThrough({ latencyMs: 30 });
  client.socket.write("to the server");
  server.socket.write("to the client!");
  await until(() => proxy.bytesInFlight === 27);
  clock.advance(29);
  expect([textOf(server), textOf(client)]).toEqual(["", ""]);
  clock.advance(1);
  await until(() => textOf(server) !== "" && textOf(client) !== "");
  expect([textOf(server), textOf(client)]).toEqual(["to the server", "to the client!"]);
  proxy.change({ latencyMs: 0 });
  client.socket.write(" again");
  await until(() => proxy.bytesInFlight === 6);
  proxy.stall("up", 500);
  clock.advance(499);
  expect(proxy.bytesInFlight).toBe(6);
  clock.advance(1);
  await until(() => textOf(server) === "to the server again");
});

test("[LNK-12] that no more comes is told behind everything before it, and the other way goes on", async () => {
  const { clock, proxy, client, server } = await lineThrough({ latencyMs: 10 });
  client.socket.end("goodbye");
  await until(() => proxy.bytesInFlight === 7);
  clock.advance(10);
  await until(() => textOf(server) === "goodbye");
  // The end itself comes in a chunk of its own, perhaps later.
  while (!server.ended) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10);
  }
  server.socket.end("and to you");
  while (proxy.connections > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10);
  }
  expect([textOf(client), client.ended, client.error, server.error]).toEqual([
    "and to you",
    true,
    undefined,
    undefined,
  ]);
  expect(clock.pending).toBe(0);
});

test("[LNK-13] a reset is told to both ends and loses what was on its way; so is one that an end makes", async () => {
  const { clock, proxy, client, server, dial } = await lineThrough({ latencyMs: 10 });
  client.socket.write("lost");
  await until(() => proxy.bytesInFlight === 4);
  proxy.reset();
  await until(() => client.error !== undefined && server.error !== undefined);
  expect([client.error, server.error, textOf(server)]).toEqual(["ECONNRESET", "ECONNRESET", ""]);
  await until(() => proxy.connections === 0);
  expect(clock.pending).toBe(0);

  const other = dial();
  await until(() => proxy.connections === 1);
  other.socket.resetAndDestroy();
  await until(() => proxy.connections === 0);
});

test("[LNK-14] a way that went silent swallows everything and tells nobody", async () => {
  const { clock, proxy, client, server, dial } = await lineThrough();
  proxy.halfOpen("up");
  client.socket.write("into the void");
  server.socket.write("heard");
  await until(() => proxy.bytesInFlight === 5);
  clock.advance(0);
  await until(() => textOf(client) === "heard");
  client.socket.resetAndDestroy();
  // Whatever the proxy would tell of that, it told before what comes later.
  const later = dial();
  later.socket.write("later");
  await until(() => proxy.bytesInFlight === 5);
  expect([textOf(server), server.ended, server.error, proxy.connections]).toEqual(["", false, undefined, 2]);
});

test("[LNK-15] out of reach, and where nobody listens, new connections are reset; those that are there stay", async () => {
  const { clock, proxy, client, server, dial, target } = await lineThrough();
  proxy.reach("out-of-reach");
  const refused = dial();
  await until(() => refused.error !== undefined);
  expect(refused.error).toBe("ECONNRESET");
  client.socket.write("still here");
  await until(() => proxy.bytesInFlight === 10);
  clock.advance(0);
  await until(() => textOf(server) === "still here");

  proxy.reach("in-reach");
  target.close();
  const unheard = dial();
  await until(() => unheard.error !== undefined);
  expect(unheard.error).toBe("ECONNRESET");
});

test("[LNK-16] what is too much for the link waits at its sender, and arrives whole", async () => {
  const { clock, proxy, client, server } = await lineThrough({ bytesPerSecond: 1_000_000 });
  const sent = Buffer.alloc(3_000_000, 0).map((_, index) => index % 251);
  client.socket.write(sent);
  await until(() => proxy.bytesInFlight >= 256 * 1024);
  let most = 0;
  while (server.heard.reduce((sum, { length }) => sum + length, 0) < sent.length) {
    most = Math.max(most, proxy.bytesInFlight);
    clock.advance(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(most).toBeLessThan(400 * 1024);
  expect(Buffer.concat(server.heard).equals(sent)).toBe(true);
});

test("[LNK-17] a proxy's lines stall and are cut as often as its conditions say, and it counts what they carried", async () => {
  const { clock, proxy, client, server } = await lineThrough({ stallEveryMs: 1_000, stallForMs: 300 });
  let still = 0;
  for (let step = 1; step <= 20; step++) {
    client.socket.write("x");
    // Whatever is still on its way from before: this one has come as far as the link.
    await until(() => textOf(server).length + proxy.bytesInFlight === step);
    clock.advance(100);
    if (proxy.bytesInFlight > 0) still += 1;
    await until(() => textOf(server).length + proxy.bytesInFlight === step);
  }
  // Two stalls of 300 ms in two seconds, give or take what is cut off at the ends.
  expect(still).toBeGreaterThanOrEqual(4);
  expect(still).toBeLessThanOrEqual(7);
  clock.advance(300);
  await until(() => textOf(server).length === 20);
  expect([proxy.bytes, proxy.accepted]).toEqual([{ up: 20, down: 0 }, 1]);
  proxy.change({ cutEveryMs: 500 });
  clock.advance(500);
  await until(() => client.error === "ECONNRESET" && server.error === "ECONNRESET");
  await until(() => proxy.connections === 0);
  expect([proxy.accepted, clock.pending]).toEqual([1, 0]);
});
