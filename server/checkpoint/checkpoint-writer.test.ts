import { describe, expect, test } from "vitest";
import { isJoined, opened, post, quiet, saves } from "../../tests/server-kit/post-office.ts";
import { RestartedWorld } from "../../tests/server-kit/restarted.ts";
import { defineRoom } from "../room/define-room.ts";
import type { Room } from "../room/room.ts";

const failures = (world: RestartedWorld) => world.told.filter(({ event }) => event === "checkpointFailed");
const ticksOf = (world: RestartedWorld) => saves(world).map(({ tick }) => tick as number);

/** A game that keeps nothing beside its state. */
const still = defineRoom(post, { ...quiet, emptyForMs: 600_000, graceMs: 60_000 });

describe("[CKP-30] a room is saved about once a second, where something changed", () => {
  test("while players play", async () => {
    const { world } = await opened();
    await world.run(10_000);
    const ticks = ticksOf(world);
    const gaps = ticks.slice(1).map((tick, n) => tick - (ticks[n] as number));
    expect(ticks.length).toBeGreaterThanOrEqual(9);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(20);
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(21);
    expect(saves(world).every(({ kind }) => kind === "running")).toBe(true);
  });

  test("or as often as it is asked for", async () => {
    const { world } = await opened({ world: new RestartedWorld({ intervalMs: 250 }) });
    await world.run(5_000);
    expect(saves(world).length).toBeGreaterThanOrEqual(16);
  });

  test("not while nothing happens, and again when it does", async () => {
    const world = new RestartedWorld();
    await world.start(still);
    const { room } = await world.connect(post, "/post");
    await world.run(3_000);
    const before = saves(world).length;
    await world.run(5_000);
    expect(saves(world).length).toBe(before);
    room.send("note", { n: 1 });
    await world.run(1_500);
    expect(saves(world).length).toBe(before + 1);
  });

  test("many rooms are spread over the interval", async () => {
    const world = new RestartedWorld();
    await world.start(
      defineRoom(post, { ...quiet, maxPlayers: 1, tick: (room) => void room.state.stamps.add() }),
    );
    for (let n = 0; n < 20; n++) await world.connect(post, "/post");
    await world.run(3_000);
    const from = saves(world).length;
    const perSlice: number[] = [];
    for (let slice = 0; slice < 10; slice++) {
      const before = saves(world).length;
      await world.run(100);
      perSlice.push(saves(world).length - before);
    }
    expect(saves(world).length - from).toBeGreaterThanOrEqual(18);
    expect(Math.max(...perSlice)).toBeLessThanOrEqual(6);
  });
});

describe("[CKP-31] a slow store makes checkpoints older, and no tick later", () => {
  test("never more than one write of a room is under way, nor more than so many in all", async () => {
    const world = new RestartedWorld({ atOnce: 3 });
    await world.start(
      defineRoom(post, { ...quiet, maxPlayers: 1, tick: (room) => void room.state.stamps.add() }),
    );
    for (let n = 0; n < 8; n++) await world.connect(post, "/post");
    world.store.delayMs = 700;
    let latest = 0;
    world.server.bus.on("tickDone", ({ latenessMs }) => {
      latest = Math.max(latest, latenessMs);
    });
    await world.run(20_000);
    expect([world.store.mostOfOneRoom, world.store.mostAtOnce, latest]).toEqual([1, 3, 0]);
    // 3 at a time, 700 ms each.
    expect(saves(world).length).toBeGreaterThan(70);
  });

  test("a store that never answers holds up nothing; a server that stops waits for it no longer than it says", async () => {
    const { world, client } = await opened({ world: new RestartedWorld({ stopWithinMs: 2_000 }) });
    world.store.saves = "hang";
    const { attempts } = world.store;
    await world.run(5_000);
    expect(world.store.attempts).toBe(attempts + 1);
    const { tick } = client;
    await world.run(1_000);
    expect(client.tick).toBe(tick + 20);
    const began = world.clock.now();
    await world.stop();
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(2_000);
    expect(world.clock.now() - began).toBeLessThan(4_000);
  });

  test("a write that is under way when the server stops is waited for, and the last checkpoint follows it", async () => {
    const { world, room, client, heard } = await opened();
    world.store.delayMs = 300;
    const { attempts } = world.store;
    await world.when("a write is under way", () => world.store.attempts > attempts);
    await world.stop();
    expect([world.store.mostOfOneRoom, saves(world).at(-1)?.kind]).toEqual([1, "exact"]);
    await world.start(room);
    await world.when("the client is back", isJoined(client));
    expect(heard.rolledBack).toEqual([]);
  });
});

