import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame } from "../../shared/game.ts";
import { host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { type Applicant, defineRoom } from "../room/define-room.ts";
import { type Refusal, refuse } from "../room/outcomes.ts";

type Probe = typeof probe.spec;

/** A room whose `admit` waits until the test decides. */
async function waiting(maxPlayers = 2) {
  const asked: { decide: (answer: unknown) => void; fail: (error: unknown) => void; name: string }[] = [];
  const told: string[] = [];
  const hosted = await host([
    defineRoom(probe, {
      ...quietHandlers,
      maxPlayers,
      emptyForMs: 60_000,
      admit: ({ join }) =>
        new Promise<undefined>((resolve, reject) => {
          asked.push({ decide: resolve as (answer: unknown) => void, fail: reject, name: join.name });
        }),
      onError: (_room, error, { hook }) => void told.push(`${hook}: ${(error as Error).message}`),
    }),
  ]);
  return { hosted, asked, told };
}

describe("[SES-20] admit decides on an applicant before there is a seat", () => {
  test("what it returns becomes player.data", async () => {
    const seen: unknown[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        admit: async ({ join }) => ({ user: join.name.toUpperCase() }),
        join: (_room, player) => void seen.push(player.data.user),
      }),
    ]);
    await hosted.join("/probe", probeGame, { name: "ada" });
    expect(seen).toEqual(["ADA"]);
  });

  test("it is told who asks, for which room, from where", async () => {
    const applicants: Applicant<Probe, { mode: string }>[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        options: v.object({ mode: v.string() }),
        admit: (applicant) => void applicants.push(applicant),
      }),
    ]);
    const ada = await hosted.connect("/probe?mode=duel", {
      origin: "https://play.example.com",
      remoteAddress: "192.0.2.1",
    });
    ada.hello(probeGame, { name: "ada" }, "a ticket");
    await hosted.clock.settle();
    await hosted.join("/probe?mode=duel", probeGame);
    expect(applicants).toEqual([
      {
        join: { name: "ada" },
        ticket: "a ticket",
        room: { id: "r1", options: { mode: "duel" } },
        origin: "https://play.example.com",
        remoteAddress: "192.0.2.1",
      },
      {
        join: { name: "nobody" },
        ticket: undefined,
        room: { id: "r1", options: { mode: "duel" } },
        origin: undefined,
        remoteAddress: "127.0.0.1",
      },
    ]);
  });

  test("a refusal is told with its reason, cut to what a close frame holds", async () => {
    const reasons = ["not today", "x".repeat(200), "é".repeat(100)];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        admit: ({ join }): Refusal | undefined => refuse(reasons[Number(join.name)] ?? ""),
      }),
    ]);
    const told: (string | undefined)[] = [];
    for (const name of ["0", "1", "2"]) {
      const client = await hosted.greet("/probe", probeGame, { name });
      expect(client.ended).toMatchObject({ code: 4600, name: "refused" });
      told.push(client.ended?.reason);
    }
    expect(told).toEqual(["not today", "x".repeat(123), "é".repeat(61)]);
    expect(hosted.room().seats.taken).toBe(0);
  });

  test("where it throws or rejects, the applicant is told internal-error and onError the error", async () => {
    const { hosted, asked, told } = await waiting();
    const ada = await hosted.greet("/probe", probeGame);
    asked[0]?.fail(new Error("no database"));
    await hosted.clock.settle();
    expect(ada.ended).toMatchObject({ code: 1011, name: "internal-error" });
    expect(told).toEqual(["admit: no database"]);
    expect(hosted.failedHooks).toHaveLength(1);
    expect(hosted.room().seats.taken).toBe(0);
  });
});

