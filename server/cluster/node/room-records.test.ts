import { expect, test } from "vitest";
import { NodeWorld } from "../../../tests/server-kit/node-world.ts";
import type { Directory } from "../directory/directory.ts";

/** Counts what a handle is asked of rooms. */
function counted(directory: Directory): { readonly writes: string[] } {
  const writes: string[] = [];
  for (const name of ["createRoom", "updateRoom", "removeRoom", "claimRoom"] as const) {
    const asked = directory[name].bind(directory) as (...given: unknown[]) => unknown;
    Object.assign(directory, {
      [name]: (...given: unknown[]) => {
        writes.push(name);
        return asked(...given);
      },
    });
  }
  return { writes };
}

test("[NOD-5] a room is known from when it opens, as it is, and forgotten when it has closed", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1", { metadata: { map: "ice" }, options: { mode: "duel" }, seats: { size: 1, taken: 2 } });
  await world.run(20);
  expect(await world.record("r1")).toMatchObject({
    ...{ id: "r1", game: "arena", build: "b1", options: { mode: "duel" }, metadata: { map: "ice" } },
    ...{ state: "open", listed: true, locked: false, seats: 2, maxSeats: 4 },
    owner: { node: "n1", epoch: plain.node.identity.epoch },
  });
  plain.close("r1");
  await world.run(20);
  expect(await world.record("r1")).toBeUndefined();
});

test("[NOD-5] what is said of a room follows within syncMs, many changes by one write, and nothing where nothing changed", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const { writes } = counted(plain.directory);
  const room = plain.open("r1");
  await world.run(1_000);
  expect(writes).toEqual(["createRoom", "updateRoom"]);
  for (let seat = 1; seat <= 3; seat++) room.seats.taken = seat;
  room.shut = "room-locked";
  room.visibility = "private";
  room.metadata = { round: 2 };
  await world.run(120);
  expect(writes.length).toBe(3);
  expect(await world.record("r1")).toMatchObject({
    ...{ seats: 3, locked: true, listed: false, metadata: { round: 2 } },
  });
  await world.run(10_000);
  expect(writes.length).toBe(3);
});

test("[NOD-5] a room with more metadata than the directory indexes is known by the first 32 entries", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1", { metadata: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`k${at}`, at])) });
  await world.run(50);
  expect(Object.keys((await world.record("r1"))?.metadata ?? {})).toHaveLength(32);
});

test("[NOD-6] what is not answered is asked again, so many at once and no more", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1", { writesAtOnce: 4, maxRooms: 100 });
  const heal = plain.directory.cut("silent");
  let most = 0;
  let underWay = 0;
  const create = plain.directory.createRoom.bind(plain.directory);
  plain.directory.createRoom = async (...given) => {
    most = Math.max(most, ++underWay);
    return create(...given).finally(() => {
      underWay -= 1;
    });
  };
  for (let room = 0; room < 20; room++) plain.open(`r${room}`);
  await world.run(1_200);
  expect([most, underWay]).toEqual([4, 4]);
  heal();
  await world.run(1_000);
  for (let room = 0; room < 20; room++)
    expect(await world.record(`r${room}`)).toMatchObject({ state: "open" });
  expect(most).toBe(4);
});

test("[NOD-6] a directory that refuses is not asked in a loop", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const { writes } = counted(plain.directory);
  world.hub.stop();
  plain.open("r1");
  await world.run(1_000);
  expect(writes.length).toBeGreaterThan(5);
  expect(writes.length).toBeLessThan(15);
});

test("[NOD-7] after a lost lease it claims its own rooms again, under higher epochs, with their timelines", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1", { lineage: { timeline: 5 } });
  await world.run(50);
  const before = await world.record("r1");
  const heal = plain.directory.cut("silent");
  await world.run(3_000);
  heal();
  await world.run(1_000);
  const after = await world.record("r1");
  expect(after).toMatchObject({
    ...{ state: "open", timeline: 5, owner: { node: "n1", epoch: plain.node.identity.epoch } },
  });
  expect(after?.epoch).toBeGreaterThan(before?.epoch ?? 0);
  expect(plain.node.records.epochOf("r1")).toBe(after?.epoch);
});

test("[NOD-7] where the directory lost everything they are made known again, under higher epochs", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1", { seats: { size: 2, taken: 2 } });
  await world.run(50);
  const before = await world.record("r1");
  world.hub.stop();
  world.hub.start("lost");
  await world.run(2_000);
  const after = await world.record("r1");
  expect(after).toMatchObject({ state: "open", seats: 2 });
  expect(after?.epoch).toBeGreaterThan(before?.epoch ?? 0);
});