describe("[CKP-32] what fails is told, and tried again less and less often", () => {
  test("a store that fails: the checkpoint before stays", async () => {
    const { world } = await opened();
    await world.run(1_500);
    const kept = ticksOf(world).at(-1);
    world.store.saves = "fail";
    const { attempts } = world.store;
    await world.run(20_000);
    expect(failures(world)[0]).toMatchObject({
      reason: "store",
      message: "the store failed: the disk is full.",
    });
    expect(world.store.attempts - attempts).toBeLessThanOrEqual(5);
    expect(ticksOf(world).at(-1)).toBe(kept);
    world.store.saves = "work";
    await world.run(33_000);
    const recovered = saves(world).length;
    await world.run(3_000);
    expect(saves(world).length).toBeGreaterThanOrEqual(recovered + 2);
  });

  test("one that is too large, one that is no plain data, a save that throws: each with its reason", async () => {
    const cases = [
      ["too-large", /takes \d+ bytes, more than the 100 that a room may/, { maxBytes: 100 }, {}],
      [
        "not-plain",
        /what save returned\.when is a Date, which cannot be saved/,
        {},
        { save: () => ({ when: new Date(0) }) },
      ],
      ["not-plain", /data of player 1\.seen is a Set/, {}, { admit: () => ({ seen: new Set() }) }],
      [
        "not-plain",
        /the room's metadata\.since is a symbol/,
        {},
        { create: (room: Room) => room.setMetadata({ since: Symbol("dawn") as never }) },
      ],
      [
        "save-threw",
        /the game's save threw/,
        {},
        {
          save() {
            throw new Error("no");
          },
        },
      ],
    ] as const;
    for (const [reason, message, options, hooks] of cases) {
      const world = new RestartedWorld(options);
      await world.start(defineRoom(post, { ...quiet, ...(hooks as object) }));
      const { room } = await world.connect(post, "/post");
      await world.run(3_000);
      expect(failures(world)[0]).toMatchObject({ reason, message: expect.stringMatching(message) });
      expect(saves(world)).toEqual([]);
      expect(room.connection.state).toBe("joined");
    }
  });

  test("a server whose room another one has by now overwrites nothing", async () => {
    const { world, client } = await opened();
    await world.run(1_000);
    const key = { game: "post", room: client.id };
    await world.store.save(key, { bytes: new Uint8Array([1]), epoch: 5e12 });
    await world.run(3_000);
    expect(failures(world)[0]).toMatchObject({ reason: "stale" });
    expect(await world.store.load(key)).toMatchObject({ checkpoint: { epoch: 5e12 } });
    await world.stop();
    expect(await world.store.load(key)).toMatchObject({ checkpoint: { epoch: 5e12 } });
  });

  test("options that make no sense are refused", async () => {
    for (const options of [{ intervalMs: 0 }, { maxBytes: Number.NaN }, { atOnce: -1 }])
      await expect(new RestartedWorld(options).start(still)).rejects.toThrow(RangeError);
    await expect(new RestartedWorld({ often: 1 } as never).start(still)).rejects.toThrow(
      "checkpoints.often is no option; there are intervalMs,",
    );
  });
});

test("[CKP-33] a last checkpoint that is too large with all that was told goes without it, and that is told as lost", async () => {
  const { world, room, client, link, heard } = await opened({ world: new RestartedWorld({ maxBytes: 520 }) });
  await world.run(500);
  link.pauseReading();
  await world.run(900);
  link.cut();
  await world.stop();
  expect(saves(world).at(-1)).toMatchObject({ kind: "exact" });
  await world.start(room);
  await world.when("the client is back", isJoined(client));
  expect(heard.lost).toMatchObject([{ what: "events" }]);
  expect(heard.rolledBack).toEqual([]);
});
