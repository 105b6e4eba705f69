import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { defineGame } from "../../shared/game.ts";
import { host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../room/define-room.ts";

/** Rooms whose `load` waits until the test says what becomes of it. */
async function loading({ maxPlayers = 2, maxRooms = 1_000 } = {}) {
  const loads: { readonly options: { mode: string }; succeed(): void; fail(): void }[] = [];
  const hosted = await host(
    [
      defineRoom(probe, {
        ...quietHandlers,
        maxPlayers,
        emptyForMs: 60_000,
        options: v.object({ mode: v.optional(v.string(), "all") }),
        load: (options) =>
          new Promise<undefined>((resolve, reject) => {
            loads.push({
              options,
              succeed: () => resolve(undefined),
              fail: () => reject(new Error("no level")),
            });
          }),
      }),
    ],
    { limits: { maxRooms } },
  );
  return { hosted, loads };
}

describe("[MAT-1] while a room loads, all who would need another wait for it", () => {
  test("so concurrent joins load one room", async () => {
    const { hosted, loads } = await loading();
    const clients = [await hosted.greet("/probe", probeGame), await hosted.greet("/probe", probeGame)];
    expect(loads).toHaveLength(1);
    loads[0]?.succeed();
    await hosted.ticks(1);
    expect(clients.map((client) => client.welcome.room)).toEqual(["r1", "r1"]);
  });

  test("those who find no seat in it load the next, together", async () => {
    const { hosted, loads } = await loading({ maxPlayers: 2 });
    const clients = [];
    for (let i = 0; i < 5; i++) clients.push(await hosted.greet("/probe", probeGame));
    for (let i = 0; i < 3; i++) {
      expect(loads).toHaveLength(i + 1);
      loads[i]?.succeed();
      await hosted.ticks(2);
    }
    expect(loads).toHaveLength(3);
    expect(clients.map((client) => client.welcome.room)).toEqual(["r1", "r1", "r2", "r2", "r3"]);
  });

  test("other options load their own meanwhile", async () => {
    const { hosted, loads } = await loading();
    await hosted.greet("/probe", probeGame);
    await hosted.greet("/probe?mode=duel", probeGame);
    expect(loads.map(({ options }) => options.mode)).toEqual(["all", "duel"]);
  });

  test("one who goes meanwhile takes no seat", async () => {
    const { hosted, loads } = await loading();
    const ada = await hosted.greet("/probe", probeGame);
    ada.socket.cut();
    await hosted.clock.settle();
    loads[0]?.succeed();
    await hosted.ticks(2);
    expect(hosted.room().seats.taken).toBe(0);
  });
});

describe("[MAT-2] a load that fails", () => {
  test("is told to all who waited, reported once, and tried anew by the next", async () => {
    const { hosted, loads } = await loading();
    const clients = [await hosted.greet("/probe", probeGame), await hosted.greet("/probe", probeGame)];
    loads[0]?.fail();
    await hosted.clock.settle();
    for (const client of clients) expect(client.ended).toMatchObject({ code: 4104, name: "load-failed" });
    expect(hosted.failedHooks).toEqual([{ where: { hook: "load" }, error: new Error("no level") }]);
    const next = await hosted.greet("/probe", probeGame);
    loads[1]?.succeed();
    await hosted.ticks(1);
    expect(next.welcome.room).toBe("r1");
  });

  for (const hook of ["load", "data"] as const)
    test(`also where ${hook} throws at once`, async () => {
      const hosted = await host([
        defineRoom(probe, {
          ...quietHandlers,
          [hook]: () => {
            throw new Error("no level");
          },
        }),
      ]);
      expect((await hosted.greet("/probe", probeGame)).ended?.name).toBe("load-failed");
      expect(hosted.failedHooks.map(({ where }) => where.hook)).toEqual(["load"]);
      expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    });
});

describe("[MAT-3] there are no more rooms than maxRooms", () => {
  test("those that load count; whoever needs another is told server-busy", async () => {
    const { hosted, loads } = await loading({ maxRooms: 2 });
    await hosted.greet("/probe?mode=a", probeGame);
    await hosted.greet("/probe?mode=b", probeGame);
    const cyd = await hosted.greet("/probe?mode=c", probeGame);
    expect(cyd.ended).toMatchObject({ code: 4001, name: "server-busy" });
    loads[0]?.fail();
    await hosted.clock.settle();
    await hosted.greet("/probe?mode=c", probeGame);
    expect(loads.map(({ options }) => options.mode)).toEqual(["a", "b", "c"]);
  });

  test("a room that closed makes way", async () => {
    const hosted = await host([defineRoom(probe, { ...quietHandlers, maxPlayers: 1 })], {
      limits: { maxRooms: 1 },
    });
    const ada = await hosted.join("/probe", probeGame);
    expect((await hosted.greet("/probe", probeGame)).ended?.name).toBe("server-busy");
    ada.leave();
    await hosted.ticks(1);
    expect((await hosted.join("/probe", probeGame)).welcome.room).toBe("r2");
  });
});

describe("[MAT-4] a game that shuts its own rooms in create is asked once, not for ever", () => {
  for (const [how, name] of [
    ["lock", "room-locked"],
    ["hide", "room-locked"],
    ["close", "room-closed"],
  ] as const)
    test(`${how}: the applicant is told ${name}`, async () => {
      const hosted = await host([
        defineRoom(probe, {
          ...quietHandlers,
          create(room) {
            if (how === "lock") room.lock();
            if (how === "hide") room.setVisibility("private");
            if (how === "close") room.close();
          },
        }),
      ]);
      const ada = await hosted.greet("/probe", probeGame);
      expect(ada.ended?.name).toBe(name);
      expect(hosted.roomIds).toEqual(["r1"]);
    });
});

describe("[MAT-5] a room that is ordered", () => {
  test("has its metadata and visibility before create runs, and create may change them", async () => {
    const seen: unknown[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        metadata: { from: "definition" },
        create(room) {
          seen.push(room.metadata, room.visibility);
          room.setMetadata({ ...room.metadata, by: "create" });
        },
      }),
    ]);
    const { matchmaker } = hosted.server;
    await matchmaker.create({
      game: "probe",
      options: {},
      metadata: { from: "order" },
      visibility: "private",
    });
    await matchmaker.create({ game: "probe", options: {} });
    expect(seen).toEqual([{ from: "order" }, "private", { from: "definition" }, "public"]);
    expect(hosted.room("r1").metadata).toEqual({ from: "order", by: "create" });
  });

  test("privately is found by nobody, however close they ask", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const hosted = await host([probeRoom]);
      const { matchmaker } = hosted.server;
      const ordered = matchmaker.create({ game: "probe", options: {}, visibility: "private" });
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const acquired = await matchmaker.acquire("probe", {});
      const room = await ordered;
      expect("room" in acquired && acquired.room).not.toBe(room);
    }
  });
});

