import { get } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { clientAddress } from "../../access/client-address.ts";
import { ContractServer, contractLimits } from "../contract/kit.contract.ts";
import { UwsTransport } from "./uws-transport.ts";

/** HAProxy's `option forwardfor` adds a line of its own behind those that came. */
test.each([
  ["x-forwarded-for", ["1.2.3.4, 192.0.2.7"]],
  ["x-forwarded-for", ["127.0.0.1", "192.0.2.7"]],
  ["x-forwarded-for", ["127.0.0.1, 192.0.2.1", "192.0.2.7"]],
  ["x-forwarded-for", ["192.0.2.7", "127.0.0.1"]],
  ["forwarded", ["for=127.0.0.1", "for=192.0.2.7;proto=https"]],
] as const)(
  "[OPS-31] handshakes and requests come from the client that a trusted proxy names last: %s with the lines %j",
  async (header, lines) => {
    const transport = new UwsTransport(contractLimits, {
      clientAddress: clientAddress(["127.0.0.1"], header),
    });
    onTestFinished(() => transport.close());
    const server = new ContractServer();
    const asked: string[] = [];
    server.answer = (_request, address) => {
      asked.push(address);
      return new Response("ok");
    };
    const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, server);
    // Node writes a line for each of a list.
    const headers = { [header]: [...lines] };
    await new Promise((resolve) => get({ host: "127.0.0.1", port, headers, agent: false }, resolve));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/room`, { headers: headers as never });
    onTestFinished(() => socket.terminate());
    await new Promise((resolve) => socket.once("open", resolve));
    expect(asked).toEqual(["192.0.2.7"]);
    expect(server.seat(0).request.remoteAddress).toBe("192.0.2.7");
    expect(server.seat(0).connection.remoteAddress).toBe("192.0.2.7");
  },
);
