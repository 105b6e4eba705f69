import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { MemoryTransport } from "../transport/memory/memory-transport.ts";
import type { Connection } from "../transport/transport.ts";
import { MeteredTransport } from "./metered-transport.ts";

async function metered() {
  const clock = new ManualClock();
  const memory = new MemoryTransport({ clock });
  const transport = new MeteredTransport(memory);
  const connections: Connection[] = [];
  let refuse = false;
  await transport.listen(
    { host: "memory", port: 0 },
    {
      connecting: () => true,
      limited() {},
      handshake: () => (refuse ? { verdict: "refuse", status: 503, reason: "Full" } : { verdict: "accept" }),
      open: (connection) => {
        connections.push(connection);
        return { message() {}, text() {}, drained() {}, control() {}, dropped() {}, closed() {} };
      },
      http: async ({ url }) => {
        if (url.endsWith("/broken")) throw new Error("broken");
        return new Response("ok", { status: 201 });
      },
      failed() {},
    },
  );
  const join = async () => {
    const nothing = { opened() {}, received() {}, refused() {}, closed() {} };
    const peer = memory.connect("/room", nothing);
    await clock.settle();
    return peer;
  };
  const request = async (path: string) => {
    const answer = memory.request(new Request(`http://memory${path}`));
    await clock.settle();
    return answer;
  };
  return {
    transport,
    traffic: transport.traffic,
    connections,
    join,
    request,
    clock,
    refuseAll: () => {
      refuse = true;
    },
  };
}

const frame = new Uint8Array(10);

test("[OPS-3] a published frame counts once for each who follows its topic then, a sent one once", async () => {
  const { transport, traffic, connections, join } = await metered();
  for (let i = 0; i < 3; i++) await join();
  const [a, b, c] = connections;
  transport.publish("t", frame);
  expect(traffic).toMatchObject({ connections: 3, connected: 3, framesSent: 0, bytesSent: 0 });
  for (const connection of [a, a, b, c]) connection?.subscribe("t");
  transport.publish("t", frame);
  a?.send(frame);
  expect(traffic).toMatchObject({ framesSent: 4, bytesSent: 40 });
  b?.unsubscribe("t");
  b?.unsubscribe("t");
  transport.publish("t", frame);
  expect(traffic).toMatchObject({ framesSent: 6, bytesSent: 60 });
});

test("[OPS-3] who is gone receives nothing, whoever ended the connection", async () => {
  const { transport, traffic, connections, join, clock } = await metered();
  const peers = [await join(), await join(), await join()];
  for (const connection of connections) connection.subscribe("t");
  connections[0]?.end(4500, "bye");
  connections[0]?.send(frame);
  connections[0]?.subscribe("t");
  peers[1]?.close(1000, "");
  connections[2]?.terminate();
  await clock.settle();
  transport.publish("t", frame);
  expect(traffic).toMatchObject({ connections: 0, connected: 3, framesSent: 0 });
});

test("[OPS-3] messages, refused handshakes and requests count by what became of them", async () => {
  const { traffic, join, request, clock, refuseAll } = await metered();
  const peer = await join();
  peer.send(new Uint8Array(7));
  await clock.settle();
  refuseAll();
  await join();
  await request("/");
  await request("/broken");
  expect(traffic).toMatchObject({ connections: 1, messagesReceived: 1, bytesReceived: 7 });
  expect([...traffic.refused]).toEqual([[503, 1]]);
  expect([...traffic.requests]).toEqual([
    [201, 1],
    [500, 1],
  ]);
});
