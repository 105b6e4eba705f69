import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failoverContract } from "./contract/failover.contract.ts";
import {
  codeOf,
  DirectoryRun,
  idleReport,
  type MakeHarness,
  newRoom,
  registration,
  search,
} from "./contract/kit.contract.ts";
import { nodesContract } from "./contract/nodes.contract.ts";
import { placementContract } from "./contract/placement.contract.ts";
import { roomsContract } from "./contract/rooms.contract.ts";
import { watchContract } from "./contract/watch.contract.ts";

/** Holds an implementation of `Directory` to the rules DIR-1 to DIR-20. */
export function directoryContract(name: string, make: MakeHarness): void {
  describe(`${name} as a directory`, () => {
    const run = new DirectoryRun(make);
    beforeEach(() => run.start());
    afterEach(() => run.harness.close());

    nodesContract(run);
    roomsContract(run);
    placementContract(run);
    failoverContract(run);
    watchContract(run);

    test("[DIR-19] what is our own misuse is thrown, by name", async () => {
      const lease = await run.register();
      const misused: readonly (readonly [Promise<unknown>, RegExp])[] = [
        [run.one.registerNode({ ...registration(), id: "a b" }), /"a b" is no id of a node/],
        [run.one.registerNode({ ...registration(), games: [] }), /serves no game/],
        [run.one.registerNode({ ...registration(), maxRooms: 0 }), /maxRooms is 0/],
        [run.one.registerNode({ ...registration(), formerEpoch: 1e15 }), /formerEpoch is 1000000000000000/],
        [run.one.createRoom(lease, { ...newRoom(), formerEpoch: -1 }), /formerEpoch is -1/],
        [run.one.renewNode(lease, { ...idleReport, pressure: Number.NaN }), /pressure is NaN/],
        [run.one.findOrCreate(search({ game: "Arena:1" })), /"Arena:1" is no name of a game/],
        [run.one.findOrCreate(search({ hold: "" })), /no id of a hold/],
        [run.one.findOrCreate(search({ except: Array(17).fill("r") })), /except names 17 rooms/],
        [run.one.createRoom(lease, { ...newRoom(), maxSeats: 0.5 }), /maxSeats is 0.5/],
        [run.one.rooms({ game: "arena", limit: 501 }), /limit is 501; it must be 500 at most/],
        [run.one.room("../x"), /no id of a room/],
      ];
      for (const [promise, says] of misused) {
        await expect(promise).rejects.toThrow(RangeError);
        await expect(promise).rejects.toThrow(says);
      }
    });
  });

  describe(`${name} as a directory that forgets`, () => {
    const run = new DirectoryRun(make);
    // The shortest times that a busy machine does not outrun.
    beforeEach(() => run.start({ leaseMs: 500, recordMs: 2_400 }));
    afterEach(() => run.harness.close());

    test("[DIR-20] what its owner renews stays, what nobody renews goes", async () => {
      const lease = await run.register();
      const gone = await run.register();
      const kept = await run.room(lease);
      const forgotten = await run.room(gone);
      for (let passed = 0; passed < 3_000; passed += 200) {
        await run.harness.pass(200);
        expect(codeOf(await run.one.renewNode(lease, idleReport))).toMatch(/^ok/);
      }
      expect(codeOf(await run.one.room(kept.id))).toMatch(/^ok/);
      expect(codeOf(await run.one.findOrCreate(search()))).toContain(kept.id);
      expect(codeOf(await run.one.room(forgotten.id))).toBe("no-such-room");
      expect(codeOf(await run.one.orphans())).toBe("ok []");
    });
  });
}
