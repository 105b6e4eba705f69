import { describe, expect, test } from "vitest";
import { isConsecutive, isJoined, listen, opened, playPast, post, saves } from "./server-kit/post-office.ts";
import { RestartedWorld } from "./server-kit/restarted.ts";

describe("[CKP-21] after a crash the room is as it was at most one checkpoint ago", () => {
  test("players have their seats again and are told from where to where they were set back", async () => {
    const game = await opened();
    const { world, room, diary, client, heard } = game;
    const saved = await playPast(game, 600);
    const seen = client.tick;
    expect(seen - saved).toBeGreaterThanOrEqual(10);
    world.crash();
    await world.run(2_000);
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    expect(heard.rolledBack).toEqual([{ from: seen, to: saved }]);
    expect(heard.lost).toEqual([]);
    const core = world.core(client);
    expect(client.tick).toBeGreaterThan(seen);
    expect(client.me?.x).toBe(core.tick % 1000);
    await world.run(1_000);
    // What was undone is not told again, and nothing after it is missing.
    const first = heard.news.findIndex((n) => n > seen);
    expect(isConsecutive(heard.news.slice(first))).toBe(true);
    expect(isConsecutive(heard.letters.slice(first))).toBe(true);
    expect(heard.news.at(-1)).toBe(core.tick);
    expect(heard.rolledBack).toHaveLength(1);
    expect(diary.lines).toEqual(["create", "join 1", "restore 1 true", "away 1", "back 1"]);
    expect(world.errors).toEqual([]);
  });

  test("a checkpoint is never older than a second, and begins no tick that was published", async () => {
    const game = await opened();
    const { world, room, client } = game;
    for (let round = 0; round < 12; round++) {
      await world.run(130 * round);
      const { tick } = world.core(client);
      const { tick: saved } = saves(world).at(-1) as unknown as { tick: number };
      if (round > 8) expect(tick - saved).toBeLessThanOrEqual(21);
      if (round < 10) continue;
      world.crash();
      await world.run(round * 100);
      await world.start(room);
      await world.when("the client is back", isJoined(client));
      expect(client.tick).toBeGreaterThan(tick);
    }
  });

  test("calls that were acknowledged and undone are told; all others are processed once more and no more", async () => {
    const game = await opened({ world: new RestartedWorld({ intervalMs: 3_000 }) });
    const { world, room, diary, client, heard } = game;
    for (let n = 1; n <= 20; n++) {
      client.send("note", { n });
      await world.run(50);
    }
    await playPast(game, 0);
    const kept = client.me?.notes ?? 0;
    // Processed and acknowledged in ticks that will be undone.
    for (let n = 21; n <= 25; n++) client.send("note", { n });
    await world.run(1_500);
    expect(diary.notes).toHaveLength(25);
    // Arrived, perhaps processed, not acknowledged.
    client.send("note", { n: 26 });
    await world.run(60);
    const sent = diary.notes.length;
    diary.notes.length = 0;
    world.crash();
    client.send("note", { n: 27 });
    await world.run(1_000);
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    client.send("note", { n: 28 });
    await world.run(500);
    const undone = heard.lost.find(({ what }) => what === "calls");
    const count = undone !== undefined && "count" in undone ? undone.count : 0;
    expect([kept, count, sent]).toEqual([20, 5, 26]);
    expect(diary.notes).toEqual([26, 27, 28]);
    expect(client.me?.notes).toBe(23);
    expect(world.errors).toEqual([]);
  });

  test("a second crash before anything was saved undoes what came since, and not the same calls again", async () => {
    const game = await opened({ world: new RestartedWorld({ intervalMs: 60_000 }) });
    const { world, room, client, heard } = game;
    const counts = (): number[] => heard.lost.flatMap((lost) => (lost.what === "calls" ? [lost.count] : []));
    await world.when("the room is saved", () => saves(world).length > 0);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n <= round; n++) client.send("note", { n });
      await world.run(1_500);
      world.crash();
      await world.start(room);
      await world.when("the client is back", isJoined(client));
    }
    expect(counts()).toEqual([1, 2, 3]);
    expect(client.me?.notes).toBe(0);
    expect(world.errors).toEqual([]);
  });

  test("requests settle: answered again where they were not acknowledged, as lost where they were", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const game = await opened({ gate, world: new RestartedWorld({ intervalMs: 3_000 }) });
    const { world, room, client } = game;
    await playPast(game, 50);
    const acknowledged = client.request("double", { n: 91 });
    await world.run(1_500);
    const unanswered = client.request("double", { n: 4 });
    world.crash();
    await world.run(300);
    await world.start(room);
    expect(await world.until(acknowledged)).toEqual({ ok: false, error: "lost" });
    expect(await world.until(unanswered)).toEqual({ ok: true, value: { twice: 8 } });
    open();
  });

  test("one who was away since before the checkpoint is not set back; what they missed is told as lost", async () => {
    const game = await opened();
    const { world, room, client, link, heard } = game;
    await world.connect(post, `/post/${client.id}`);
    await playPast(game, 100);
    const seen = client.tick;
    // Nothing reaches them any more, but they do not know.
    link.pauseReading();
    await world.run(2_500);
    world.crash();
    await world.run(500);
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    expect(heard.rolledBack).toEqual([]);
    expect(heard.lost).toMatchObject([{ what: "events" }]);
    expect(heard.lost[0]).toMatchObject({ upToTick: expect.any(Number) });
    const [lost] = heard.lost;
    expect(lost?.what === "events" && lost.upToTick > seen).toBe(true);
    await world.run(500);
    expect(client.me?.x).toBe(world.core(client).tick % 1000);
  });
});

