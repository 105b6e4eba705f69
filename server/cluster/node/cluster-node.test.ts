import { expect, test } from "vitest";
import { NodeWorld } from "../../../tests/server-kit/node-world.ts";
import type { Directory } from "../directory/directory.ts";

const LEASE_MS = 2_000;

test("[NOD-1] a node registers and renews three times within a lease", async () => {
  const world = new NodeWorld();
  const { node, directory, told } = await world.joined("n1");
  const epoch = node.lease?.epoch;
  expect([told, node.identity]).toEqual([["member"], { id: "n1", epoch }]);
  const renewals: number[] = [];
  const renew: Directory["renewNode"] = directory.renewNode.bind(directory);
  directory.renewNode = (...asked) => {
    renewals.push(world.clock.now());
    return renew(...asked);
  };
  const from = world.clock.now();
  await world.run(LEASE_MS + 1);
  expect(renewals.map((at) => Math.round(at - from))).toEqual([667, 1333, 2000]);
  await world.run(60_000);
  expect([told, node.lease?.epoch]).toEqual([["member"], epoch]);
  expect(node.lease?.validUntil).toBeGreaterThan(world.clock.now());
  expect(await world.nodes()).toMatchObject([{ id: "n1", url: "wss://n1.example.com", maxRooms: 10 }]);
});

test("[NOD-2] without an answer its lease ends by its own clock, and it comes back as soon as the directory does", async () => {
  const world = new NodeWorld();
  const { node, directory, told } = await world.joined("n1");
  const { epoch = 0 } = node.lease ?? {};
  const heal = directory.cut("silent");
  await world.run(LEASE_MS - 10);
  expect(node.state.state).toBe("member");
  await world.run(10);
  expect([node.lease, told.at(-1)]).toEqual([undefined, "cut-off: directory-unavailable"]);
  heal();
  await world.clock.settle();
  await world.run(LEASE_MS);
  expect(told).toEqual(["member", "cut-off: directory-unavailable", "member"]);
  expect(node.lease?.epoch).toBeGreaterThan(epoch);
});

test("[NOD-2] a lease that the directory still believes in goes on under its epoch", async () => {
  const world = new NodeWorld();
  const { node, directory, told } = await world.joined("n1");
  const { epoch } = node.identity;
  // It renews, and does not hear of it.
  const heal = directory.cut("answers-lost");
  await world.run(LEASE_MS);
  expect(told).toEqual(["member", "cut-off: directory-unavailable"]);
  heal();
  await world.run(700);
  expect([told.at(-1), node.identity.epoch]).toEqual(["member", epoch]);
});

test("[NOD-2] a directory that lost everything gives it a higher epoch", async () => {
  const world = new NodeWorld();
  const { node, told } = await world.joined("n1");
  const { epoch } = node.identity;
  world.hub.stop();
  await world.run(100);
  world.hub.start("lost");
  await world.run(LEASE_MS);
  expect(told).toEqual(["member", "cut-off: lease-lost", "member"]);
  expect(node.identity.epoch).toBeGreaterThan(epoch);
});

test("[NOD-2] where it cannot be reached at first, it joins when it can", async () => {
  const world = new NodeWorld();
  world.hub.stop();
  const plain = world.make("n1");
  await world.done(plain.node.join("wss://n1.example.com"));
  expect(plain.node.state).toEqual({ state: "outside" });
  world.hub.start("kept");
  await world.run(200);
  expect(plain.node.state.state).toBe("member");
});

test("[NOD-3] of two processes with one name the newer keeps it, and the older does not take it back", async () => {
  const world = new NodeWorld();
  const older = await world.joined("n1");
  const newer = await world.joined("n1");
  await world.run(10 * LEASE_MS);
  expect(older.told).toEqual(["member", "cut-off: lease-lost", "replaced"]);
  expect(newer.told).toEqual(["member"]);
  await world.done(older.node.leave());
  expect(await world.nodes()).toMatchObject([{ id: "n1", epoch: newer.node.identity.epoch }]);
});

test("[NOD-4] with each renewal it tells how busy it is", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1", { seats: { size: 3, taken: 4 } });
  plain.eventLoopUse = 0.4;
  for (let tick = 0; tick < 50; tick++)
    plain.bus.emit("tickDone", {
      ...{ room: { id: "r1", game: "arena" }, tick, players: 3, latenessMs: 6.2, stepMs: 0, commitMs: 0 },
      ...{ publishMs: 0, frames: 0, bytes: 0, keyframes: 0 },
    });
  await world.run(700);
  const load = { rooms: 1, players: 3, eventLoopUse: 0.4, tickLatenessMs: 6.5 };
  expect(await world.nodes()).toMatchObject([{ load }]);
  await world.run(700);
  expect(await world.nodes()).toMatchObject([{ load: { ...load, tickLatenessMs: 0 } }]);
});

test("[NOD-9] a node that drains says so at once, and again where its lease was lost", async () => {
  const world = new NodeWorld();
  const { node, told } = await world.joined("n1");
  node.drain();
  await world.run(1);
  expect(await world.nodes()).toMatchObject([{ id: "n1", draining: true }]);
  world.hub.stop();
  world.hub.start("lost");
  await world.run(LEASE_MS);
  expect(told).toContain("cut-off: lease-lost");
  expect(await world.nodes()).toMatchObject([{ id: "n1", draining: true }]);
});

test("[NOD-9] a node that leaves has its rooms forgotten first, and leaves no timer behind", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  for (const id of ["r1", "r2"]) plain.open(id);
  await world.run(50);
  for (const id of ["r1", "r2"]) plain.close(id, "server-stopping");
  const left = plain.node.leave();
  await world.run(50);
  await left;
  expect([await world.record("r1"), await world.record("r2"), await world.nodes()]).toEqual([
    undefined,
    undefined,
    [],
  ]);
  expect([plain.told.at(-1), world.clock.pending]).toEqual(["left", 0]);
  await plain.node.leave();
});

test("[NOD-9] it does not wait for ever for a directory that is away", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1");
  await world.run(50);
  world.hub.stop();
  plain.close("r1");
  const left = plain.node.leave();
  await world.run(1_000);
  await left;
  expect([plain.told.at(-1), world.clock.pending]).toEqual(["left", 0]);
});
