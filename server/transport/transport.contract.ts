import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closingContract } from "./contract/closing.contract.ts";
import { framesContract } from "./contract/frames.contract.ts";
import { httpContract } from "./contract/http.contract.ts";
import { type ContractHarness, ContractRun, frame } from "./contract/kit.contract.ts";
import { slowPeerContract } from "./contract/slow-peer.contract.ts";
import { ListenError } from "./transport.ts";

/** Holds an implementation of `Transport` to the rules TRN-1 to TRN-35. */
export function transportContract(name: string, makeHarness: () => ContractHarness): void {
  describe(`${name} as a transport`, () => {
    const run = new ContractRun(makeHarness);
    beforeEach(() => run.start());
    afterEach(() => run.harness.transport.close());

    handshakeContract(run);
    framesContract(run);
    closingContract(run);
    slowPeerContract(run);
    lifeContract(run);
    httpContract(run);
  });
}

function handshakeContract(run: ContractRun): void {
  describe("handshake", () => {
    test("[TRN-1] the server sees path, query, origin and address of a peer before it accepts", async () => {
      await run.harness.connect("/arena/k%203?as=guest&x=1", { origin: "https://play.example.com" });
      const { request } = run.server.seat(0);
      expect(request.path).toBe("/arena/k 3");
      expect(request.query.get("as")).toBe("guest");
      expect(request.origin).toBe("https://play.example.com");
      expect(request.remoteAddress).toBe("127.0.0.1");
    });

    test("[TRN-1] a peer that is no browser has no origin", async () => {
      await run.join();
      expect(run.server.seat(0).request.origin).toBeUndefined();
    });

    test("[TRN-2] a refused handshake is answered with the verdict's status and opens nothing", async () => {
      run.server.verdict = () => ({ verdict: "refuse", status: 403, reason: "Foreign origin" });
      const peer = await run.harness.connect("/room");
      expect(peer.refused).toEqual([403]);
      expect(run.server.seats).toEqual([]);
    });

    test("[TRN-2] a path that cannot be decoded is refused with 400 before the server is asked", async () => {
      const peer = await run.harness.connect("/%zz");
      expect(peer.refused).toEqual([400]);
      expect(run.server.seats).toEqual([]);
    });

    test("[TRN-3] a handshake handler that throws is reported and answered with 500", async () => {
      const fault = new Error("no verdict");
      run.server.verdict = () => {
        throw fault;
      };
      const peer = await run.harness.connect("/room");
      expect(peer.refused).toEqual([500]);
      expect(run.server.failures).toEqual([{ error: fault, where: "handshake" }]);
    });

    test("[TRN-3] an open handler that throws is reported and the peer closed with 1011", async () => {
      const fault = new Error("no seat");
      run.server.opened = () => {
        throw fault;
      };
      const peer = await run.harness.connect("/room");
      await run.harness.until(() => peer.closed.length > 0);
      expect(peer.closed).toEqual([{ code: 1011, reason: "internal error" }]);
      expect(run.server.failures).toEqual([{ error: fault, where: "open" }]);
    });

    test("[TRN-4] a connection may be used inside open, even ended", async () => {
      run.server.opened = ({ connection }) => {
        connection.send(frame("welcome"));
        connection.end(4001, "full");
      };
      const peer = await run.harness.connect("/room");
      await run.harness.until(() => peer.closed.length > 0 && run.server.seat(0).log.length > 0);
      expect(peer.received).toEqual(["welcome"]);
      expect(peer.closed).toEqual([{ code: 4001, reason: "full" }]);
      expect(run.server.seat(0).log).toEqual(["closed 4001 full"]);
    });
  });
}

function lifeContract(run: ContractRun): void {
  describe("life", () => {
    test("[TRN-21] afterFlush calls back once, unless released", async () => {
      const calls: string[] = [];
      run.harness.transport.afterFlush(() => calls.push("kept"));
      const release = run.harness.transport.afterFlush(() => calls.push("released"));
      release();
      release();
      expect(calls).toEqual([]);
      await run.harness.until(() => calls.length > 0);
      expect(calls).toEqual(["kept"]);
    });

    test("[TRN-22] who stops listening keeps open connections and accepts no more", async () => {
      const { peer, connection } = await run.join();
      run.harness.transport.stopListening();
      run.harness.transport.stopListening();
      connection.send(frame("still here"));
      await run.harness.until(() => peer.received.length > 0);
      const late = await run.harness.connect("/room");
      expect(late.closed.map(({ code }) => code)).toEqual([1006]);
      expect(run.server.seats.length).toBe(1);
    });

    test("[TRN-23] closing cuts every connection, is told to each, and may be repeated", async () => {
      const ann = await run.join();
      const ben = await run.join();
      run.harness.transport.close();
      expect(ann.log).toEqual([]);
      expect(ann.connection.open).toBe(false);
      run.harness.transport.close();
      run.harness.transport.stopListening();
      run.harness.transport.publish("room", frame("x"));
      await run.harness.until(() =>
        [ann, ben].every(({ peer, log }) => peer.closed.length > 0 && log.length > 0),
      );
      for (const { peer, log } of [ann, ben]) {
        expect(peer.closed.map(({ code }) => code)).toEqual([1006]);
        expect(log).toHaveLength(1);
        expect(log[0]).toMatch(/^closed 1006/);
      }
    });

    test("[TRN-24] a transport is started once", async () => {
      const again = run.harness.transport.listen({ host: "127.0.0.1", port: 0 }, run.server);
      await expect(again).rejects.toBeInstanceOf(ListenError);
      run.harness.transport.close();
      const reopened = run.harness.transport.listen({ host: "127.0.0.1", port: 0 }, run.server);
      await expect(reopened).rejects.toBeInstanceOf(ListenError);
    });
  });
}
