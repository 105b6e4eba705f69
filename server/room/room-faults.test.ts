import { describe, expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame, record, u8 } from "../../shared/game.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import { type Hosted, host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { ACT, probe, probeGame, probeRoom, quietHandlers, SAY } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { defineRoom, type HookPlace } from "./define-room.ts";
import type { Room } from "./room.ts";

type Breakable = "create" | "join" | "leave" | "tick" | "onError";

/** Names a game whose room fails where it is told to, beside a healthy one. */
async function breaking(...broken: Breakable[]) {
  const bomb = defineGame({ ...probe.spec, name: "bomb" });
  const told: { readonly where: HookPlace; readonly message: string }[] = [];
  const fuse = { at: Number.POSITIVE_INFINITY };
  const fail = (hook: Breakable): undefined => {
    if (broken.includes(hook)) throw new Error(`${hook} failed`);
  };
  const hosted = await host([
    probeRoom,
    defineRoom(bomb, {
      ...quietHandlers,
      emptyForMs: 60_000,
      create: () => fail("create"),
      join: (_room, player) => (player.id > 1 ? fail("join") : undefined),
      leave: () => fail("leave"),
      tick: (room) => (room.tick >= fuse.at ? fail("tick") : undefined),
      onError: (_room, error, where) => {
        told.push({ where, message: (error as Error).message });
        fail("onError");
      },
    }),
  ]);
  const healthy = await hosted.join("/probe", probeGame);
  return { hosted, bomb: bomb as unknown as Game, told, fuse, healthy };
}

/** Every tick since the welcome closed, each since the one before. */
function expectNoTickMissed(client: RawClient): void {
  const ends = client.of("tickEnd");
  expect(ends.length).toBeGreaterThan(1);
  expect(ends.map(([, tick]) => tick)).toEqual(ends.map((_, i) => client.welcome.tick + i));
  expect(ends.slice(1).every(([, tick, base]) => base === tick - 1)).toBe(true);
}

