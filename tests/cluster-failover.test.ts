import { describe, expect, test } from "vitest";
import { defineRoom } from "../server/room/define-room.ts";
import { defineGame, table, u32 } from "../shared/game.ts";
import { FaultyStore } from "./server-kit/faulty-store.ts";
import { isConsecutive, isJoined, listen, post, postOffice } from "./server-kit/post-office.ts";
import { ClusterWorld, type ClusterWorldOptions } from "./simulation/cluster/cluster-world.ts";

/** Three nodes and a player in a room of the first. */
async function opened(options: ClusterWorldOptions = {}, nodes = ["n1", "n2", "n3"]) {
  const world = new ClusterWorld(options, (clock) => new FaultyStore(clock));
  const office = postOffice();
  for (const id of nodes) await world.start(id, office.room);
  const client = await world.connect(post, "/post", "n1");
  const heard = listen(client);
  await world.run(1_500);
  return { world, ...office, client, heard };
}

const owner = (world: ClusterWorld<FaultyStore>, room: string) => world.record(room)?.owner.node;

describe("[FAI-2] rooms of a node that is gone go on elsewhere", () => {
  test("its players are back with their seats, told what was undone, and what was not undone counts once", async () => {
    const { world, client, heard, diary } = await opened();
    client.send("note", { n: 1 });
    await world.run(2_000);
    const before = {
      tick: client.tick,
      player: client.playerId,
      timeline: world.core(client.id)?.lineage.timeline,
    };
    world.crash("n1");
    const awayMs = await world.when("the player is away", () => client.connection.state !== "joined");
    const tookMs = awayMs + (await world.when("the player is back", isJoined(client)));
    expect(owner(world, client.id)).not.toBe("n1");
    expect(client.playerId).toBe(before.player);
    expect(heard.rolledBack.length).toBe(1);
    const [{ from, to }] = heard.rolledBack as [{ from: number; to: number }];
    expect(from).toBe(before.tick);
    // One interval, and what a save takes.
    expect(from - to).toBeLessThanOrEqual(22);
    expect(diary.notes).toEqual([1]);
    expect(world.record(client.id)).toMatchObject({
      state: "open",
      epoch: world.core(client.id)?.lineage.timeline,
    });
    // A lease, a look, a restore, and how long the SDK waits between two attempts.
    expect(tookMs).toBeLessThanOrEqual(5_000);
    expect(world.ownership.overlaps()).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("of many rooms each has one new owner, and no node takes all", async () => {
    const { world, client } = await opened();
    const rooms = [client.id];
    for (let n = 0; n < 30; n++) {
      const made = await world.process("n1").server.matchmaker.create({ game: "post", options: undefined });
      if ("name" in made) rooms.push(made.name.id);
    }
    await world.run(3_000);
    world.crash("n1");
    await world.run(4_000);
    const owners = rooms.map((room) => owner(world, room));
    expect(rooms.filter((room) => world.core(room) === undefined)).toEqual([]);
    for (const id of ["n2", "n3"]) {
      const share = owners.filter((each) => each === id).length;
      expect(share, id).toBeGreaterThanOrEqual(6);
    }
    expect(world.of("roomTakenOver").length).toBe(rooms.length);
  });

  test("a room that was never saved is forgotten, and its players are told so", async () => {
    const { world, client } = await opened();
    world.store.saves = "fail";
    const late = await world.connect(post, "/post/", "n2");
    await world.run(200);
    expect(late.id).not.toBe(client.id);
    world.crash("n2");
    await world.when("the stay is over", () => late.connection.state === "closed");
    expect(late.connection).toMatchObject({ close: { name: "no-such-room" } });
    expect(world.record(late.id)).toBeUndefined();
    expect(world.of("roomForgotten")).toMatchObject([{ room: { id: late.id } }]);
  });

  test("what no node serves any more is forgotten after a while", async () => {
    const { world, client } = await opened({}, ["n1"]);
    const other = defineGame({ name: "other", tickRate: 20, state: { things: table({ n: u32 }) } });
    await world.start("n9", defineRoom(other, {}));
    world.crash("n1");
    await world.run(4_000);
    expect(world.record(client.id)).toBeDefined();
    await world.run(6_000);
    expect(world.record(client.id)).toBeUndefined();
  });

  test("a node that is started again under its name has its rooms at once; one that is the last, too", async () => {
    const { world, room, client, heard } = await opened({}, ["n1"]);
    await world.run(1_000);
    world.crash("n1");
    await world.run(5_000);
    await world.start("n1", room);
    await world.when("the player is back", isJoined(client));
    expect([heard.rolledBack.length, owner(world, client.id)]).toEqual([1, "n1"]);
  });

  test("a store that does not answer for a while is asked again", async () => {
    const { world, client } = await opened({}, ["n1", "n2"]);
    world.crash("n1");
    const load = world.store.load.bind(world.store);
    world.store.load = () => Promise.reject(new Error("away"));
    await world.run(4_000);
    expect([owner(world, client.id), world.core(client.id)]).toEqual(["n2", undefined]);
    world.store.load = load;
    await world.when("the player is back", isJoined(client));
    expect(world.of("roomForgotten")).toEqual([]);
  });
});

describe("[FAI-9] behind a loss of everything", () => {
  test("a room goes on from the life that its later owner saved, where that owner is gone and the former one is back", async () => {
    const { world, client, heard, diary } = await opened();
    const heal = world.cut("n1", "silent");
    await world.when("another has the room", () => owner(world, client.id) !== "n1");
    const later = owner(world, client.id) ?? "";
    await world.when("the player is back", isJoined(client));
    client.send("note", { n: 1 });
    await world.run(2_000);
    expect(client.me).toMatchObject({ notes: 1 });
    const seen = { tick: client.tick, player: client.playerId };

    world.crash(later);
    world.hub.stop();
    world.hub.start("lost");
    heal();
    await world.when("the player is back again", isJoined(client));
    await world.run(2_000);
    expect([owner(world, client.id), client.connection.state]).toEqual(["n1", "joined"]);
    expect(client.playerId).toBe(seen.player);
    expect(client.me).toMatchObject({ notes: 1 });
    expect(diary.notes).toEqual([1]);
    // By an interval and a save, not to what the former owner knew.
    const { from, to } = heard.rolledBack.at(-1) ?? { from: 0, to: 0 };
    expect([from >= seen.tick, from - to <= 30]).toEqual([true, true]);
    expect(world.of("checkpointFailed")).toEqual([]);
    expect(world.ownership.overlaps()).toEqual([]);
    expect(world.errors).toEqual([]);
  });
});

describe("[FAI-3] a node that drains moves its rooms", () => {
  test("nobody is set back: the next tick follows, everything is heard once, and the gap is below a second", async () => {
    const { world, client, heard, diary } = await opened();
    let n = 0;
    const say = async (ms: number) => {
      for (const end = world.clock.now() + ms; world.clock.now() < end; ) {
        client.send("note", { n: ++n });
        await world.run(50);
      }
    };
    await say(1_000);
    const ticks: { tick: number; at: number }[] = [];
    client.onTick((tick) => ticks.push({ tick, at: world.clock.now() }));
    const drained = world.process("n1").server.drain(20_000);
    await say(3_000);
    await world.until(drained);
    await world.run(500);
    expect([heard.rolledBack, heard.lost, client.connection.state]).toEqual([[], [], "joined"]);
    expect(owner(world, client.id)).not.toBe("n1");
    expect(diary.notes).toEqual(Array.from({ length: n }, (_, index) => index + 1));
    expect([isConsecutive(heard.news), isConsecutive(heard.letters)]).toEqual([true, true]);
    expect(diary.lines.filter((line) => line.startsWith("leave"))).toEqual([]);
    const gaps = ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_000);
    expect(world.of("roomMoved")).toMatchObject([{ isThere: true, by: "n1" }]);
    expect(world.ownership.overlaps()).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("rooms go to the least busy first, and so that none has all", async () => {
    const { world } = await opened();
    for (let n = 0; n < 19; n++)
      await world.process("n1").server.matchmaker.create({ game: "post", options: undefined });
    await world.run(500);
    await world.stop("n1", 20_000);
    const moved = world.of("roomMoved").map(({ node }) => node);
    expect(moved.filter((node) => node === "n2").length).toBe(10);
    expect(moved.filter((node) => node === "n3").length).toBe(10);
  });

  // Whether it hears of the room first, or that it still has its lease, is up to the moment.
  test.each([100, 200, 300])(
    "a room that was given to a node which heard nothing meanwhile opens there once it does, %i ms later",
    async (laterMs) => {
      const { world, client, heard } = await opened({}, ["n1", "n2"]);
      // By the directory its lease goes on; by its own clock it is over.
      const heal = world.cut("n2", "answers-lost");
      await world.run(2_500);
      const drained = world.process("n1").server.drain(10_000);
      await world.when("the room is given away", () => owner(world, client.id) === "n2");
      await world.until(drained);
      await world.run(500 + laterMs);
      heal();
      await world.when("the player is back", isJoined(client));
      expect([owner(world, client.id), heard.rolledBack, heard.lost]).toEqual(["n2", [], []]);
      expect(world.ownership.overlaps()).toEqual([]);
    },
  );

  test("the last node plays on until its deadline, and leaves rooms that a later one restores without a rollback", async () => {
    const { world, room, client, heard } = await opened({}, ["n1"]);
    const drained = world.process("n1").server.drain(3_000);
    await world.run(2_500);
    expect(client.connection.state).toBe("joined");
    await world.until(drained);
    await world.run(2_000);
    await world.start("n2", room);
    await world.when("the player is back", isJoined(client));
    expect([heard.rolledBack, heard.lost, isConsecutive(heard.news)]).toEqual([[], [], true]);
  });

  test("one that is stopped at once leaves exact rooms that others take at once", async () => {
    const { world, client, heard } = await opened();
    await world.stop("n1");
    const tookMs = await world.when("the player is back", isJoined(client));
    expect(tookMs).toBeLessThanOrEqual(2_000);
    expect([heard.rolledBack, heard.lost, isConsecutive(heard.letters)]).toEqual([[], [], true]);
  });

  test("a store that fails for a moment delays the move; one that fails for good costs one checkpoint at most", async () => {
    const { world, client, heard } = await opened();
    world.store.saves = "fail";
    const drained = world.process("n1").server.drain(20_000);
    await world.run(400);
    world.store.saves = "work";
    await world.until(drained);
    await world.when("the player is back", isJoined(client));
    await world.run(300);
    expect([heard.rolledBack, isConsecutive(heard.news)]).toEqual([[], true]);
  });
});

describe("[FAI-4] behind a fence no room has two owners", () => {
  test("a node that stands still for longer than its lease finds its rooms taken, and sends its players after them", async () => {
    const { world, client } = await opened();
    await world.run(1_000);
    world.pause("n1", 8_000);
    await world.run(6_000);
    expect(owner(world, client.id)).not.toBe("n1");
    const saved = await world.store.load({ game: "post", room: client.id });
    await world.run(6_000);
    await world.when("the player is back", isJoined(client));
    expect(world.process("n1").server.matchmaker.rooms.size).toBe(0);
    expect(world.ownership.overlaps()).toEqual([]);
    const now = await world.store.load({ game: "post", room: client.id });
    if (saved.state !== "found" || now.state !== "found") throw new Error("the room is not saved");
    expect(now.checkpoint.epoch).toBe(saved.checkpoint.epoch);
  });

  test("what it publishes ends by the margin before its lease does, whatever the event loop does", async () => {
    const { world, client } = await opened();
    await world.run(1_000);
    world.cut("n1", "silent");
    const cutAt = world.clock.now();
    await world.run(6_000);
    const last = world.ownership.entries.findLast(({ node, room }) => node === "n1" && room === client.id);
    const { leaseMs } = world.hub.options;
    expect(last?.at).toBeLessThanOrEqual(cutAt + leaseMs - 100);
    expect(world.of("fenceChanged")).toMatchObject([{ by: "n1", state: "shut", rooms: 1 }]);
    const first = world.ownership.entries.find(({ node, room }) => node !== "n1" && room === client.id);
    expect(first?.at).toBeGreaterThan(last?.at ?? 0);
    expect(isJoined(client)()).toBe(true);
  });

  test("without the directory rooms stand still and joins are told to try again; they go on where they were", async () => {
    for (const memory of ["kept", "lost"] as const) {
      const { world, client, heard, diary } = await opened();
      client.send("note", { n: 1 });
      await world.run(200);
      world.hub.stop();
      await world.run(5_000);
      const stood = client.tick;
      expect(client.connection.state).toBe("reconnecting");
      await expect(
        world.connect(post, "/post", "n1", undefined, { reconnectWithinMs: 0 }),
      ).rejects.toMatchObject({ close: { name: "server-busy", retry: "later" } });
      await world.run(25_000);
      expect(client.tick).toBe(stood);
      world.hub.start(memory);
      const backMs = await world.when("the rooms go on", () =>
        world.of("fenceChanged").some(({ state }) => state === "open"),
      );
      expect(backMs).toBeLessThanOrEqual(5_000);
      await world.when("the player is back", isJoined(client));
      await world.run(500);
      expect([heard.rolledBack, heard.lost, isConsecutive(heard.news)]).toEqual([[], [], true]);
      expect([diary.notes, owner(world, client.id)]).toEqual([[1], "n1"]);
      expect(world.record(client.id)).toMatchObject({ state: "open" });
      expect(world.ownership.overlaps()).toEqual([]);
    }
  });

  test("one that finds its name taken stops its rooms", async () => {
    const { world, client, room } = await opened();
    world.pause("n1", 3_000);
    await world.run(2_500);
    await world.start("n1", room);
    await world.run(3_000);
    expect(world.processes[0]?.server.matchmaker.rooms.size).toBe(0);
    await world.when("the player is back", isJoined(client));
    expect(world.ownership.overlaps()).toEqual([]);
  });
});

describe("[FAI-5] who continues plays on without the directory", () => {
  const goOn = { onDirectoryLoss: "continue" } as const;

  test("no tick is missing, and rooms are known again when it is back, whether it forgot them or not", async () => {
    for (const memory of ["kept", "lost"] as const) {
      const { world, client, heard } = await opened(goOn);
      world.hub.stop();
      await world.run(30_000);
      world.hub.start(memory);
      await world.run(5_000);
      expect([client.connection.state, heard.states, isConsecutive(heard.news)]).toEqual([
        "joined",
        [],
        true,
      ]);
      expect(world.record(client.id)).toMatchObject({ owner: { node: "n1" }, state: "open", seats: 1 });
    }
  });

  test("a node that is cut off is asked before its rooms are taken, and keeps them", async () => {
    const { world, client, heard } = await opened(goOn);
    const heal = world.cut("n1", "silent");
    await world.run(10_000);
    expect([client.connection.state, world.of("roomTakenOver")]).toEqual(["joined", []]);
    heal();
    await world.run(3_000);
    expect(world.record(client.id)).toMatchObject({ owner: { node: "n1" }, state: "open" });
    expect(isConsecutive(heard.news)).toBe(true);
    world.crash("n1");
    await world.when("the player is away", () => client.connection.state !== "joined");
    await world.when("the player is back", isJoined(client));
  });

  test("one that does not answer is taken for gone, and stops when it hears so", async () => {
    const { world, client } = await opened(goOn);
    world.pause("n1", 8_000);
    await world.run(12_000);
    await world.when("the player is back", isJoined(client));
    expect(owner(world, client.id)).not.toBe("n1");
    expect(world.process("n1").server.matchmaker.rooms.size).toBe(0);
    expect(world.of("roomDisowned")).toMatchObject([{ by: "n1" }]);
  });
});
