import { describe, expect, test } from "vitest";
import {
  answered,
  arena,
  codeOf,
  contractOptions,
  type DirectoryRun,
  idleReport,
  load,
} from "./kit.contract.ts";

const { leaseMs } = contractOptions;

export function nodesContract(run: DirectoryRun): void {
  describe("nodes", () => {
    test("[DIR-1] every epoch of a node is higher than those before it", async () => {
      const first = await run.register({ id: "n" });
      const second = await run.register({ id: "n" }, run.two);
      await run.two.releaseNode(second);
      const third = await run.register({ id: "n" });
      await run.harness.pass(leaseMs + 50);
      const fourth = await run.register({ id: "n" });
      const epochs = [first, second, third, fourth].map(({ epoch }) => epoch);
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    });

    test("[DIR-1] a node that names its former epoch is given a higher one, whatever the clock says", async () => {
      const formerEpoch = 98_765_432_109_876;
      const { epoch } = await run.register({ formerEpoch });
      expect(epoch).toBe(formerEpoch + 1);
      const [node] = answered(await run.one.nodes());
      expect(node?.epoch).toBe(epoch);
    });

    test("[DIR-2] a lease lives for as long as it is renewed, and its holder knows its end in time", async () => {
      const lease = await run.register();
      let validUntil = lease.validUntil;
      for (let renewal = 0; renewal < 4; renewal++) {
        await run.harness.pass(leaseMs / 2);
        const renewed = answered(await run.one.renewNode(lease, idleReport));
        expect(renewed.validUntil).toBeGreaterThanOrEqual(validUntil + leaseMs / 2 - 5);
        expect(renewed.epoch).toBe(lease.epoch);
        validUntil = renewed.validUntil;
      }
      expect(answered(await run.two.nodes()).map(({ id }) => id)).toEqual([lease.node]);
    });

    test("[DIR-2] renewing a lease that is over, released or unknown says that it is lost", async () => {
      const late = await run.register();
      const gone = await run.register();
      await run.one.releaseNode(gone);
      await run.harness.pass(leaseMs + 50);
      expect(codeOf(await run.one.renewNode(late, idleReport))).toBe("lease-lost");
      expect(codeOf(await run.one.renewNode(gone, idleReport))).toBe("lease-lost");
      expect(codeOf(await run.one.renewNode({ node: "nobody", epoch: 1 }, idleReport))).toBe("lease-lost");
      expect(answered(await run.one.nodes())).toEqual([]);
      expect(codeOf(await run.one.releaseNode(late))).toMatch(/^ok/);
    });

    test("[DIR-3] whoever registered an id last has it; its former holder may neither renew, release nor write", async () => {
      const former = await run.register({ id: "n" });
      const room = await run.room(former);
      const holder = await run.register({ id: "n" }, run.two);
      expect(codeOf(await run.one.renewNode(former, idleReport))).toBe("lease-lost");
      expect(codeOf(await run.one.updateRoom(former, room, { locked: true }))).toBe("lease-lost");
      await run.one.releaseNode(former);
      expect(answered(await run.one.nodes()).map(({ epoch }) => epoch)).toEqual([holder.epoch]);
      expect(answered(await run.one.orphans()).map(({ id }) => id)).toEqual([room.id]);
    });

    test("[DIR-4] the nodes that live are listed by id, with what they serve and how busy they are", async () => {
      const games = [arena, { game: "echo", build: "b7" }];
      const b = await run.register({
        id: "b",
        games,
        url: "wss://b.example.com",
        maxRooms: 7,
        maxPlayers: 70,
      });
      const a = await run.register({ id: "a" }, run.two);
      const busy = load({ rooms: 3, players: 12, eventLoopUse: 0.25, tickLatenessMs: 1.5 });
      await run.one.renewNode(b, { load: busy, pressure: 0.43, draining: true });
      const nodes = answered(await run.two.nodes());
      expect(nodes.map(({ id, epoch }) => ({ id, epoch }))).toEqual([
        { id: "a", epoch: a.epoch },
        { id: "b", epoch: b.epoch },
      ]);
      expect(nodes[0]).toMatchObject({ load: load(), draining: false, games: [arena] });
      expect(nodes[1]).toEqual({
        ...{ id: "b", epoch: b.epoch, url: "wss://b.example.com", games, maxRooms: 7, maxPlayers: 70 },
        ...{ load: busy, draining: true },
      });
    });

    test("[DIR-4] who has begun to drain does not stop it", async () => {
      const lease = await run.register();
      await run.one.renewNode(lease, { ...idleReport, draining: true });
      await run.one.renewNode(lease, { ...idleReport, draining: false });
      expect(answered(await run.one.nodes())[0]?.draining).toBe(true);
    });
  });
}