describe("[CKP-22] each restore begins a timeline of its own", () => {
  test("two crashes in a row, the second before anything was saved: nobody mistakes one for the other", async () => {
    const game = await opened();
    const { world, room, client, heard } = game;
    const saved = await playPast(game, 500);
    const [first] = [client.tick];
    const timelines: number[] = [];
    world.store.saves = "fail";
    for (let round = 0; round < 3; round++) {
      world.crash();
      await world.run(1_000);
      await world.start(room);
      await world.when("the client is back", isJoined(client));
      timelines.push(world.core(client).lineage.timeline);
    }
    expect(new Set(timelines).size).toBe(3);
    expect(timelines.toSorted((a, b) => a - b)).toEqual(timelines);
    expect(heard.rolledBack[0]).toEqual({ from: first, to: saved });
    expect(heard.rolledBack.map(({ to }) => to)).toEqual([saved, saved, saved]);
    await world.run(500);
    expect(client.me?.x).toBe(world.core(client).tick % 1000);
    expect(world.errors).toEqual([]);
  });

  test("where nothing but the restore itself could be saved, the next one begins above all ticks of that life, too", async () => {
    const game = await opened();
    const { world, room, client } = game;
    await playPast(game, 300);
    for (let round = 0; round < 3; round++) {
      world.crash();
      await world.run(200);
      await world.start(room);
      world.store.saves = "fail";
      await world.when("the client is back", isJoined(client));
      await world.run(4_000);
      const { tick } = world.core(client);
      world.crash();
      world.store.saves = "work";
      await world.start(room);
      expect(world.told.findLast(({ event }) => event === "roomRestored")?.tick).toBeGreaterThan(tick);
      await world.when("the client is back", isJoined(client));
    }
    expect(world.errors).toEqual([]);
  });

  test("restarts in order, and then a crash: one who missed all of it comes back, too", async () => {
    const game = await opened();
    const { world, room, client, link, heard } = game;
    await playPast(game, 100);
    link.cut();
    const seen = client.tick;
    await world.stop();
    await world.start(room);
    await world.stop();
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    await world.run(300);
    expect([heard.rolledBack, heard.lost]).toEqual([[], []]);
    expect(isConsecutive(heard.news)).toBe(true);
    expect(isConsecutive(heard.letters)).toBe(true);
    expect(client.tick).toBeGreaterThan(seen);
  });

  test("ids of rows and players are not given again, also where only the restore itself could be saved", async () => {
    const game = await opened();
    const { world, room, client } = game;
    await playPast(game, 0);
    const given: number[] = [];
    const players = [client.playerId];
    const stamps = () =>
      (world.core(client).facade.state as unknown as { stamps: { add(): { id: number } } }).stamps;
    for (let round = 0; round < 3; round++) {
      const undone = [1, 2, 3].map(() => stamps().add().id);
      const { room: bob } = await world.connect(post, `/post/${client.id}`);
      expect([...client.state.stamps].map(({ id }) => id)).toEqual(expect.arrayContaining(undone));
      given.push(...undone);
      players.push(bob.playerId);
      world.crash();
      world.store.saves = "work";
      await world.start(room);
      world.store.saves = "fail";
      await world.when("the client is back", isJoined(client));
      expect([...client.state.stamps].map(({ n }) => n)).toEqual([1]);
    }
    expect(new Set(given).size).toBe(9);
    expect(new Set(players).size).toBe(4);
  });

  test("a page that took the seat anew in what was undone has it", async () => {
    const game = await opened();
    const { world, room, client } = game;
    await playPast(game, 0);
    const page = await world.connect(post, `/post/${client.id}`, undefined, { token: client.token ?? "" });
    const heard = listen(page.room);
    page.room.send("note", { n: 1 });
    await world.run(600);
    expect(client.connection).toMatchObject({ state: "closed", close: { name: "replaced" } });
    const { tick: saved } = saves(world).at(-1) as unknown as { tick: number };
    expect(saved).toBeLessThan(page.room.tick);
    world.crash();
    await world.start(room);
    await world.when("the page is back", isJoined(page.room));
    page.room.send("note", { n: 2 });
    await world.run(300);
    expect(heard.rolledBack).toHaveLength(1);
    expect(page.room.playerId).toBe(client.playerId);
    expect(page.room.me?.notes).toBe(1);
    expect(page.room.connection.state).toBe("joined");
  });
});