test("[NOD-7] behind a loss of everything the later owner has the room, also where the earlier one comes first", async () => {
  const world = new NodeWorld();
  const earlier = await world.joined("n1");
  const later = await world.joined("n2");
  const former = earlier.open("r1");
  await world.run(50);
  const heal = earlier.directory.cut("silent");
  await world.run(2_100);
  const record = await world.record("r1");
  const { lease } = later.node;
  if (record === undefined || lease === undefined) throw new Error("no orphan, or no claimant");
  const claimed = await world.done(later.directory.claimRoom(lease, record));
  if (!claimed.ok) throw new Error(claimed.code);
  later.node.records.adopt(claimed.value);
  const room = later.open("r1");
  await world.run(50);

  const healLater = later.directory.cut("refused");
  world.hub.stop();
  world.hub.start("lost");
  heal();
  await world.run(500);
  expect((await world.record("r1"))?.owner.node).toBe("n1");
  healLater();
  let wasSettled = false;
  for (let waited = 0; waited < 4_000; waited += 50) {
    await world.run(50);
    wasSettled ||= earlier.node.records.isSettled("r1");
  }
  expect([former.closedBy, room.closedBy]).toEqual(["room-moved", undefined]);
  expect([wasSettled, later.node.records.isSettled("r1")]).toEqual([false, true]);
  expect(await world.record("r1")).toMatchObject({ state: "open", owner: { node: "n2" } });
});

test("[NOD-7] a room that somebody else claimed meanwhile stops here: its players are told room-moved", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const other = await world.joined("n2");
  const room = plain.open("r1");
  const kept = plain.open("r2");
  await world.run(50);
  const heal = plain.directory.cut("silent");
  await world.run(2_100);
  const record = await world.record("r1");
  const { lease } = other.node;
  if (record === undefined || lease === undefined) throw new Error("no orphan, or no claimant");
  expect(await world.done(other.directory.claimRoom(lease, record))).toMatchObject({ ok: true });
  heal();
  await world.run(1_000);
  expect([room.closedBy, kept.closedBy]).toEqual(["room-moved", undefined]);
  expect(plain.told).toContain("r1: room-taken");
  expect((await world.record("r1"))?.owner.node).toBe("n2");
  expect((await world.record("r2"))?.owner.node).toBe("n1");
});

test("[NOD-7] whoever hears that another owns its room, by any write, stops it", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const other = await world.joined("n2");
  const room = plain.open("r1");
  await world.run(50);
  const { lease } = plain.node;
  const to = other.node.lease;
  const record = await world.record("r1");
  if (record === undefined || lease === undefined || to === undefined) throw new Error("not set up");
  await world.done(world.eye.transferRoom(lease, record, to));
  room.seats.taken = 1;
  await world.run(200);
  expect([room.closedBy, plain.told.at(-1)]).toEqual(["room-moved", "r1: stale-owner"]);
  expect((await world.record("r1"))?.owner.node).toBe("n2");
});

test("[NOD-7] a room that closed while the lease was lost is nobody's orphan", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  plain.open("r1");
  await world.run(50);
  const heal = plain.directory.cut("silent");
  await world.run(2_100);
  plain.close("r1");
  heal();
  await world.run(1_000);
  expect(await world.record("r1")).toBeUndefined();
});

test("[NOD-7] a room that outlived its process is claimed from that life", async () => {
  const world = new NodeWorld();
  const former = await world.joined("n1");
  former.open("r1");
  await world.run(50);
  former.directory.cut("silent");
  await world.run(2_100);
  const next = world.make("n1");
  next.open("r1", { lineage: { timeline: 9 } });
  await world.done(next.node.join("wss://n1.example.com"));
  await world.run(100);
  expect(await world.record("r1")).toMatchObject({
    ...{ state: "open", timeline: 9, owner: { node: "n1", epoch: next.node.identity.epoch } },
  });
});

test("[NOD-8] a claimed room opens by its node's word, and a hold that is settled counts no more", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const search = (hold: string, id = "r1") => ({
    ...{ game: "arena", build: "b1", options: undefined, hold, create: { id, maxSeats: 2 } },
  });
  const placed = await world.done(world.eye.findOrCreate(search("h1")));
  expect(placed).toMatchObject({ ok: true, value: { outcome: "create", room: { state: "creating" } } });
  const room = plain.open("r1", { maxPlayers: 2 });
  await world.run(50);
  expect(await world.record("r1")).toMatchObject({ state: "open", seats: 0 });
  room.seats.taken = 1;
  plain.node.records.settle("r1", "h1");
  await world.run(50);
  // One came, and one seat is left.
  expect(await world.done(world.eye.findOrCreate(search("h2", "r2")))).toMatchObject({
    ...{ ok: true, value: { outcome: "found", room: { id: "r1", seats: 1 } } },
  });
});

test("[NOD-8] a room that was given to this node is its own from when it opens; one left behind is not touched", async () => {
  const world = new NodeWorld();
  const plain = await world.joined("n1");
  const other = await world.joined("n2");
  plain.open("r1");
  await world.run(50);
  const record = await world.record("r1");
  const { lease } = plain.node;
  const to = other.node.lease;
  if (record === undefined || lease === undefined || to === undefined) throw new Error("not set up");
  const moved = await world.done(plain.directory.transferRoom(lease, record, to));
  if (!moved.ok) throw new Error(moved.code);
  plain.node.records.leaveBehind("r1");
  plain.close("r1", "server-stopping");
  other.node.records.adopt(moved.value);
  await world.run(300);
  expect(await world.record("r1")).toMatchObject({ state: "restoring", owner: { node: "n2" } });
  other.open("r1");
  await world.run(50);
  expect(await world.record("r1")).toMatchObject({
    state: "open",
    owner: { node: "n2" },
    epoch: moved.value.epoch,
  });
  expect([plain.told, other.told]).toEqual([["member"], ["member"]]);
});
