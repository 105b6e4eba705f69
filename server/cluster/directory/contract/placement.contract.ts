import { describe, expect, test } from "vitest";
import type { PlacedRoom } from "../room-record.ts";
import {
  answered,
  arena,
  codeOf,
  contractOptions,
  type DirectoryRun,
  idleReport,
  load,
  search,
  times,
} from "./kit.contract.ts";

const { claimMs, holdMs, leaseMs } = contractOptions;

export function placementContract(run: DirectoryRun): void {
  const find = async (given: Parameters<typeof search>[0] = {}, directory = run.one): Promise<PlacedRoom> =>
    answered(await directory.findOrCreate(search(given)));

  describe("finding a room", () => {
    test("[DIR-7] a hundred joins at once make as many rooms as their seats need, and never more", async () => {
      await run.register();
      await run.register();
      const placed = await Promise.all(times(100, (at) => find({}, at % 2 === 0 ? run.one : run.two)));
      const byRoom = groupedBy(placed, ({ room }) => room.id);
      expect(byRoom.size).toBe(25);
      for (const [, players] of byRoom) {
        expect(players.length).toBe(4);
        expect(players.map(({ outcome }) => outcome).sort()).toEqual(["create", "found", "found", "found"]);
        expect(new Set(players.map(({ node }) => node.id)).size).toBe(1);
      }
    });

    test("[DIR-7] whoever comes after the claim is sent to the same node, before and after the room opens", async () => {
      const lease = await run.register();
      const made = await find();
      expect(made).toMatchObject({
        outcome: "create",
        room: { state: "creating" },
        node: { id: lease.node },
      });
      const waiting = await find({}, run.two);
      expect(waiting).toMatchObject({ outcome: "found", room: { id: made.room.id, state: "creating" } });
      expect(answered(await run.two.rooms({ game: "arena" })).rooms).toEqual([]);
      const open = answered(await run.one.updateRoom(lease, made.room, { state: "open" }));
      expect(open).toEqual({ ...made.room, state: "open" });
      expect(await find({}, run.two)).toMatchObject({
        outcome: "found",
        room: open,
        node: { url: expect.any(String) },
      });
      expect(answered(await run.two.rooms({ game: "arena" })).rooms).toEqual([open]);
    });

    test("[DIR-8] the fullest room with a seat is found first", async () => {
      const lease = await run.register();
      await run.room(lease, { seats: 1 });
      const fuller = await run.room(lease, { seats: 2 });
      const full = await run.room(lease, { seats: 8, maxSeats: 8 });
      expect((await find()).room.id).toBe(fuller.id);
      await run.one.updateRoom(lease, full, { seats: 7 });
      expect((await find()).room.id).toBe(full.id);
    });

    test("[DIR-8] nobody is sent to a room of another game, build or options, or to one that is private or locked", async () => {
      const lease = await run.register({ games: [arena, { game: "arena", build: "b2" }] });
      await run.room(lease, { build: "b2" });
      await run.room(lease, { options: { mode: "duel" } });
      await run.room(lease, { listed: false });
      const locked = await run.room(lease, { locked: true });
      const first = await find({ except: [] });
      expect(first.outcome).toBe("create");
      await run.one.updateRoom(lease, locked, { locked: false, seats: 3 });
      expect((await find()).room.id).toBe(locked.id);
      expect((await find({ except: [locked.id] })).room.id).toBe(first.room.id);
      expect((await find({ except: [locked.id, first.room.id] })).outcome).toBe("create");
    });

    test("[DIR-8] nobody is sent to a node that is gone or drains", async () => {
      const gone = await run.register();
      const draining = await run.register();
      await run.room(gone, { seats: 3 });
      await run.room(draining, { seats: 2 });
      await run.one.releaseNode(gone);
      await run.one.renewNode(draining, { ...idleReport, draining: true });
      expect(codeOf(await run.one.findOrCreate(search()))).toBe("no-node");
      const living = await run.register();
      expect(await find()).toMatchObject({ outcome: "create", node: { id: living.node } });
    });

    test("[DIR-8] thousands of rooms whose owner is gone do not hide one that lives", async () => {
      const gone = await run.register({ maxRooms: 10_000 });
      for (let batch = 0; batch < 12; batch++) {
        await Promise.all(times(100, () => run.room(gone, { seats: 3 })));
        answered(await run.one.renewNode(gone, idleReport));
      }
      const lease = await run.register();
      const room = await run.room(lease, { seats: 1 });
      await run.one.releaseNode(gone);
      expect((await find()).room.id).toBe(room.id);
    });

    test("[DIR-9] a held seat is free again when its time is over", async () => {
      const lease = await run.register();
      const room = await run.room(lease, { maxSeats: 2 });
      await find();
      await find();
      expect((await find()).outcome).toBe("create");
      await run.harness.pass(holdMs + 50);
      expect((await find()).room.id).toBe(room.id);
    });

    test("[DIR-9] a hold that the owner settles is counted once", async () => {
      const lease = await run.register();
      const room = await run.room(lease, { maxSeats: 2 });
      await find({ hold: "came" });
      await run.one.updateRoom(lease, room, { seats: 1, settled: ["came"] });
      expect((await find({ hold: "went" })).room.id).toBe(room.id);
      await run.one.updateRoom(lease, room, { settled: ["went", "never-was"] });
      expect((await find()).room.id).toBe(room.id);
      expect((await find()).outcome).toBe("create");
    });
  });

  describe("placing a room", () => {
    test("[DIR-10] the least busy node that serves the build and has a place makes the room", async () => {
      const busy = await run.register();
      const quiet = await run.register();
      const full = await run.register({ maxRooms: 1 });
      await run.register({ games: [{ ...arena, build: "b2" }] });
      await run.room(full, { locked: true });
      await run.one.renewNode(busy, { load: load({ eventLoopUse: 0.5 }), pressure: 0.5 });
      await run.one.renewNode(quiet, { load: load({ eventLoopUse: 0.2 }), pressure: 0.2 });
      expect((await find()).node.id).toBe(quiet.node);
    });

    test("[DIR-10] rooms that are made at once are spread before anybody has reported them", async () => {
      for (let node = 0; node < 4; node++) await run.register({ maxRooms: 50 });
      const plan = (id: string) => ({ ...arena, options: undefined, id, maxSeats: 4 });
      const placed = await Promise.all(
        times(40, async (at) => answered(await run.one.placeRoom({ ...plan(`p${at}`), listed: false }))),
      );
      const byNode = groupedBy(placed, ({ node }) => node.id);
      expect([...byNode.values()].map((rooms) => rooms.length)).toEqual([10, 10, 10, 10]);
      expect(new Set(placed.map(({ outcome }) => outcome))).toEqual(new Set(["create"]));
    });

    test("[DIR-10] where no node serves the build, or all are full, there is none", async () => {
      expect(codeOf(await run.one.findOrCreate(search()))).toBe("no-node");
      const lease = await run.register({ maxRooms: 1 });
      await run.room(lease, { locked: true });
      expect(codeOf(await run.one.findOrCreate(search()))).toBe("no-node");
    });

    test("[DIR-11] a claim that is not opened in time is over: others make the room, and its node is told", async () => {
      const lease = await run.register({ maxRooms: 2 });
      const late = await find();
      await run.harness.pass(claimMs / 2);
      await run.one.updateRoom(lease, late.room, { metadata: { still: "loading" } });
      await run.harness.pass(claimMs / 2 + 50);
      const next = await find();
      expect(next.outcome).toBe("create");
      expect(next.room.id).not.toBe(late.room.id);
      expect(codeOf(await run.one.updateRoom(lease, late.room, { state: "open" }))).toBe("no-such-room");
      await run.one.renewNode(lease, idleReport);
      expect((await find({ options: { other: true } })).outcome).toBe("create");
    });

    test("[DIR-11] a claim whose node is gone is no room, and no orphan", async () => {
      const gone = await run.register();
      const claimed = await find();
      await run.one.releaseNode(gone);
      const lease = await run.register();
      expect(answered(await run.one.orphans())).toEqual([]);
      expect(codeOf(await run.one.claimRoom(lease, claimed.room))).toBe("no-such-room");
      expect(await find()).toMatchObject({ outcome: "create", node: { id: lease.node } });
    });

    test("[DIR-11] what is claimed opens within the lease, however long the room then lives", async () => {
      const lease = await run.register();
      const { room } = await find();
      await run.one.updateRoom(lease, room, { state: "open" });
      await run.harness.pass(leaseMs * 0.6);
      await run.one.renewNode(lease, idleReport);
      await run.harness.pass(leaseMs * 0.6);
      expect(answered(await run.one.room(room.id)).room.state).toBe("open");
    });
  });
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
