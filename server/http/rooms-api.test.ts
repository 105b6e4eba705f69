import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { defineGame } from "../../shared/game.ts";
import { host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { originGate } from "../access/origin-gate.ts";
import { defineRoom } from "../room/define-room.ts";

const optioned = defineRoom(probe, {
  ...quietHandlers,
  maxPlayers: 8,
  metadata: { map: "hills" },
  options: v.object({ mode: v.optional(v.picklist(["duel", "all"]), "all") }),
});

const post = (body: unknown): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const TOO_MUCH =
  '"metadata" has at most 32 entries, with keys of at most 64 letters and texts of at most 256 letters.';

const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

async function errorOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}

const roomR1 = {
  id: "r1",
  game: "probe",
  players: 0,
  maxPlayers: 8,
  locked: false,
  visibility: "public",
  options: { mode: "duel" },
  metadata: { map: "hills" },
  tick: 0,
  tickMicroseconds: null,
  microsecondsPerPlayer: null,
};

describe("[HTT-1] GET /rooms lists the public rooms", () => {
  test("with what a lobby shows of each", async () => {
    const hosted = await host([optioned]);
    expect(await (await hosted.request("/rooms")).json()).toEqual({ rooms: [] });
    await hosted.join("/probe?mode=duel", probeGame);
    await hosted.join("/probe?mode=duel", probeGame);
    hosted.room().facade.lock();
    hosted.room().facade.setMetadata({ map: "lakes", round: 3, ranked: true, host: null });
    const response = await hosted.request("/rooms");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      rooms: [
        {
          ...roomR1,
          players: 2,
          locked: true,
          metadata: { map: "lakes", round: 3, ranked: true, host: null },
          tick: 2,
        },
      ],
    });
  });

  test("of one game, where asked for it; private ones never, but by their id", async () => {
    const other = defineGame({ ...probe.spec, name: "other" });
    const hosted = await host([optioned, defineRoom(other, quietHandlers)]);
    await hosted.join("/probe", probeGame);
    await hosted.join("/other", other as never);
    await hosted.request("/rooms", post({ game: "probe", visibility: "private" }));
    const ids = async (path: string) => {
      const { rooms } = (await (await hosted.request(path)).json()) as { rooms: { id: string }[] };
      return rooms.map(({ id }) => id);
    };
    expect(await ids("/rooms")).toEqual(["r1", "r2"]);
    expect(await ids("/rooms/")).toEqual(["r1", "r2"]);
    expect(await ids("/rooms?game=other")).toEqual(["r2"]);
    expect(await ids("/rooms?game=chess")).toEqual([]);
    expect(await (await hosted.request("/rooms/r3")).json()).toMatchObject({
      id: "r3",
      visibility: "private",
    });
  });

  test("with what a tick costs, once it is known", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: () => {
          hosted.clock.block(2);
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.join("/probe", probeGame);
    const cost = { tickMicroseconds: null, microsecondsPerPlayer: null };
    expect(await (await hosted.request("/rooms/r1")).json()).toMatchObject(cost);
    // The first ticks of a room are not counted.
    await hosted.ticks(12);
    expect(await (await hosted.request("/rooms/r1")).json()).toMatchObject({
      tickMicroseconds: 2_000,
      microsecondsPerPlayer: 1_000,
    });
  });
});

