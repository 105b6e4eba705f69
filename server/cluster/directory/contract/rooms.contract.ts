import { describe, expect, test } from "vitest";
import type { RoomQuery } from "../room-record.ts";
import { answered, arena, codeOf, type DirectoryRun, idleReport, newRoom, times } from "./kit.contract.ts";

export function roomsContract(run: DirectoryRun): void {
  describe("rooms", () => {
    test("[DIR-5] a room is what its owner says of it", async () => {
      const lease = await run.register();
      const options = { teams: [["red", 2], []], deep: { list: [], none: null, text: "ü" } };
      const metadata = { map: "dust", rank: 1.5, hard: true, by: null };
      const made = await run.room(lease, {
        options,
        metadata,
        timeline: 3,
        seats: 1,
        maxSeats: 9,
        locked: true,
      });
      expect(made).toEqual({
        ...{ ...arena, id: made.id, options, metadata, timeline: 3, seats: 1, maxSeats: 9, locked: true },
        ...{ listed: true, state: "open", owner: { node: lease.node, epoch: lease.epoch } },
        ...{ epoch: made.epoch, createdAt: made.createdAt },
      });
      const changes = { metadata: {}, seats: 5, maxSeats: 8, locked: false, listed: false, timeline: 4 };
      const changed = answered(await run.one.updateRoom(lease, made, changes));
      expect(changed).toEqual({ ...made, ...changes });
      const known = answered(await run.two.room(made.id));
      expect(known.room).toEqual(changed);
      expect(known.node).toMatchObject({ id: lease.node, epoch: lease.epoch });
      expect(codeOf(await run.two.room("nowhere"))).toBe("no-such-room");
    });

    test("[DIR-5] what another node, another epoch or a lost lease writes is refused, and changes nothing", async () => {
      const lease = await run.register();
      const other = await run.register();
      const room = await run.room(lease);
      const stale = { id: room.id, epoch: room.epoch - 1 };
      for (const [who, key] of [
        [other, room],
        [lease, stale],
      ] as const) {
        expect(codeOf(await run.one.updateRoom(who, key, { locked: true }))).toBe("stale-owner");
        expect(codeOf(await run.one.removeRoom(who, key))).toBe("stale-owner");
        expect(codeOf(await run.one.transferRoom(who, key, other))).toBe("stale-owner");
      }
      expect(answered(await run.one.room(room.id)).room).toEqual(room);
      await run.one.releaseNode(lease);
      expect(codeOf(await run.one.updateRoom(lease, room, { locked: true }))).toBe("lease-lost");
      expect(codeOf(await run.one.removeRoom(lease, room))).toBe("lease-lost");
      expect(codeOf(await run.one.createRoom(lease, newRoom()))).toBe("lease-lost");
      expect(answered(await run.one.room(room.id))).toEqual({ room, node: undefined });
    });

    test("[DIR-6] to create, change or remove a room twice is as good as once", async () => {
      const lease = await run.register();
      const plan = newRoom();
      const made = await run.room(lease, plan);
      expect(await run.room(lease, plan)).toEqual(made);
      const changed = answered(await run.one.updateRoom(lease, made, { seats: 2, settled: ["h"] }));
      expect(answered(await run.one.updateRoom(lease, made, { seats: 2, settled: ["h"] }))).toEqual(changed);
      expect(codeOf(await run.one.removeRoom(lease, made))).toMatch(/^ok/);
      expect(codeOf(await run.one.removeRoom(lease, made))).toMatch(/^ok/);
      expect(codeOf(await run.one.updateRoom(lease, made, { seats: 1 }))).toBe("no-such-room");
    });

    test("[DIR-6] an id that is taken is not given again", async () => {
      const lease = await run.register();
      const other = await run.register();
      const room = await run.room(lease);
      expect(codeOf(await run.one.createRoom(other, { ...newRoom(), id: room.id }))).toBe("room-exists");
      const plan = { ...arena, options: undefined, id: room.id, maxSeats: 4 };
      expect(codeOf(await run.one.placeRoom(plan))).toBe("room-exists");
    });

    test("[DIR-13] a transferred room is its new owner's, under the next epoch and the same timeline", async () => {
      const from = await run.register();
      const to = await run.register();
      const room = await run.room(from, { timeline: 2 });
      const given = answered(await run.one.transferRoom(from, room, to));
      expect(given).toMatchObject({
        owner: { node: to.node, epoch: to.epoch },
        timeline: 2,
        state: "restoring",
      });
      expect(given.epoch).toBeGreaterThan(room.epoch);
      expect(answered(await run.one.transferRoom(from, room, to))).toEqual(given);
      expect(codeOf(await run.one.updateRoom(from, room, { seats: 1 }))).toBe("stale-owner");
      expect(answered(await run.two.updateRoom(to, given, { state: "open" })).state).toBe("open");
      await run.one.releaseNode(from);
      expect(answered(await run.two.orphans())).toEqual([]);
    });

    test("[DIR-13] no room goes to a node that is gone, drains or does not serve it", async () => {
      const from = await run.register();
      const room = await run.room(from);
      const other = await run.register({ games: [{ ...arena, build: "b2" }] });
      const draining = await run.register();
      await run.one.renewNode(draining, { ...idleReport, draining: true });
      const gone = await run.register();
      await run.one.releaseNode(gone);
      for (const to of [other, draining, gone])
        expect(codeOf(await run.one.transferRoom(from, room, to))).toBe("no-node");
      expect(answered(await run.one.room(room.id)).room).toEqual(room);
    });
  });

  describe("lists", () => {
    const list = async (query: Partial<RoomQuery> = {}): Promise<string[]> =>
      answered(await run.two.rooms({ game: "arena", ...query })).rooms.map(({ id }) => id);

    test("[DIR-16] listed rooms are found by game, options and metadata, also after these changed", async () => {
      const lease = await run.register();
      const duel = await run.room(lease, {
        id: "a",
        options: { mode: "duel", size: 2 },
        metadata: { map: "ice", rank: 1 },
      });
      await run.room(lease, { id: "b", options: { mode: "teams" }, metadata: { map: "ice", rank: 2 } });
      await run.room(lease, { id: "c", metadata: { map: "fire", rank: 1 } });
      await run.room(lease, { id: "d", listed: false, metadata: { map: "ice" } });
      await run.room(lease, { id: "e", game: "echo", build: "b9" });
      expect(await list()).toEqual(["a", "b", "c"]);
      expect(await list({ game: "echo" })).toEqual(["e"]);
      expect(await list({ options: { size: 2, mode: "duel" } })).toEqual(["a"]);
      expect(await list({ options: undefined })).toEqual(["c"]);
      expect(await list({ metadata: { map: "ice" } })).toEqual(["a", "b"]);
      expect(await list({ metadata: { map: "ice", rank: 1 } })).toEqual(["a"]);
      expect(await list({ metadata: { rank: "1" } })).toEqual([]);
      expect(await list({ metadata: { map: "ice" }, options: { mode: "teams" } })).toEqual(["b"]);
      await run.one.updateRoom(lease, duel, { metadata: { map: "sand" } });
      expect(await list({ metadata: { map: "ice" } })).toEqual(["b"]);
      expect(await list({ metadata: { map: "sand" } })).toEqual(["a"]);
      await run.one.updateRoom(lease, duel, { listed: false });
      expect(await list()).toEqual(["b", "c"]);
      await run.one.updateRoom(lease, duel, { listed: true });
      await run.one.removeRoom(lease, duel);
      expect(await list()).toEqual(["b", "c"]);
    });

    test("[DIR-16] what somebody can join is not locked, full, being restored or its owner's last", async () => {
      const lease = await run.register();
      const draining = await run.register();
      await run.room(lease, { id: "locked", locked: true });
      await run.room(lease, { id: "full", seats: 4 });
      await run.room(lease, { id: "free", seats: 3 });
      const given = await run.room(draining, { id: "given" });
      await run.room(draining, { id: "last" });
      await run.one.transferRoom(draining, given, lease);
      await run.one.renewNode(draining, { ...idleReport, draining: true });
      expect(await list()).toEqual(["free", "full", "given", "last", "locked"]);
      expect(await list({ joinable: true })).toEqual(["free"]);
      await run.one.releaseNode(draining);
      expect(await list()).toEqual(["free", "full", "given", "locked"]);
    });

    test("[DIR-16] each room that stays is on exactly one page, whatever comes and goes meanwhile", async () => {
      const lease = await run.register({ maxRooms: 1_000 });
      const ids = times(95, (at) => `r${String(at).padStart(3, "0")}`);
      const rooms = await Promise.all(
        ids.map((id) => run.room(lease, { id, metadata: { even: id < "r050" } })),
      );
      const seen: string[] = [];
      let after: string | undefined;
      let pages = 0;
      do {
        const page = answered(await run.two.rooms({ game: "arena", limit: 10, ...(after && { after }) }));
        expect(page.rooms.length).toBeLessThanOrEqual(10);
        seen.push(...page.rooms.map(({ id }) => id));
        after = page.next;
        const leaving = rooms[pages];
        if (leaving !== undefined) await run.one.removeRoom(lease, leaving);
        await run.room(lease, { id: `r000-${pages}` });
        pages += 1;
      } while (after !== undefined && pages < 50);
      expect(after).toBeUndefined();
      expect(seen).toEqual(ids);
      expect(await list({ metadata: { even: true }, limit: 500 })).toEqual(ids.slice(pages, 50));
    });
  });
}
