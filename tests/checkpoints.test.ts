import { describe, expect, test } from "vitest";
import { defineRoom } from "../server/room/define-room.ts";
import { defineGame, table, u32 } from "../shared/game.ts";
import { isConsecutive, isJoined, opened, post, quiet, saves } from "./server-kit/post-office.ts";

describe("[CKP-20] a server that stops in order sets nobody back", () => {
  test("players have their seats again, have heard everything once, and are told of no rollback", async () => {
    const { world, room, diary, client, heard } = await opened();
    for (let n = 1; n <= 30; n++) {
      client.send("note", { n });
      await world.run(50);
    }
    const before = { id: client.playerId, row: client.me?.id, tick: client.tick };
    // These are on their way when the room stops, and some of them come too late.
    client.send("note", { n: 31 });
    const stopping = world.stop();
    client.send("note", { n: 32 });
    await stopping;
    client.send("note", { n: 33 });
    await world.run(700);
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    client.send("note", { n: 34 });
    await world.run(500);

    const core = world.core(client);
    expect({ id: client.playerId, row: client.me?.id }).toEqual({ id: before.id, row: before.row });
    expect(diary.notes).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
    expect(client.me?.notes).toBe(34);
    expect([isConsecutive(heard.news), heard.news.at(-1)]).toEqual([true, core.tick]);
    expect([isConsecutive(heard.letters), heard.letters.at(-1)]).toEqual([true, core.tick]);
    expect([heard.rolledBack, heard.lost]).toEqual([[], []]);
    expect([core.lineage.timeline > 0, client.tick > before.tick]).toEqual([true, true]);
    expect(diary.lines).toEqual(["create", "join 1", "restore 1 true", "away 1", "back 1"]);
    expect(world.errors).toEqual([]);
  });

  test("the room goes on with the very next tick", async () => {
    const { world, room, client } = await opened();
    await world.run(1_000);
    const last = world.core(client);
    await world.stop();
    await world.run(5_000);
    await world.start(room);
    const first = world.told.find(({ event }) => event === "roomRestored");
    expect(first).toMatchObject({ tick: last.tick + 1, kind: "exact", players: [1] });
  });
});

describe("[CKP-23] seats are kept for the grace period", () => {
  test("who does not come back leaves, and the room goes with the last, its checkpoint too", async () => {
    const { world, room, diary, client } = await opened();
    await world.run(500);
    await world.stop();
    void client.leave();
    await world.start(room);
    expect((await world.store.list()).length).toBe(1);
    await world.run(9_500);
    expect(world.core(client).seats.size).toBe(1);
    await world.run(1_000);
    expect(diary.lines.at(-1)).toBe("leave 1 connection-lost");
    expect([world.server.matchmaker.rooms.size, await world.store.list()]).toEqual([0, []]);
  });

  test("a page that was loaded anew takes the seat by its token, which is in no checkpoint", async () => {
    const { world, room, client } = await opened();
    await world.run(500);
    await world.stop();
    const [key] = await world.store.list();
    const found = key && (await world.store.load(key));
    const bytes = found?.state === "found" ? Buffer.from(found.checkpoint.bytes).toString("latin1") : "";
    const secret = (client.token ?? "").split(".")[0] ?? "";
    expect([bytes.length > 100, secret.length > 5, bytes.includes(secret)]).toEqual([true, true, false]);
    await world.start(room);
    const page = await world.connect(post, `/post/${client.id}`, undefined, { token: client.token ?? "" });
    expect(page.room.playerId).toBe(client.playerId);
    expect(page.room.me?.id).toBe(client.me?.id);
    await expect(
      world.connect(post, `/post/${client.id}`, undefined, { token: "secret999.0" }),
    ).rejects.toMatchObject({ close: { name: "bad-token" } });
    // The token that it has now is good for the next time, too.
    expect(page.room.token?.split(".")[0]).toBe(secret);
  });

  test("newcomers are brought to a restored room as to any other", async () => {
    const { world, room, client } = await opened();
    await world.stop();
    await world.start(room);
    const bob = await world.connect(post, "/post");
    expect(bob.room.id).toBe(client.id);
    expect(bob.room.playerId).not.toBe(client.playerId);
  });
});

