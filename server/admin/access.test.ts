import { describe, expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { Administered, administer, problemOf, TOKEN } from "../../tests/server-kit/administered.ts";
import { NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probeGame, probeRoom } from "../../tests/server-kit/probe-game.ts";
import { AdminToken } from "./admin-token.ts";
import { LoginAttempts } from "./login-attempts.ts";

describe("[ADM-2] a token that is no protection is refused with a sentence", () => {
  for (const [token, sentence] of [
    ["", "has 0 characters; it needs at least 16"],
    ["fifteen-letters", "has 15 characters; it needs at least 16"],
    ["with spaces in it, though long", "without spaces"],
    ["ein-längeres-geheimnis", "signs of ASCII"],
  ] as const)
    test(`"${token}"`, () => {
      expect(() => new AdminToken(token)).toThrow(sentence);
    });

  test("sixteen characters are enough", () => {
    expect(new AdminToken("sixteen-letters!").isIn("Bearer sixteen-letters!")).toBe(true);
  });
});

describe("[ADM-3] only the token, in its header, opens the dashboard", () => {
  const from = (authorization: string): RequestInit => ({ headers: { authorization } });

  for (const authorization of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `Bearer  ${TOKEN} `])
    test(`"${authorization}" does`, async () => {
      const hosted = await administer([probeRoom]);
      expect((await hosted.request("/admin/api/overview", from(authorization))).status).toBe(200);
    });

  for (const authorization of [
    "",
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    "Bearer ",
  ])
    test(`"${authorization}" does not`, async () => {
      const hosted = await administer([probeRoom]);
      const response = await hosted.request("/admin/api/overview", from(authorization));
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await problemOf(response)).toMatchObject({ status: 401, code: "wrong-token" });
    });

  test("nor does it in the address, nor do actions pass without it", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.join("/probe", probeGame);
    expect((await hosted.request(`/admin/api/overview?token=${TOKEN}`)).status).toBe(401);
    expect((await hosted.request("/admin/api/rooms/r1/lock", { method: "POST" })).status).toBe(401);
    expect(hosted.room().locked).toBe(false);
  });

  test("other addresses are passed on", async () => {
    const hosted = await administer([probeRoom]);
    for (const path of ["/admin", "/admin/", "/admin/apis", "/"])
      expect(await hosted.admin.respond(new Request(`http://memory${path}`), "::1")).toBeUndefined();
  });
});

describe("[ADM-4] an address has so many tries", () => {
  test("then it waits, with the right token, too; others do not", async () => {
    const hosted = new Administered([probeRoom]);
    const ask = async (address: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      const request = new Request("http://memory/admin/api/events", { headers });
      return (await hosted.admin.respond(request, address))?.status ?? 0;
    };
    for (let i = 0; i < 10; i++) expect(await ask("192.0.2.1", `guess-${i}`)).toBe(401);
    expect(await ask("192.0.2.1", "guess-10")).toBe(429);
    expect(await ask("192.0.2.1", TOKEN)).toBe(429);
    expect(await ask("192.0.2.2", TOKEN)).toBe(200);
    await hosted.run(6_000);
    expect(await ask("192.0.2.1", TOKEN)).toBe(200);
    expect(await ask("192.0.2.1", "guess-11")).toBe(401);
    expect(await ask("192.0.2.1", "guess-12")).toBe(429);
  });

  test("is told when it may try again", async () => {
    const hosted = await administer([probeRoom]);
    const wrong = { headers: { authorization: "Bearer wrong" } };
    for (let i = 0; i < 10; i++) await hosted.request("/admin/api/events", wrong);
    const response = await hosted.request("/admin/api/events", wrong);
    expect(response.headers.get("retry-after")).toBe("6");
    expect(await problemOf(response)).toMatchObject({ status: 429, code: "too-many-tries" });
  });

  test("a request without any token costs no try", async () => {
    const hosted = await administer([probeRoom]);
    for (let i = 0; i < 30; i++) await hosted.request("/admin/api/events");
    expect((await hosted.ask("events")).status).toBe(200);
  });

  test("an IPv6 network of 64 bits counts as one", () => {
    const attempts = new LoginAttempts(new ManualClock());
    for (let i = 1; i <= 10; i++) attempts.failed(`2001:db8::${i}`);
    expect(attempts.waitMs("2001:db8::b")).toBe(6_000);
    expect(attempts.waitMs("2001:db8:0:1::b")).toBe(0);
  });

  test("a thousand addresses are remembered", () => {
    const attempts = new LoginAttempts(new ManualClock());
    for (let i = 0; i < 10; i++) attempts.failed("first");
    for (let i = 1; i < 1_000; i++) attempts.failed(`other-${i}`);
    expect(attempts.waitMs("first")).toBe(6_000);
    attempts.failed("one more");
    expect(attempts.waitMs("first")).toBe(0);
  });
});

describe("[ADM-5] what costs something is collected only while somebody looks", () => {
  test("from the first question on, until ten seconds after the last", async () => {
    const hosted = await administer([probeRoom]);
    const { bus } = hosted.server;
    await hosted.join("/probe", probeGame);
    expect([hosted.admin.watched, bus.hears("inputLate"), hosted.process.watchers]).toEqual([
      false,
      false,
      0,
    ]);
    await hosted.ask("overview");
    expect([hosted.admin.watched, bus.hears("inputLate"), hosted.process.watchers]).toEqual([true, true, 1]);
    await hosted.run(9_000);
    await hosted.ask("events");
    await hosted.run(9_000);
    expect(hosted.admin.watched).toBe(true);
    await hosted.run(1_100);
    expect([hosted.admin.watched, bus.hears("inputLate"), hosted.process.watchers]).toEqual([
      false,
      false,
      0,
    ]);
  });

  test("a wrong token starts nothing, and nothing is left behind", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.request("/admin/api/overview", { headers: { authorization: "Bearer wrong" } });
    expect(hosted.admin.watched).toBe(false);
    await hosted.ask("overview");
    hosted.admin.stop();
    expect(hosted.server.bus.hears("inputLate")).toBe(false);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});
