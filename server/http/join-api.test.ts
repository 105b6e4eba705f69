import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { ticketed } from "../../tests/server-kit/ticketed.ts";
import { originGate } from "../access/origin-gate.ts";
import { defineRoom } from "../room/define-room.ts";
import { MAX_PRESENTED_BYTES } from "../tickets/ticket-size.ts";
import { publicUrlOf } from "./join-api.ts";

const room = defineRoom(probe, {
  ...quietHandlers,
  maxPlayers: 2,
  emptyForMs: 60_000,
  options: v.object({ mode: v.optional(v.picklist(["duel", "all"]), "all") }),
});

async function errorOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}

describe("[TKT-10] POST /join says where to connect, and gives a ticket for there", () => {
  test("with the place that a backend would sign a ticket for", async () => {
    const { seat } = await ticketed([room]);
    const answer = await seat("/join/probe?mode=duel");
    expect(answer).toMatchObject({
      url: "../probe/r1",
      room: "r1",
      place: { id: "t1", game: "probe", room: "r1", node: "n1", epoch: 7 },
      expiresInMs: 15_000,
    });
    expect(answer.ticket).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test("players with equal options come together, by id into that room alone, even a private one", async () => {
    const { hosted, ask, seat } = await ticketed([room]);
    const first = await seat("/join/probe?mode=duel");
    expect((await seat("/join/probe?mode=duel")).room).toBe(first.room);
    expect((await seat("/join/probe")).room).toBe("r2");
    hosted.room("r2").visibility = "private";
    expect((await seat("/join/probe/r2")).room).toBe("r2");
    expect(await errorOf(await ask("/join/probe/r2"))).toMatchObject({ status: 503, code: "room-full" });
  });

  test("the address is where the server is reached, whatever stands in front of it", async () => {
    const { seat } = await ticketed([room]);
    for (const asked of ["/join/probe", "/join/probe/r1", "/join/probe/"]) {
      const { url } = await seat(asked);
      expect(new URL(url, `https://play.example.com/eu${asked}`).href).toMatch(
        /^https:\/\/play\.example\.com\/eu\/probe\/r\d$/,
      );
    }
    const named = await ticketed([room], {}, { publicUrl: "https://play-3.example.com" });
    expect((await named.seat()).url).toBe("https://play-3.example.com/probe/r1");
  });

  test("without tickets it says where, and keeps no seat", async () => {
    const hosted = await host([room]);
    const answer = await hosted.request("/join/probe", { method: "POST" });
    expect(await answer.json()).toEqual({ url: "../probe/r1", room: "r1" });
    expect(hosted.room().seats.taken).toBe(0);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("a public address is one that players can be sent to", () => {
    expect(publicUrlOf("https://play.example.com/eu/")).toBe("https://play.example.com/eu");
    for (const wrong of ["play.example.com", "ftp://a", "https://a?b=1", "https://a#b", ""])
      expect(() => publicUrlOf(wrong)).toThrow('it must be like "https://play-3.example.com"');
  });
});

const presenting = (ticket: string): string => JSON.stringify({ ticket });

const unreachable = (letters: number): string =>
  JSON.stringify({ returning: true, unreachable: "n".repeat(letters) });

describe("[TKT-11] what POST /join refuses it refuses with a status, a code and a sentence", () => {
  test.each<[what: string, path: string, init: RequestInit, status: number, code: string]>([
    ["no game", "/join/chess", {}, 404, "no-such-game"],
    ["no game of that name", "/join/__proto__", {}, 404, "no-such-game"],
    ["no room", "/join/probe/r9", {}, 409, "no-such-room"],
    ["nothing there", "/join/", {}, 404, "not-found"],
    ["nothing below a room", "/join/probe/r1/x", {}, 404, "not-found"],
    ["other options", "/join/probe?mode=chaos", {}, 400, "bad-join"],
    ["a path that cannot be decoded", "/join/%zz", {}, 404, "no-such-game"],
    ["a body that is no JSON", "/join/probe", { body: "{" }, 400, "bad-request"],
    ["a body that is no object", "/join/probe", { body: "5" }, 400, "bad-request"],
    ["a ticket that is no text", "/join/probe", { body: '{"ticket":{"alg":"none"}}' }, 400, "bad-request"],
    [
      "one too long",
      "/join/probe",
      { body: presenting("x".repeat(MAX_PRESENTED_BYTES)) },
      400,
      "bad-request",
    ],
    ["few letters of many bytes", "/join/probe", { body: presenting("€".repeat(3_000)) }, 400, "bad-request"],
    ["few that JSON escapes", "/join/probe", { body: presenting("\0".repeat(2_000)) }, 400, "bad-request"],
    ["no name", "/join/probe/r1", { body: unreachable(129) }, 400, "bad-request"],
    ["a name", "/join/probe/r1", { body: unreachable(128) }, 409, "no-such-room"],
    ["a GET", "/join/probe", { method: "GET" }, 404, "not-found"],
  ])("%s", async (_, path, init, status, code) => {
    const { hosted, ask } = await ticketed([room]);
    expect(await errorOf(await ask(path, init))).toMatchObject({ status, code });
    expect(hosted.roomIds).toEqual([]);
  });

  test.each([
    ["letters of one byte", "x".repeat(MAX_PRESENTED_BYTES - 2)],
    ["letters of three", "€".repeat(Math.floor((MAX_PRESENTED_BYTES - 2) / 3))],
    ["letters that JSON escapes", "\0".repeat(Math.floor((MAX_PRESENTED_BYTES - 2) / 6))],
  ])("as much as may be presented fits into a ticket: %s", async (_, presented) => {
    const { seat } = await ticketed([room]);
    expect((await seat("/join/probe", { body: presenting(presented) })).ticket).toMatch(/^e/);
  });

  test("[MAT-8] who asks for a game that is not hosted is told which are", async () => {
    const { ask } = await ticketed([room]);
    for (const path of ["/join/porbe", "/join/porbe/r1"])
      expect((await errorOf(await ask(path))).message).toBe(
        "This server does not host that game. It hosts probe.",
      );
  });

  test("what is not for matchmaking is the author's and the pages' to answer", async () => {
    const answered: string[] = [];
    const http = [
      (request: Request) => {
        answered.push(`${request.method} ${new URL(request.url).pathname}`);
        return new Response("a page");
      },
    ];
    const { ask } = await ticketed([room], {}, { http });
    await ask("/join/probe", { method: "GET" });
    await ask("/join/probe/r1/x");
    await ask("/join");
    expect(answered).toEqual(["GET /join/probe", "POST /join/probe/r1/x", "POST /join"]);
  });

  test("too many from one address: 429 with when to ask again, and others are served", async () => {
    const limits = { joinsPerAddressPerSecond: 1, burstSeconds: 3, bytesPerSecond: 10_000 } as const;
    const { hosted, ask } = await ticketed([room], {}, { limits: { ...limits, loopback: "limited" } });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await ask()).headers.get("retry-after")).toBe("1");
    await hosted.run(1_000);
    expect((await ask()).status).toBe(200);
    await hosted.stop();
  });

  test("too many rooms for one address: 429", async () => {
    const limits = { roomsPerAddressPerMinute: 1, loopback: "limited" } as const;
    const { hosted, ask } = await ticketed([room], {}, { limits });
    expect((await ask("/join/probe?mode=duel")).status).toBe(200);
    expect(await errorOf(await ask("/join/probe"))).toMatchObject({ status: 429, code: "rate-limited" });
    await hosted.stop();
  });

  test("while the server drains: 503 with Retry-After", async () => {
    const { hosted, ask } = await ticketed([room], { mode: "accepted" });
    await hosted.join("/probe", probeGame);
    void hosted.server.drain(10_000);
    const answer = await ask();
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await errorOf(answer)).toMatchObject({ status: 503, code: "server-stopping" });
    await hosted.stop();
  });
});

describe("[TKT-12] pages that may connect may ask, and no others", () => {
  const gates = [originGate(["https://play.example.com"], "production")];
  const from = (origin: string) => ({ headers: { origin } });

  test("one of an allowed origin reads the answer, refusals too", async () => {
    const { ask } = await ticketed([room], {}, { gates });
    for (const path of ["/join/probe", "/join/chess"]) {
      const { headers } = await ask(path, from("https://play.example.com"));
      expect(headers.get("access-control-allow-origin")).toBe("https://play.example.com");
      expect(headers.get("vary")).toBe("origin");
    }
  });

  test("one of another gets 403, no seat and no permission to read", async () => {
    const { hosted, ask } = await ticketed([room], {}, { gates });
    const answer = await ask("/join/probe", from("https://evil.example.com"));
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    expect(hosted.roomIds).toEqual([]);
  });

  test("what is no browser asks freely", async () => {
    const { ask } = await ticketed([room], {}, { gates });
    const answer = await ask();
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});