describe("[SES-21] admit has a deadline", () => {
  test("beyond it the applicant is told seat-expired and the seat is free; a late answer changes nothing", async () => {
    const { hosted, asked, told } = await waiting(1);
    const ada = await hosted.greet("/probe", probeGame);
    await hosted.run(4_999);
    expect(ada.ended).toBeUndefined();
    expect(hosted.room().seats.taken).toBe(1);
    await hosted.run(1);
    expect(ada.ended).toMatchObject({ code: 4201, name: "seat-expired" });
    expect(hosted.room().seats.taken).toBe(0);
    asked[0]?.decide(undefined);
    await hosted.ticks(2);
    expect(hosted.room().seats.taken).toBe(0);
    expect(told).toEqual([]);
  });

  test("a late failure is told all the same", async () => {
    const { hosted, asked, told } = await waiting();
    await hosted.greet("/probe", probeGame);
    await hosted.run(5_000);
    asked[0]?.fail(new Error("too late"));
    await hosted.clock.settle();
    expect(told).toEqual(["admit: too late"]);
  });

  test("the game says how long", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        admitWithinMs: 100,
        admit: () => new Promise<undefined>(() => {}),
      }),
    ]);
    const ada = await hosted.greet("/probe", probeGame);
    await hosted.run(99);
    expect(ada.ended).toBeUndefined();
    await hosted.run(1);
    expect(ada.ended?.name).toBe("seat-expired");
  });
});

describe("[SES-22] a seat is kept while admit decides", () => {
  test("so concurrent applicants never get more seats than there are", async () => {
    const { hosted, asked } = await waiting(2);
    const first = await hosted.greet("/probe", probeGame, { name: "1" });
    const clients = [first];
    for (const name of ["2", "3", "4"]) clients.push(await hosted.greet("/probe/r1", probeGame, { name }));
    expect(clients.map((client) => client.ended?.name)).toEqual([
      undefined,
      undefined,
      "room-full",
      "room-full",
    ]);
    expect(asked).toHaveLength(2);
    for (const { decide } of asked.toReversed()) decide(undefined);
    await hosted.ticks(1);
    expect(hosted.room().seats.size).toBe(2);
    expect(hosted.room().seats.taken).toBe(2);
  });

  test("matchmaking opens another room for the third", async () => {
    const { hosted, asked } = await waiting(2);
    for (const name of ["1", "2", "3"]) await hosted.greet("/probe", probeGame, { name });
    for (const { decide } of asked) decide(undefined);
    await hosted.ticks(2);
    expect(hosted.roomIds).toEqual(["r1", "r2"]);
    expect(hosted.room("r1").seats.size).toBe(2);
    expect(hosted.room("r2").seats.size).toBe(1);
  });

  for (const [how, go] of [
    ["leaves", (client: { leave(): void }) => client.leave()],
    ["is cut off", (client: { socket: { cut(): void } }) => client.socket.cut()],
    ["sends nonsense", (client: { send(frame: unknown[]): void }) => client.send([99])],
  ] as const)
    test(`it is free again when the applicant ${how} and admit then says yes`, async () => {
      const { hosted, asked } = await waiting(1);
      const ada = await hosted.greet("/probe", probeGame);
      go(ada);
      await hosted.clock.settle();
      asked[0]?.decide(undefined);
      await hosted.ticks(2);
      expect(hosted.room().seats.taken).toBe(0);
      const bob = await hosted.greet("/probe/r1", probeGame);
      asked[1]?.decide(undefined);
      await hosted.ticks(2);
      expect(bob.welcome.player).toBe(1);
    });

  test("a room that closes meanwhile says why: as its own players are told", async () => {
    const outcomes: (string | undefined)[] = [];
    for (const reason of ["room-closed", "room-restarting", "room-failed"] as const) {
      const { hosted, asked } = await waiting(2);
      const ada = await hosted.greet("/probe", probeGame);
      hosted.room().close(reason);
      await hosted.ticks(2);
      asked[0]?.decide(undefined);
      await hosted.clock.settle();
      outcomes.push(ada.ended?.name);
    }
    expect(outcomes).toEqual(["room-closed", "room-restarting", "room-failed"]);
  });
});

