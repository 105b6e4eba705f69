import { describe, expect, test } from "vitest";
import {
  answered,
  arena,
  codeOf,
  contractOptions,
  type DirectoryRun,
  idleReport,
  newRoom,
  search,
  times,
} from "./kit.contract.ts";

const { leaseMs, deadlineMs } = contractOptions;

export function failoverContract(run: DirectoryRun): void {
  describe("failover", () => {
    test("[DIR-12] of a hundred claimants of an orphan one wins, under a higher epoch and the next timeline", async () => {
      const gone = await run.register();
      const room = await run.room(gone, { timeline: 5 });
      await run.one.releaseNode(gone);
      const claimants = await Promise.all(times(100, () => run.register()));
      const answers = await Promise.all(
        claimants.map((lease, at) => (at % 2 === 0 ? run.one : run.two).claimRoom(lease, room)),
      );
      const won = answers.flatMap((answer, at) => (answer.ok ? [{ at, room: answer.value }] : []));
      expect(won.length).toBe(1);
      expect(new Set(answers.map(codeOf).filter((code) => !code.startsWith("ok")))).toEqual(
        new Set(["room-taken"]),
      );
      const winner = claimants[won[0]?.at ?? -1];
      const claimed = won[0]?.room;
      expect(claimed).toMatchObject({
        id: room.id,
        timeline: 6,
        state: "restoring",
        owner: { node: winner?.node },
      });
      expect(claimed?.epoch).toBeGreaterThan(room.epoch);
      if (winner === undefined || claimed === undefined) return expect.fail("nobody won");
      expect(answered(await run.one.claimRoom(winner, room))).toEqual(claimed);
      expect(answered(await run.one.orphans())).toEqual([]);
    });

    test("[DIR-12] an orphan is neither listed nor found until its new owner opens it", async () => {
      const gone = await run.register();
      const room = await run.room(gone);
      await run.one.releaseNode(gone);
      const lease = await run.register();
      const list = async () =>
        answered(await run.two.rooms({ game: "arena" })).rooms.map(({ state }) => state);
      expect(await list()).toEqual([]);
      const claimed = answered(await run.one.claimRoom(lease, room));
      expect(await list()).toEqual(["restoring"]);
      expect(answered(await run.one.findOrCreate(search())).outcome).toBe("create");
      answered(await run.one.updateRoom(lease, claimed, { state: "open", seats: 2 }));
      expect(await list()).toEqual(["open"]);
      expect(answered(await run.one.findOrCreate(search())).room.id).toBe(room.id);
    });

    test("[DIR-12] who was paused for longer than its lease finds out with its next word", async () => {
      const paused = await run.register();
      const room = await run.room(paused);
      await run.harness.pass(leaseMs + 50);
      const lease = await run.register({}, run.two);
      const [orphan] = answered(await run.two.orphans());
      expect(orphan).toEqual(room);
      answered(await run.two.claimRoom(lease, room));
      expect(codeOf(await run.one.updateRoom(paused, room, { seats: 1 }))).toBe("lease-lost");
      const back = await run.register({ id: paused.node, formerEpoch: paused.epoch });
      expect(codeOf(await run.one.updateRoom(back, room, { seats: 1 }))).toBe("stale-owner");
      expect(codeOf(await run.one.claimRoom(back, room))).toBe("room-taken");
    });

    test("[DIR-12] a claimant that dies in its turn leaves an orphan again", async () => {
      const room = await run.room(await run.register());
      const first = await run.register();
      expect(codeOf(await run.one.claimRoom(first, room))).toBe("room-taken");
      await run.one.releaseNode(room.owner);
      const claimed = answered(await run.one.claimRoom(first, room));
      await run.one.releaseNode(first);
      const second = await run.register();
      expect(answered(await run.one.orphans())).toEqual([claimed]);
      expect(codeOf(await run.one.claimRoom(second, room))).toBe("room-taken");
      expect(answered(await run.one.claimRoom(second, claimed))).toMatchObject({ timeline: 2, id: room.id });
    });

    test("[DIR-12] orphans come in parts, until none is left", async () => {
      const gone = await run.register({ maxRooms: 1_000 });
      const rooms = await Promise.all(times(30, () => run.room(gone)));
      const claim = { ...arena, options: undefined, maxSeats: 4 };
      for (const id of times(300, (at) => `claim-${at}`)) await run.one.placeRoom({ ...claim, id });
      const lease = await run.register();
      await run.one.releaseNode(gone);
      const claimed: string[] = [];
      for (let round = 0; round < 10; round++) {
        const orphans = answered(await run.two.orphans(7));
        expect(orphans.length).toBeLessThanOrEqual(7);
        for (const orphan of orphans) claimed.push(answered(await run.two.claimRoom(lease, orphan)).id);
      }
      expect(claimed.sort()).toEqual(rooms.map(({ id }) => id).sort());
    });
  });

  describe("outage", () => {
    test.each(["silent", "refused"] as const)(
      "[DIR-17] with a line that is %s every question ends in a value in time, and others go on",
      async (how) => {
        const lease = await run.register();
        const room = await run.room(lease);
        const seen: string[] = [];
        run.one.onHealth(({ state }) => seen.push(state));
        const heal = await run.harness.cut(run.one, how);
        const questions = [
          run.one.registerNode({ id: "x", url: "wss://x", games: [room], maxRooms: 1, maxPlayers: 1 }),
          run.one.renewNode(lease, idleReport),
          run.one.releaseNode({ node: "x", epoch: 1 }),
          run.one.nodes(),
          run.one.findOrCreate(search()),
          run.one.placeRoom({ ...search(), id: "x", maxSeats: 1 }),
          run.one.createRoom(lease, newRoom()),
          run.one.updateRoom(lease, room, { seats: 1 }),
          run.one.removeRoom(lease, { id: "x", epoch: 1 }),
          run.one.transferRoom(lease, room, lease),
          run.one.room(room.id),
          run.one.rooms({ game: "arena" }),
          run.one.orphans(),
          run.one.claimRoom(lease, room),
        ];
        const settled = Promise.all(questions);
        let codes: string[] | undefined;
        const done = settled.then((answers) => {
          codes = answers.map(codeOf);
        });
        for (let passed = 0; passed < 2 * deadlineMs && codes === undefined; passed += 20)
          await run.harness.pass(20);
        expect(codes).toEqual(questions.map(() => "directory-unavailable"));
        await done;
        expect(run.one.health).toMatchObject({ state: "unavailable", reason: expect.any(String) });
        expect(answered(await run.two.room(room.id)).room).toEqual(room);
        heal();
        await run.until("the handle is back", async () => (await run.one.nodes()).ok);
        expect(run.one.health.state).toBe("available");
        expect(seen).toEqual(["unavailable", "available"]);
      },
    );

    test("[DIR-17] a handle that was closed says so, and nothing of it is left", async () => {
      const heard: string[] = [];
      run.one.watch(({ kind }) => heard.push(kind));
      await run.one.close();
      await run.one.close();
      expect(codeOf(await run.one.nodes())).toBe("directory-unavailable");
      expect(run.one.health).toEqual({ state: "closed" });
      await run.register({}, run.two);
      await run.harness.pass(100);
      expect(heard).toEqual([]);
    });

    test("[DIR-18] a directory that lost everything gives higher epochs, and learns its rooms again", async () => {
      const lease = await run.register({ id: "n" });
      const room = await run.room(lease, { timeline: 4, seats: 2, metadata: { map: "ice" } });
      await run.harness.restartEmpty();
      await run.until("the directory is back", async () => (await run.one.nodes()).ok);
      expect(codeOf(await run.one.renewNode(lease, idleReport))).toBe("lease-lost");
      expect(codeOf(await run.one.updateRoom(lease, room, { seats: 3 }))).toBe("lease-lost");
      const again = await run.register({ id: "n" });
      expect(again.epoch).toBeGreaterThan(lease.epoch);
      const { id, game, build, options, metadata, timeline, seats, maxSeats, epoch } = room;
      const known = await run.room(again, {
        ...{ id, game, build, options, metadata, timeline, seats, maxSeats, formerEpoch: epoch },
      });
      expect(known).toEqual({
        ...room,
        owner: { node: "n", epoch: again.epoch },
        epoch: known.epoch,
        createdAt: known.createdAt,
      });
      expect(known.epoch).toBeGreaterThan(room.epoch);
      expect(answered(await run.one.findOrCreate(search())).room.id).toBe(room.id);
    });

    test("[DIR-23] of two who make a room known again the later owner has it, whoever comes first", async () => {
      for (const first of ["earlier", "later"] as const) {
        const room = await run.room(await run.register());
        const { id, game, build, options, maxSeats, epoch } = room;
        await run.harness.restartEmpty();
        await run.until("the directory is back", async () => (await run.one.nodes()).ok);
        const [earlier, later] = [await run.register(), await run.register()];
        const again = { id, game, build, options, maxSeats };
        const asEarlier = () => run.one.createRoom(earlier, { ...again, formerEpoch: epoch });
        const asLater = () => run.one.createRoom(later, { ...again, formerEpoch: epoch + 10 });
        if (first === "later") {
          const known = answered(await asLater());
          expect(codeOf(await asEarlier())).toBe("room-exists");
          expect(answered(await run.one.room(id)).room).toEqual(known);
          continue;
        }
        const wrong = answered(await asEarlier());
        const right = answered(await asLater());
        expect([right.owner.node, right.epoch > wrong.epoch]).toEqual([later.node, true]);
        expect(answered(await asLater())).toEqual(right);
        expect(codeOf(await run.one.updateRoom(earlier, wrong, { seats: 1 }))).toBe("stale-owner");
        expect(answered(await run.one.findOrCreate(search())).node.id).toBe(later.node);
        await run.harness.pass(2_100);
        // What has settled stays: neither may have been published meanwhile.
        await run.one.renewNode(later, idleReport);
        const last = await run.register();
        const late = await run.one.createRoom(last, { ...again, formerEpoch: epoch + 20 });
        expect(codeOf(late)).toBe("room-exists");
      }
    });
  });
}
