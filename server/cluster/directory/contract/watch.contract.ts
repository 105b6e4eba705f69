import { describe, expect, test } from "vitest";
import { answered, contractOptions, type DirectoryRun, idleReport, kinds, times } from "./kit.contract.ts";

const { leaseMs, changesKept } = contractOptions;

export function watchContract(run: DirectoryRun): void {
  describe("watching", () => {
    test("[DIR-14] whoever watches is told to read, and then everything that happens, in order", async () => {
      const heard = await run.watch(run.two);
      expect(heard).toEqual([{ kind: "resync" }]);
      const lease = await run.register();
      await run.until("the node", () => heard.length === 2);
      const room = await run.room(lease);
      await run.until("the room", () => heard.length === 3);
      const locked = answered(await run.one.updateRoom(lease, room, { locked: true }));
      await run.until("its change", () => heard.length === 4);
      await run.one.removeRoom(lease, room);
      await run.until("its end", () => heard.length === 5);
      await run.one.renewNode(lease, { ...idleReport, draining: true });
      await run.until("the drain", () => heard.length === 6);
      await run.one.releaseNode(lease);
      await run.until("the node's end", () => heard.length === 7);
      const [, up, added, changed, removed, draining, down] = heard;
      expect(up).toMatchObject({
        kind: "node-up",
        node: { id: lease.node, epoch: lease.epoch, draining: false },
      });
      expect(added).toEqual({ kind: "room-added", room });
      expect(changed).toEqual({ kind: "room-changed", room: locked });
      expect(removed).toEqual({ kind: "room-removed", game: "arena", id: room.id });
      expect(draining).toMatchObject({ kind: "node-changed", node: { id: lease.node, draining: true } });
      expect(down).toEqual({ kind: "node-down", id: lease.node, epoch: lease.epoch });
    });

    test("[DIR-14] a claim is told when it opens; a node that dies is told by whoever notices first", async () => {
      const heard = await run.watch(run.two);
      const lease = await run.register();
      const placed = answered(
        await run.one.placeRoom({ game: "arena", build: "b1", options: undefined, id: "p", maxSeats: 1 }),
      );
      await run.one.updateRoom(lease, placed.room, { metadata: { still: true } });
      await run.until("the node", () => heard.length === 2);
      const open = answered(await run.one.updateRoom(lease, placed.room, { state: "open" }));
      await run.until("the room", () => heard.length === 3);
      expect(heard[2]).toEqual({ kind: "room-added", room: open });
      await run.harness.pass(leaseMs);
      await run.until("the death", () => heard.length === 4);
      expect(heard[3]).toEqual({ kind: "node-down", id: lease.node, epoch: lease.epoch });
    });

    test("[DIR-14] rooms of other games are not told where only one was asked for; a release ends it", async () => {
      const lease = await run.register();
      const heard = await run.watch(run.two, { game: "echo" });
      const all: string[] = [];
      const release = run.two.watch(({ kind }) => all.push(kind));
      await run.until("the second watch", () => all.length > 0);
      await run.room(lease);
      const echo = await run.room(lease, { game: "echo" });
      await run.until("the rooms", () => all.length === 3);
      expect(heard).toEqual([{ kind: "resync" }, { kind: "room-added", room: echo }]);
      expect(all).toEqual(["resync", "room-added", "room-added"]);
      release();
      await run.one.releaseNode(lease);
      await run.until("the end", () => heard.length === 3);
      expect(all.length).toBe(3);
    });

    test("[DIR-14] many changes at once are told with the last of each room", async () => {
      const lease = await run.register();
      const room = await run.room(lease, { maxSeats: 300 });
      const other = await run.room(lease);
      const heard = await run.watch(run.two);
      await Promise.all(times(200, (at) => run.one.updateRoom(lease, room, { seats: at + 1 })));
      await run.one.removeRoom(lease, other);
      await run.until("the last", () => kinds(heard).includes("room-removed"));
      const last = heard.findLast((change) => change.kind === "room-changed");
      expect(last).toMatchObject({ room: { id: room.id, seats: 200 } });
      expect(heard.at(-1)).toMatchObject({ kind: "room-removed", id: other.id });
    });

    test("[DIR-15] what happens while the line is cut is told when it is back", async () => {
      const lease = await run.register();
      const heard = await run.watch(run.two);
      const heal = await run.harness.cut(run.two, "silent");
      await run.harness.pass(50);
      const room = await run.room(lease);
      await run.one.removeRoom(lease, room);
      const kept = await run.room(lease);
      heal();
      await run.until("what was missed", () => heard.some((change) => change.kind === "room-added"));
      expect(heard).toEqual([
        { kind: "resync" },
        { kind: "room-removed", game: "arena", id: room.id },
        { kind: "room-added", room: kept },
      ]);
    });

    test("[DIR-15] whoever missed more than is kept is told to read anew", async () => {
      const lease = await run.register();
      const room = await run.room(lease);
      const heard = await run.watch(run.two);
      const heal = await run.harness.cut(run.two, "silent");
      await run.harness.pass(50);
      // Redis forgets in blocks of a hundred.
      for (let round = 0; round < 13; round++)
        await Promise.all(
          times(changesKept / 10, (at) => run.one.updateRoom(lease, room, { timeline: 100 * round + at })),
        );
      await run.one.renewNode(lease, idleReport);
      heal();
      await run.until("the gap", () => heard.length > 1);
      expect(heard[1]).toEqual({ kind: "resync" });
      const next = await run.room(lease);
      await run.until("what comes behind", () => heard.length > 2);
      expect(heard[2]).toEqual({ kind: "room-added", room: next });
    });

    test("[DIR-15] whoever watched a directory that lost everything is told to read anew", async () => {
      await run.register();
      const heard = await run.watch(run.two);
      await run.harness.restartEmpty();
      await run.until("the gap", () => heard.length > 1);
      expect(heard[1]).toEqual({ kind: "resync" });
      await run.until("the directory is back", async () => (await run.one.nodes()).ok);
      const lease = await run.register();
      await run.until("what comes behind", () => heard.length > 2);
      expect(heard[2]).toMatchObject({ kind: "node-up", node: { id: lease.node } });
    });
  });
}
