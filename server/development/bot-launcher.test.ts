import { describe, expect, test } from "vitest";
import { BotLauncher } from "./bot-launcher.ts";

interface Asking {
  readonly method?: string;
  readonly body?: unknown;
  readonly from?: string;
  readonly origin?: string;
}

/** Asks a launcher that knows its server. Nothing here may start a process. */
async function ask(path: string, { method = "POST", body, from = "127.0.0.1", origin }: Asking = {}) {
  const launcher = new BotLauncher();
  launcher.serveAt("ws://127.0.0.1:1");
  const response = await launcher.respond(
    new Request(`http://localhost:3000${path}`, {
      method,
      ...(origin !== undefined && { headers: { origin } }),
      ...(method === "POST" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
    from,
  );
  if (response === undefined) return undefined;
  const answer = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...answer };
}

describe("[HTT-20] /dev/bots", () => {
  test("other addresses are passed on", async () => {
    for (const path of ["/", "/dev", "/dev/bots/", "/dev/botsy"]) expect(await ask(path)).toBeUndefined();
  });

  test("GET says how many run", async () => {
    expect(await ask("/dev/bots", { method: "GET" })).toEqual({ status: 200, running: 0, most: 500 });
  });

  test("other methods are not allowed", async () => {
    expect(await ask("/dev/bots", { method: "DELETE" })).toMatchObject({ status: 405 });
  });

  for (const from of ["192.0.2.1", "10.0.0.1", "::2", "::ffff:192.0.2.1", "1127.0.0.1", ""])
    test(`is closed to ${from || "an unknown address"}`, async () => {
      expect(await ask("/dev/bots", { from, body: { game: "arena", bots: 1 } })).toMatchObject({
        status: 403,
        error: { code: "local-only" },
      });
    });

  for (const from of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    test(`is open to ${from}`, async () => {
      expect(await ask("/dev/bots", { from, method: "GET" })).toMatchObject({ status: 200 });
    });

  for (const origin of [
    "https://evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "null",
  ])
    test(`is closed to a page of ${origin} in a browser on this machine`, async () => {
      expect(await ask("/dev/bots", { origin, body: { game: "arena", bots: 1 } })).toMatchObject({
        status: 403,
        error: { code: "local-only" },
      });
    });

  for (const origin of ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000"])
    test(`is open to a page of ${origin}`, async () => {
      expect(await ask("/dev/bots", { origin, method: "GET" })).toMatchObject({ status: 200 });
    });

  for (const [what, body, message] of [
    ["nothing", "", '"game" is missing'],
    ["no JSON", "{", '"game" is missing'],
    ["null", null, '"game" is missing'],
    ["no game", { bots: 1 }, '"game" is missing'],
    ["a game that no URL has", { game: "../x", bots: 1 }, '"game" is missing'],
    ["a game that is an option", { game: "arena --seconds", bots: 1 }, '"game" is missing'],
    ["a room that is none", { game: "arena", room: "a/b", bots: 1 }, '"room" is the id'],
    ["a room that is no text", { game: "arena", room: 5, bots: 1 }, '"room" is the id'],
    ["no number", { game: "arena" }, '"bots" is a whole number from 1 to 100'],
    ["none", { game: "arena", bots: 0 }, '"bots" is a whole number'],
    ["halves", { game: "arena", bots: 1.5 }, '"bots" is a whole number'],
    ["text", { game: "arena", bots: "5" }, '"bots" is a whole number'],
    ["too many", { game: "arena", bots: 101 }, '"bots" is a whole number'],
  ] as const)
    test(`refuses ${what}`, async () => {
      const answer = await ask("/dev/bots", { body });
      expect(answer).toMatchObject({ status: 400, error: { code: "bad-request" } });
      expect(answer?.error?.message).toContain(message);
    });

  test("says so while the server is just starting", async () => {
    const response = await new BotLauncher().respond(
      new Request("http://localhost/dev/bots", { method: "POST", body: '{"game":"arena","bots":1}' }),
      "::1",
    );
    expect(response?.status).toBe(503);
  });
});