describe("[ROO-20] a room whose tick throws is closed as room-failed, and it alone", () => {
  test("players are told, leave runs for each, onError is told once, the others miss no tick", async () => {
    const { hosted, bomb, told, fuse, healthy } = await breaking("tick");
    const ada = await hosted.join("/bomb", bomb);
    const closed: unknown[] = [];
    hosted.server.bus.on("roomClosed", (event) => closed.push(event));
    const left: unknown[] = [];
    hosted.server.bus.on("playerLeft", ({ player, reason }) => left.push([player, reason]));
    await hosted.ticks(2);
    fuse.at = 5;
    await hosted.ticks(10);
    expect(ada.ended).toMatchObject({ code: 4103, name: "room-failed" });
    expect(ada.tick).toBe(4);
    expect(told).toEqual([{ where: { hook: "tick" }, message: "tick failed" }]);
    expect(closed).toEqual([{ room: { id: "r2", game: "bomb" }, reason: "room-failed", ticks: 5 }]);
    expect(left).toEqual([[1, "room-failed"]]);
    expect(hosted.roomIds).toEqual(["r1"]);
    expectNoTickMissed(healthy);
    expect(healthy.tick).toBeGreaterThan(12);
    expect(hosted.faults).toEqual([]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("a value that a field cannot hold fails the tick, and the error names its place", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: (room) => {
          if (room.tick !== 3) return;
          for (const player of room.players) player.row.x = Number.NaN;
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(3);
    expect(ada.ended?.name).toBe("room-failed");
    expect(String(hosted.failedHooks[0]?.error)).toContain("players.x of row 1");
  });

  test("leave may throw on top of it: the room closes all the same", async () => {
    const { hosted, bomb, told, fuse } = await breaking("tick", "leave", "onError");
    const ada = await hosted.join("/bomb", bomb);
    fuse.at = 2;
    await hosted.ticks(2);
    expect(ada.ended?.name).toBe("room-failed");
    expect(told.map(({ where }) => where.hook)).toEqual(["tick", "leave"]);
    expect(hosted.failedHooks.map(({ error }) => (error as Error).message)).toEqual([
      "tick failed",
      "onError failed",
      "leave failed",
      "onError failed",
    ]);
    expect(hosted.faults).toEqual([]);
  });

  test("one who is on the way in is told as well", async () => {
    const { hosted, bomb, fuse } = await breaking("tick");
    await hosted.join("/bomb", bomb);
    const bob = await hosted.greet("/bomb", bomb);
    fuse.at = 0;
    await hosted.ticks(2);
    expect(bob.ended?.name).toBe("room-failed");
    expect(bob.of("welcome")).toEqual([]);
  });
});

describe("[ROO-21] a room whose create throws is closed as room-failed", () => {
  test("whoever wanted in is told, and nothing is left", async () => {
    const { hosted, bomb, told, healthy } = await breaking("create");
    const ada = await hosted.greet("/bomb", bomb);
    await hosted.ticks(2);
    expect(ada.ended).toMatchObject({ code: 4103, name: "room-failed" });
    expect(told.map(({ where }) => where)).toEqual([{ hook: "create" }]);
    expect(hosted.roomIds).toEqual(["r1"]);
    expectNoTickMissed(healthy);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});

describe("[ROO-22] a join that throws ends that player's connection alone", () => {
  test("as internal-error; the row goes, leave is not called, the seat is free", async () => {
    const { hosted, bomb, told } = await breaking("join", "leave");
    const ada = await hosted.join("/bomb", bomb);
    const bob = await hosted.greet("/bomb", bomb);
    await hosted.ticks(2);
    expect(bob.ended).toMatchObject({ code: 1011, name: "internal-error" });
    expect(bob.frames).toEqual([]);
    expect(told.map(({ where }) => where.hook)).toEqual(["join"]);
    const room = hosted.room("r2");
    expect(room.seats.taken).toBe(1);
    expect([...room.state.rows(room.state.layout.tables[0] as TableLayout)].map(({ id }) => id)).toEqual([1]);
    expectNoTickMissed(ada);
  });
});

test("[ROO-22] a join that closes its player and then throws does both once", async () => {
  const left: number[] = [];
  const hosted = await host([
    defineRoom(probe, {
      ...quietHandlers,
      emptyForMs: 60_000,
      join: (_room, player) => {
        player.close();
        throw new Error("boom");
      },
      leave: (_room, player) => void left.push(player.id),
    }),
  ]);
  const ids: unknown[] = [];
  hosted.server.bus.on("playerLeft", ({ player }) => ids.push(player));
  const ada = await hosted.greet("/probe", probeGame);
  await hosted.ticks(3);
  expect(ada.ended?.name).toBe("internal-error");
  expect([...left, ...ids]).toEqual([]);
});

describe("[ROO-23] hooks of a tick are synchronous", () => {
  const asynchronous = async (): Promise<never> => {
    await Promise.resolve();
    throw new Error("nobody awaits this");
  };
  const sneaked = asynchronous as unknown as () => undefined;

  test("a tick that returns a promise closes its room, and its rejection is told", async () => {
    const hosted = await host([defineRoom(probe, { ...quietHandlers, tick: sneaked })]);
    const ada = await hosted.greet("/probe", probeGame);
    await hosted.ticks(2);
    expect(ada.ended?.name).toBe("room-failed");
    expect(hosted.failedHooks.map(({ error }) => (error as Error).message)).toEqual([
      "tick returned a promise, but runs inside a tick: use room.run after an await",
      "nobody awaits this",
    ]);
  });

  test("so does a message handler, for its call; onError may not reject either", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        on: { ...quietHandlers.on, say: sneaked },
        onError: sneaked,
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    ada.message(SAY, { text: "hi" });
    await hosted.ticks(2);
    expect(ada.ended).toBeUndefined();
    expect(hosted.failedHooks.map(({ where }) => where.hook)).toEqual(Array(4).fill("message"));
  });
});

describe("[ROO-24] onError is told of every error, with the room as it is", () => {
  test("in the order of failing, with the place", async () => {
    const told: [room: string, HookPlace][] = [];
    const boom = (): never => {
      throw new Error("boom");
    };
    const hosted: Hosted = await host([
      defineRoom(probe, {
        emptyForMs: 60_000,
        onError: (room: Room<typeof probe.spec, unknown, undefined, undefined>, _error, where) =>
          void told.push([`${room.id} ${room.tick}`, where]),
        admit: ({ join }) => (join.name === "refused" ? boom() : undefined),
        create: (room) => {
          room.after(0.05, boom);
          void room.run(boom);
        },
        join: (_room, player) => (player.id === 2 ? boom() : undefined),
        leave: boom,
        on: { say: boom, act: () => undefined },
        requests: { add: boom, act: boom },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    const refused = await hosted.greet("/probe/r1", probeGame, { name: "refused" });
    expect(refused.ended?.name).toBe("internal-error");
    ada.message(SAY, { text: "hi" });
    ada.request(ACT, { does: "it" });
    await hosted.greet("/probe", probeGame);
    await hosted.ticks(1);
    ada.leave();
    await hosted.ticks(1);
    expect(told).toEqual([
      ["r1 1", { hook: "run" }],
      ["r1 1", { hook: "after" }],
      ["r1 1", { hook: "admit" }],
      ["r1 2", { hook: "message", name: "say" }],
      ["r1 2", { hook: "request", name: "act" }],
      ["r1 2", { hook: "join" }],
      ["r1 3", { hook: "leave" }],
    ]);
    expect(hosted.failedHooks.map(({ where }) => where)).toEqual(told.map(([, where]) => where));
    expect(hosted.faults).toEqual([]);
  });

  test("an event that cannot be is the error of the hook that sent it", async () => {
    const told: string[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        onError: (_room, error) => void told.push((error as Error).message),
        on: {
          say: (room) => void room.broadcast("said", { by: undefined, text: 5 as unknown as string }),
          act: (room) => void room.broadcast("unheard" as "said", { by: undefined, text: "" }),
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    ada.message(SAY, { text: "hi" });
    ada.message(ACT, { does: "it" });
    await hosted.ticks(1);
    expect(told).toEqual(['text of event "said": 5 is no text', 'game "probe" defines no event "unheard"']);
    expect(ada.events).toEqual([]);
  });
});

test("[ROO-25] a game without players' rows, inputs, events or calls works", async () => {
  const bare = defineGame({ name: "bare", tickRate: 20, state: { match: record({ round: u8 }) } });
  const hosted = await host([
    defineRoom(bare, {
      tick: (room) => {
        room.state.match.round = room.tick;
      },
    }),
  ]);
  const ada = await hosted.join("/bare", bare as unknown as Game);
  expect(ada.welcome.row).toBe(0);
  ada.input(2);
  await hosted.ticks(2);
  expect(ada.tick).toBe(3);
  ada.input(9, 1);
  await hosted.ticks(1);
  expect(ada.ended?.name).toBe("bad-frame");
});