describe("[MAT-6] definitions", () => {
  test("of one name are refused", async () => {
    await expect(host([probeRoom, defineRoom(probe, quietHandlers)])).rejects.toThrow(
      new RangeError('two games are named "probe"; rename one'),
    );
  });

  test("of two names are two games", async () => {
    const other = defineGame({ ...probe.spec, name: "other" });
    const hosted = await host([probeRoom, defineRoom(other, quietHandlers)]);
    await hosted.join("/probe", probeGame);
    await hosted.join("/other", other as never);
    expect([...hosted.server.matchmaker.rooms.values()].map(({ name }) => name)).toEqual([
      { id: "r1", game: "probe" },
      { id: "r2", game: "other" },
    ]);
  });
});

describe("[MAT-9] options that JSON cannot hold", () => {
  const optionsOf = (transform: (text: string) => unknown) =>
    host([
      defineRoom(probe, {
        ...quietHandlers,
        options: v.object({ mods: v.pipe(v.optional(v.string(), "1"), v.transform(transform)) }),
      }),
    ]);

  for (const [what, transform] of [
    ["Set", (text: string) => new Set(text.split(","))],
    ["Map", (text: string) => new Map([[text, true]])],
    ["bigint", BigInt],
    ["Uint8Array", (text: string) => new TextEncoder().encode(text)],
  ] as const)
    test(`bring nobody together: a ${what} makes no room, and the author is told what to change`, async () => {
      const hosted = await optionsOf(transform);
      expect((await hosted.greet("/probe", probeGame)).ended?.name).toBe("load-failed");
      expect((await hosted.request("/rooms", { method: "POST", body: '{"game":"probe"}' })).status).toBe(503);
      expect(await (await hosted.request("/rooms")).json()).toEqual({ rooms: [] });
      expect(hosted.failedHooks).toHaveLength(2);
      for (const { where, error } of hosted.failedHooks) {
        expect(where).toEqual({ hook: "load" });
        expect((error as Error).message).toMatch(new RegExp(`^options\\.mods is a ${what}, .* must be JSON`));
      }
      expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    });

  test("are the author's affair where load puts them there: the room closes as any other", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        options: v.object({ seed: v.optional(v.unknown(), "1") }),
        load: (options) => {
          options.seed = 1n;
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    ada.leave();
    await hosted.ticks(1);
    expect(hosted.roomIds).toEqual([]);
    expect((await hosted.join("/probe", probeGame)).welcome.room).toBe("r2");
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});