describe("[SES-23] who gets in where", () => {
  const moded = defineRoom(probe, {
    ...quietHandlers,
    options: v.object({
      mode: v.optional(v.picklist(["duel", "all"]), "all"),
      map: v.optional(v.string(), "hills"),
    }),
  });

  test("equal options meet, in any order and with the schema's defaults; others do not", async () => {
    const hosted = await host([moded]);
    const rooms: string[] = [];
    for (const query of [
      "",
      "?map=hills&mode=all",
      "?mode=all&map=hills",
      "?mode=duel",
      "?other=1&mode=duel",
    ])
      rooms.push((await hosted.join(`/probe${query}`, probeGame)).welcome.room);
    expect(rooms).toEqual(["r1", "r1", "r1", "r2", "r2"]);
    expect(hosted.room("r2").options).toEqual({ mode: "duel", map: "hills" });
  });

  test("options that the schema refuses are bad-join, with what is wrong", async () => {
    const hosted = await host([moded]);
    const ada = await hosted.greet("/probe?mode=chess", probeGame);
    expect(ada.ended).toMatchObject({ code: 4601, name: "bad-join" });
    expect(ada.ended?.reason).toContain("mode");
    expect(hosted.roomIds).toEqual([]);
  });

  test("a room is entered by its id whatever its options, and by its own game alone", async () => {
    const other = defineGame({ ...probe.spec, name: "other" });
    const hosted = await host([moded, defineRoom(other, quietHandlers)]);
    await hosted.join("/probe?mode=duel", probeGame);
    expect((await hosted.join("/probe/r1", probeGame)).welcome.room).toBe("r1");
    expect((await hosted.greet("/other/r1", other as unknown as Game)).ended?.name).toBe("no-such-room");
  });

  for (const id of [
    "nowhere",
    "__proto__",
    "constructor",
    "R1",
    "r1 ",
    "%00",
    "../r1",
    "😀",
    "x".repeat(5_000),
  ])
    test(`there is no room "${id.slice(0, 20)}"`, async () => {
      const hosted = await host([probeRoom]);
      await hosted.join("/probe", probeGame);
      const ada = await hosted.greet(`/probe/${encodeURIComponent(id)}`, probeGame);
      expect(ada.ended).toMatchObject({ code: 4604, name: "no-such-room" });
      expect(hosted.roomIds).toEqual(["r1"]);
    });

  test("a locked room lets nobody in, by id or by matchmaking, until it is unlocked", async () => {
    const hosted = await host([probeRoom]);
    await hosted.join("/probe", probeGame);
    hosted.room().facade.lock();
    expect(hosted.room().facade.locked).toBe(true);
    expect((await hosted.greet("/probe/r1", probeGame)).ended?.name).toBe("room-locked");
    expect((await hosted.join("/probe", probeGame)).welcome.room).toBe("r2");
    hosted.room("r1").facade.unlock();
    expect((await hosted.join("/probe", probeGame)).welcome.room).toBe("r1");
  });

  test("a private room is entered by its id alone", async () => {
    const hosted = await host([probeRoom]);
    await hosted.join("/probe", probeGame);
    hosted.room().facade.setVisibility("private");
    expect((await hosted.join("/probe", probeGame)).welcome.room).toBe("r2");
    expect((await hosted.join("/probe/r1", probeGame)).welcome.room).toBe("r1");
  });

  test("a join or options schema that throws costs its applicant alone", async () => {
    const thrower = v.pipe(
      v.unknown(),
      v.check(() => {
        throw new Error("a schema's bug");
      }),
    );
    const odd = defineGame({ ...probe.spec, name: "odd", join: thrower });
    const hosted = await host([
      defineRoom(odd, quietHandlers),
      defineRoom(probe, { ...quietHandlers, options: thrower }),
    ]);
    for (const [path, game] of [
      ["/odd", odd as unknown as Game],
      ["/probe", probeGame],
    ] as const) {
      const client = await hosted.greet(path, game);
      expect(client.ended).toMatchObject({ code: 1011, name: "internal-error" });
    }
    expect(hosted.failedHooks.map(({ error }) => (error as Error).message)).toEqual([
      "a schema's bug",
      "a schema's bug",
    ]);
    expect(hosted.faults).toEqual([]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});