describe("[HTT-2] POST /rooms makes a room", () => {
  test("and says where it is; whoever has the path gets in", async () => {
    const hosted = await host([optioned]);
    const response = await hosted.request(
      "/rooms",
      post({ game: "probe", options: { mode: "duel" }, metadata: { by: "ada" }, visibility: "private" }),
    );
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      ...roomR1,
      metadata: { by: "ada" },
      visibility: "private",
      path: "/probe/r1",
    });
    expect((await hosted.join("/probe/r1", probeGame)).welcome.room).toBe("r1");
  });

  test("with as much metadata as may be", async () => {
    const hosted = await host([optioned]);
    const metadata = { ...entries(31), ["k".repeat(64)]: "x".repeat(256) };
    const response = await hosted.request("/rooms", post({ game: "probe", metadata }));
    expect([response.status, await response.json()]).toMatchObject([201, { metadata }]);
  });

  test("with the schema's defaults where no options are given", async () => {
    const hosted = await host([optioned]);
    const response = await hosted.request("/rooms", post({ game: "probe" }));
    expect(await response.json()).toMatchObject({ options: { mode: "all" }, visibility: "public" });
  });

  for (const [what, body, message] of [
    ["nothing", "", 'Send a JSON object, for example { "game": "arena" }.'],
    ["no JSON", "{game}", 'Send a JSON object, for example { "game": "arena" }.'],
    ["an array", [], 'Send a JSON object, for example { "game": "arena" }.'],
    ["null", null, 'Send a JSON object, for example { "game": "arena" }.'],
    ["no game", { room: "x" }, '"game" is missing: name the game that the room is for.'],
    ["a game that is no text", { game: 5 }, '"game" is missing: name the game that the room is for.'],
    [
      "an unknown visibility",
      { game: "probe", visibility: "hidden" },
      '"visibility" is "public" or "private".',
    ],
    [
      "metadata that nests",
      { game: "probe", metadata: { a: {} } },
      '"metadata" is an object of texts, numbers, booleans and nulls.',
    ],
    [
      "metadata that is no object",
      { game: "probe", metadata: ["a"] },
      '"metadata" is an object of texts, numbers, booleans and nulls.',
    ],
    ["metadata of too many entries", { game: "probe", metadata: entries(33) }, TOO_MUCH],
    ["a key that is too long", { game: "probe", metadata: { ["k".repeat(65)]: 1 } }, TOO_MUCH],
    ["a text that is too long", { game: "probe", metadata: { a: "x".repeat(257) } }, TOO_MUCH],
  ] as const)
    test(`not for ${what}`, async () => {
      const hosted = await host([optioned]);
      const response = await hosted.request("/rooms", post(body));
      expect(await errorOf(response)).toEqual({ status: 400, code: "bad-request", message });
      expect(hosted.roomIds).toEqual([]);
    });

  test("not with options that the schema refuses: 400 with what is wrong", async () => {
    const hosted = await host([optioned]);
    const error = await errorOf(
      await hosted.request("/rooms", post({ game: "probe", options: { mode: "x" } })),
    );
    expect(error).toMatchObject({ status: 400, code: "bad-join" });
    expect(error.message).toMatch(/^mode: /);
  });

  for (const game of ["chess", "__proto__", "constructor"])
    test(`not for the game "${game}": 404`, async () => {
      const hosted = await host([optioned]);
      expect(await errorOf(await hosted.request("/rooms", post({ game })))).toMatchObject({
        status: 404,
        code: "no-such-game",
      });
    });

  test("not beyond maxRooms: 503, with when to ask again", async () => {
    const hosted = await host([optioned], { limits: { maxRooms: 1 } });
    await hosted.request("/rooms", post({ game: "probe" }));
    const response = await hosted.request("/rooms", post({ game: "probe" }));
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await errorOf(response)).toMatchObject({ status: 503, code: "server-busy" });
  });

  test("not where its code fails: 503", async () => {
    const boom = (): never => {
      throw new Error("boom");
    };
    const codes: string[] = [];
    for (const hook of ["load", "create"]) {
      const hosted = await host([defineRoom(probe, { ...quietHandlers, [hook]: boom })]);
      codes.push((await errorOf(await hosted.request("/rooms", post({ game: "probe" })))).code);
      expect(hosted.roomIds).toEqual([]);
      expect(hosted.faults).toEqual([]);
    }
    expect(codes).toEqual(["load-failed", "room-failed"]);
  });
});

describe("[HTT-6] pages that may connect may make rooms, and no others", () => {
  const gates = [originGate(["https://play.example.com"], "production")];
  test.each([
    ["https://play.example.com", 201],
    ["https://evil.example.com", 403],
    ["null", 403],
    [undefined, 201],
  ] as const)("from %s: %d", async (origin, status) => {
    const hosted = await host([optioned], { gates });
    const headers: HeadersInit = origin === undefined ? {} : { origin };
    const response = await hosted.request("/rooms", { ...post({ game: "probe" }), headers });
    expect(response.status).toBe(status);
    expect(hosted.roomIds).toHaveLength(status === 201 ? 1 : 0);
    expect((await hosted.request("/rooms", { headers })).status).toBe(200);
  });
});

describe("[HTT-3] other methods and addresses", () => {
  test("HEAD is answered as GET is, without a body", async () => {
    const hosted = await host([probeRoom]);
    await hosted.join("/probe", probeGame);
    for (const path of ["/rooms", "/rooms/r1"]) {
      const response = await hosted.request(path, { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe("");
    }
  });

  for (const [method, path, allow] of [
    ["DELETE", "/rooms", "GET, HEAD, POST"],
    ["PUT", "/rooms/", "GET, HEAD, POST"],
    ["POST", "/rooms/r1", "GET, HEAD"],
    ["DELETE", "/rooms/r1", "GET, HEAD"],
  ] as const)
    test(`${method} ${path}: 405 with what is allowed`, async () => {
      const hosted = await host([probeRoom]);
      const response = await hosted.request(path, { method });
      expect(response.headers.get("allow")).toBe(allow);
      expect(await errorOf(response)).toEqual({
        status: 405,
        code: "method-not-allowed",
        message: `This address answers ${allow}.`,
      });
    });

  for (const id of ["nowhere", "__proto__", "constructor", "..", "%2e%2e", "r1/x"])
    test(`GET /rooms/${id}: 404`, async () => {
      const hosted = await host([probeRoom]);
      await hosted.join("/probe", probeGame);
      const response = await hosted.request(`/rooms/${id}`);
      expect(response.status).toBe(404);
    });
});
