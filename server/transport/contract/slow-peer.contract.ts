import { describe, expect, test } from "vitest";
import { type ContractRun, contractLimits, frame } from "./kit.contract.ts";

const KIB = 1024;

/** The rules of a transport that concern a peer that does not read. */
export function slowPeerContract(run: ContractRun): void {
  describe("a peer that does not read", () => {
    /** Publishes, turn by turn, until `condition` holds. */
    async function publishUntil(condition: () => boolean): Promise<void> {
      await run.harness.until(() => {
        if (!condition()) run.harness.transport.publish("room", frame("x", 64 * KIB));
        return condition();
      });
    }

    test("[TRN-19] lets bytes wait in this process; when it reads again, drained follows", async () => {
      const { peer, connection, log } = await run.join();
      connection.subscribe("room");
      expect(connection.bufferedBytes()).toBe(0);
      peer.pauseReading();
      await publishUntil(() => connection.bufferedBytes() > 0);
      connection.unsubscribe("room");
      peer.resumeReading();
      await run.harness.until(() => log.includes("drained"));
      expect(connection.bufferedBytes()).toBe(0);
    });

    test("[TRN-20] loses frames beyond the limit, which dropped says; others lose none", async () => {
      const slow = await run.join();
      const quick = await run.join();
      for (const { connection } of [slow, quick]) connection.subscribe("room");
      slow.peer.pauseReading();
      await publishUntil(() => slow.log.includes("dropped"));
      expect(slow.connection.open).toBe(true);
      expect(slow.connection.bufferedBytes()).toBeGreaterThan(contractLimits.maxBufferedBytes);
      expect(slow.connection.bufferedBytes()).toBeLessThan(contractLimits.maxBufferedBytes + 80 * KIB);
      run.harness.transport.publish("room", frame("fence"));
      await run.harness.until(() => quick.peer.received.includes("fence"));
      expect(quick.log).toEqual([]);

      slow.peer.resumeReading();
      await run.harness.until(() => slow.log.includes("drained"));
      slow.connection.send(frame("again"));
      await run.harness.until(() => slow.peer.received.includes("again"));
      expect(slow.peer.received.length).toBeLessThan(quick.peer.received.length);
    });

    test("[TRN-20] dropped is also told of frames sent to one peer, and it may be ended there", async () => {
      run.server.listener = ({ connection }) => ({ dropped: () => connection.end(4003, "too slow") });
      const { peer, connection, log } = await run.join();
      peer.pauseReading();
      await run.harness.until(() => {
        connection.send(frame("x", 64 * KIB));
        return !connection.open;
      });
      await run.harness.until(() => log.length > 1);
      expect(log).toEqual(["dropped", "closed 4003 too slow"]);
    });
  });
}