describe("[CKP-24] what does not fit is left, and the room begins anew", () => {
  test("another definition of the game: told in a sentence, the checkpoint stays", async () => {
    const { world, client } = await opened();
    await world.stop();
    const newer = defineGame({ ...post.spec, state: { ...post.spec.state, more: table({ n: u32 }) } });
    await world.start(defineRoom(newer, { ...quiet }));
    expect(world.told.at(-1)).toEqual({
      event: "checkpointRefused",
      room: { game: "post", id: client.id },
      message: `The checkpoint of room ${client.id} of game "post" was written for another version of the game, with another definition. It is left for a server of that version; players get a new room.`,
    });
    expect(await world.store.list()).toEqual([{ game: "post", room: client.id }]);
    expect((await world.connect(newer, "/post")).room.id).not.toBe(client.id);
  });

  test("a game that is not served, and bytes that are none of ours", async () => {
    const { world, client, room } = await opened();
    await world.stop();
    const other = defineGame({ name: "other", tickRate: 20, state: {} });
    await world.start(defineRoom(other, {}));
    expect(world.told.at(-1)?.message).toMatch(/is for a game that this server does not host\.$/);
    await world.stop();
    await world.store.save({ game: "post", room: client.id }, { bytes: new Uint8Array(40), epoch: 1e15 });
    await world.start(room);
    expect(world.told.at(-1)?.message).toMatch(/is none of Tickcast's\.$/);
  });

  test("a game whose restore throws: the room is not there, its checkpoint is", async () => {
    const { world, client } = await opened();
    await world.stop();
    const broken = defineRoom(post, {
      ...quiet,
      restore() {
        throw new Error("no idea");
      },
    });
    await world.start(broken);
    expect(world.told.at(-1)?.message).toMatch(/was not restored: the game's restore threw\.$/);
    expect(world.errors).toMatchObject([{ message: "no idea" }]);
    await world.run(200);
    expect(await world.store.list()).toEqual([{ game: "post", room: client.id }]);
  });
});

test("[CKP-24] a room that fails in its very first tick has ended as any other: its checkpoint goes with it", async () => {
  const { world, client } = await opened();
  await world.stop();
  const failing = defineRoom(post, {
    ...quiet,
    tick() {
      throw new Error("never again");
    },
  });
  await world.start(failing);
  await world.run(200);
  expect(world.errors).toMatchObject([{ message: "never again" }]);
  expect([world.server.matchmaker.rooms.size, await world.store.list()]).toEqual([0, []]);
  expect(client.connection.state).not.toBe("joined");
});

describe("[CKP-25] draining", () => {
  test("without a time to drain rooms are handed over at once; with one players go on until it is over", async () => {
    for (const drainMs of [0, 3_000]) {
      const { world, client, heard } = await opened();
      const began = world.clock.now();
      await world.stop(drainMs);
      expect(world.clock.now() - began).toBeGreaterThanOrEqual(drainMs);
      expect(world.clock.now() - began).toBeLessThan(drainMs + 2_000);
      expect(heard.states.at(0)).toBe("reconnecting");
      expect(client.connection).toMatchObject({ state: "reconnecting" });
      expect(saves(world).at(-1)).toMatchObject({ kind: "exact" });
    }
  });

  test("a game says that its rooms are to be handed over at once; who asks for their seat meanwhile tries again", async () => {
    const { world, room, client, heard } = await opened({ onDrain: "suspend" });
    const { room: bob } = await world.connect(post, `/post/${client.id}`);
    const began = world.clock.now();
    await world.stop(60_000);
    expect(world.clock.now() - began).toBeLessThan(2_000);
    await world.run(1_000);
    await world.start(room);
    await world.when("both are back", () => isJoined(client)() && isJoined(bob)());
    expect(heard.rolledBack).toEqual([]);
  });

  test("a request that nobody has answered by then fails, rather than to wait for ever", async () => {
    const { world, room, client } = await opened({ gate: new Promise<void>(() => {}) });
    const pending = client.request("double", { n: 99 });
    await world.run(200);
    await world.stop();
    await world.start(room);
    expect(await world.until(pending)).toEqual({ ok: false, error: "internal" });
  });
});
