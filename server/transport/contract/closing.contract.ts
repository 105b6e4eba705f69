import { describe, expect, test } from "vitest";
import { type ContractRun, frame } from "./kit.contract.ts";

/** The rules of a transport that concern the end of a connection, and faults of the server. */
export function closingContract(run: ContractRun): void {
  describe("closing", () => {
    test("[TRN-14] after the end every method does nothing and closed is told once, in its own turn", async () => {
      const { peer, connection, log } = await run.join();
      connection.subscribe("room");
      connection.end(4000, "bye");
      expect(log).toEqual([]);
      expect(connection.open).toBe(false);
      connection.send(frame("x"));
      connection.subscribe("other");
      connection.unsubscribe("room");
      connection.end(4001, "again");
      connection.terminate();
      expect(connection.bufferedBytes()).toBe(0);
      run.harness.transport.publish("room", frame("y"));
      run.harness.transport.publish("other", frame("z"));
      await run.harness.until(() => peer.closed.length > 0 && log.length > 0);
      expect(log).toEqual(["closed 4000 bye"]);
      expect(peer.closed).toEqual([{ code: 4000, reason: "bye" }]);
      expect(peer.received).toEqual([]);
    });

    test("[TRN-14] a connection that closed by itself is harmless, too", async () => {
      const { peer, connection, log } = await run.join();
      peer.close(1000, "done");
      await run.harness.until(() => log.length > 0);
      expect(log).toEqual(["closed 1000 done"]);
      expect(connection.open).toBe(false);
      connection.send(frame("x"));
      connection.subscribe("room");
      connection.end(4000, "");
      connection.terminate();
      await run.harness.until(() => peer.closed.length > 0);
      expect(peer.closed[0]?.code).toBe(1000);
      expect(log).toEqual(["closed 1000 done"]);
    });

    test("[TRN-15] a close without a code is 1005, a vanished peer 1006", async () => {
      const polite = await run.join();
      polite.peer.close();
      const gone = await run.join();
      gone.peer.cut();
      await run.harness.until(() => polite.log.length > 0 && gone.log.length > 0);
      expect(polite.log[0]).toMatch(/^closed 1005/);
      expect(gone.log[0]).toMatch(/^closed 1006/);
    });

    test("[TRN-15] a terminated connection ends in 1006 at both ends", async () => {
      const { peer, connection, log } = await run.join();
      connection.terminate();
      await run.harness.until(() => peer.closed.length > 0 && log.length > 0);
      expect(peer.closed[0]?.code).toBe(1006);
      expect(log.length).toBe(1);
      expect(log[0]).toMatch(/^closed 1006/);
    });

    test("[TRN-16] a reason too long for a close frame is cut between characters", async () => {
      const { peer, connection } = await run.join();
      connection.end(4000, "ü".repeat(100));
      await run.harness.until(() => peer.closed.length > 0);
      expect(peer.closed).toEqual([{ code: 4000, reason: "ü".repeat(61) }]);
    });

    test("[TRN-17] a connection may be ended inside its message handler; later messages are not told", async () => {
      run.server.listener = ({ connection }) => ({ message: () => connection.end(4002, "enough") });
      const { peer, log } = await run.join();
      for (const each of ["a", "b", "c"]) peer.send(frame(each));
      await run.harness.until(() => peer.closed.length > 0 && log.length > 1);
      expect(log).toEqual(["message a", "closed 4002 enough"]);
    });
  });

  describe("faults of the server's listener", () => {
    test.each(["message", "text", "closed"] as const)(
      "[TRN-18] one that throws in %s is reported there, and others go on",
      async (where) => {
        const fault = new Error(where);
        const fail = () => {
          throw fault;
        };
        run.server.listener = () => ({ [where]: fail });
        const { peer } = await run.join();
        if (where === "message") peer.send(frame("x"));
        else if (where === "text") peer.sendText("x");
        else peer.close();
        await run.harness.until(() => run.server.failures.length > 0);
        expect(run.server.failures).toEqual([{ error: fault, where }]);

        run.server.listener = () => ({});
        const next = await run.join();
        next.peer.send(frame("hello"));
        await run.harness.until(() => next.log.length > 0);
        expect(next.log).toEqual(["message hello"]);
      },
    );
  });
}
