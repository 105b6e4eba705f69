import { describe, expect, test } from "vitest";
import { type ContractRun, contractLimits, frame } from "./kit.contract.ts";

/** Larger than what uWebSockets.js batches, so sent at once, by another way. */
const LARGE = 20 * 1024;

/** The rules of a transport that concern frames and messages. */
export function framesContract(run: ContractRun): void {
  describe("order", () => {
    test("[TRN-5] frames published and sent arrive in the order of the calls", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      connection.send(frame("a"));
      run.harness.transport.publish("room", frame("b"));
      connection.send(frame("c"));
      run.harness.transport.publish("room", frame("d"));
      run.harness.transport.publish("room", frame("e"));
      connection.send(frame("f"));
      await run.harness.until(() => peer.received.length === 6);
      expect(peer.received).toEqual(["a", "b", "c", "d", "e", "f"]);
    });

    test("[TRN-5] large frames keep their place among small ones", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      run.harness.transport.publish("room", frame("a"));
      run.harness.transport.publish("room", frame("B", LARGE));
      run.harness.transport.publish("room", frame("c"));
      connection.send(frame("D", LARGE));
      run.harness.transport.publish("room", frame("e"));
      await run.harness.until(() => peer.received.length === 5);
      expect(peer.received.map((text) => text[0]).join("")).toBe("aBcDe");
    });

    test("[TRN-5] more frames than one batch holds keep their order", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      const names = Array.from({ length: 100 }, (_, index) => `f${index}`);
      for (const each of names) run.harness.transport.publish("room", frame(each));
      await run.harness.until(() => peer.received.length === names.length);
      expect(peer.received).toEqual(names);
    });

    test("[TRN-6] who subscribes after a publish does not get that frame, in the same turn", async () => {
      const { peer, connection } = await run.join();
      run.harness.transport.publish("room", frame("before"));
      connection.send(frame("keyframe"));
      connection.subscribe("room");
      run.harness.transport.publish("room", frame("after"));
      await run.harness.until(() => peer.received.length === 2);
      expect(peer.received).toEqual(["keyframe", "after"]);
    });

    test("[TRN-7] who unsubscribes after a publish still gets that frame, and no later one", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      run.harness.transport.publish("room", frame("before"));
      connection.unsubscribe("room");
      run.harness.transport.publish("room", frame("after"));
      connection.send(frame("fence"));
      await run.harness.until(() => peer.received.includes("fence"));
      expect(peer.received).toEqual(["before", "fence"]);
    });

    test("[TRN-8] a frame published just before the end of a connection arrives before the close", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      run.harness.transport.publish("room", frame("last"));
      connection.end(4000, "bye");
      run.harness.transport.publish("room", frame("too late"));
      await run.harness.until(() => peer.closed.length > 0);
      expect(peer.received).toEqual(["last"]);
      expect(peer.closed).toEqual([{ code: 4000, reason: "bye" }]);
    });
  });

  describe("topics", () => {
    test("[TRN-9] a frame reaches every subscriber of its topic and nobody else", async () => {
      const ann = await run.join();
      const ben = await run.join();
      const cat = await run.join();
      ann.connection.subscribe("cell 1");
      ben.connection.subscribe("cell 1");
      cat.connection.subscribe("cell 2");
      run.harness.transport.publish("cell 1", frame("one"));
      run.harness.transport.publish("cell 3", frame("three"));
      for (const { connection } of [ann, ben, cat]) connection.send(frame("fence"));
      const all = [ann.peer, ben.peer, cat.peer];
      await run.harness.until(() => all.every((peer) => peer.received.includes("fence")));
      expect(all.map((peer) => peer.received)).toEqual([["one", "fence"], ["one", "fence"], ["fence"]]);
    });

    test("[TRN-9] subscribing twice is subscribing once", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      connection.subscribe("room");
      run.harness.transport.publish("room", frame("one"));
      connection.send(frame("fence"));
      await run.harness.until(() => peer.received.includes("fence"));
      expect(peer.received).toEqual(["one", "fence"]);
    });
  });

  describe("bytes", () => {
    test("[TRN-10] a frame's buffer may be reused as soon as the call returned", async () => {
      const { peer, connection } = await run.join();
      connection.subscribe("room");
      const shared = Buffer.alloc(3);
      for (const each of ["one", "two"]) {
        shared.write(each);
        run.harness.transport.publish("room", shared);
        connection.send(shared);
      }
      shared.fill(0);
      await run.harness.until(() => peer.received.length === 4);
      expect(peer.received).toEqual(["one", "one", "two", "two"]);
    });

    test("[TRN-11] a message's bytes are gone after the call", async () => {
      let kept: Uint8Array | undefined;
      run.server.listener = () => ({
        message: (bytes) => {
          kept = bytes;
        },
      });
      const { peer, log } = await run.join();
      const sent = frame("hello");
      peer.send(sent);
      await run.harness.until(() => log.length > 0);
      expect(log).toEqual(["message hello"]);
      const survived = kept?.length === sent.length && sent.every((byte, index) => kept?.[index] === byte);
      expect(survived).toBe(false);
    });

    test("[TRN-11] messages arrive in the order in which they were sent, an empty one too", async () => {
      const { peer, log } = await run.join();
      for (const each of ["a", "", "c"]) peer.send(frame(each));
      await run.harness.until(() => log.length === 3);
      expect(log).toEqual(["message a", "message ", "message c"]);
    });

    test("[TRN-12] a text message is told as such", async () => {
      const { peer, log } = await run.join();
      peer.sendText("hello");
      await run.harness.until(() => log.length > 0);
      expect(log).toEqual(["text"]);
    });

    test("[TRN-13] a message of the limit's size arrives, one byte more closes with 1009", async () => {
      const { peer, log } = await run.join();
      peer.send(frame("x", contractLimits.maxMessageBytes));
      peer.send(frame("y", contractLimits.maxMessageBytes + 1));
      peer.send(frame("z"));
      await run.harness.until(() => peer.closed.length > 0 && log.length === 2);
      expect(peer.closed[0]?.code).toBe(1009);
      expect(log.map((entry) => entry.slice(0, 11))).toEqual(["message x..", "closed 1009"]);
      expect(run.server.limits).toEqual(["maxMessageBytes 127.0.0.1"]);
    });

    test("[TRN-13] the limit holds for text as well", async () => {
      const { peer } = await run.join();
      peer.sendText("x".repeat(contractLimits.maxMessageBytes + 1));
      await run.harness.until(() => peer.closed.length > 0);
      expect(peer.closed[0]?.code).toBe(1009);
    });
  });
}
