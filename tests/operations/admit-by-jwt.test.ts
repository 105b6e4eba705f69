import { readFileSync } from "node:fs";
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { defineGame, record, u8 } from "tickcast/game";
import { TestServer } from "tickcast/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backendKeys, duelRoom } from "./admit-by-jwt.ts";

const duel = defineGame({ name: "duel", tickRate: 20, state: { match: record({ round: u8 }) } });
const ours = await generateKeyPair("ES256", { extractable: true });
const theirs = await generateKeyPair("ES256");
const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(ours.publicKey)), kid: "2026" }] });

const claims = { iss: "https://accounts.example.com", aud: "duel", sub: "ada" };
const signed = (change: object = {}, expires = "1h", key = ours.privateKey) =>
  new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg: "ES256", kid: "2026" })
    .setExpirationTime(expires)
    .sign(key);

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start({ rooms: [duelRoom(jwks)] });
});
afterEach(() => server.stop());

const join = (ticket?: string) =>
  server.connect(duel, "/duel", undefined, ticket === undefined ? {} : { ticket });

describe("[OPS-32] the documented `admit` verifies the JWT of one's own backend", () => {
  test("who is signed in plays, as who they are", async () => {
    await join(await signed());
    const [player] = server.room(duel).players;
    expect(player?.data).toEqual({ userId: "ada" });
  });

  const old = "The sign-in is too old. Sign in again.";
  const wrong = "The sign-in is not valid. Sign in again.";
  for (const [what, ticket, sentence] of [
    ["no ticket", () => undefined, "Sign in first."],
    ["an expired one", () => signed({}, "-1m"), old],
    ["another key", () => signed({}, "1h", theirs.privateKey), wrong],
    ["another audience", () => signed({ aud: "chess" }), wrong],
    ["another issuer", () => signed({ iss: "https://evil.example" }), wrong],
    ["nobody's", () => signed({ sub: undefined }), wrong],
    ["alg: none", () => new UnsecuredJWT(claims).setExpirationTime("1h").encode(), wrong],
    ["no JWT at all", () => "x.y.z", wrong],
  ] as const)
    test(`${what} is refused with a sentence, for good`, async () => {
      const refusal = await join(await ticket()).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({ close: { name: "refused", retry: "never" } });
      expect(String(refusal)).toContain(sentence);
    });

  test("the backend is not asked before somebody comes", () => {
    expect(backendKeys.fresh).toBe(false);
  });

  test("the code in the documentation is the one that runs here", () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
    expect(read("../../docs/operations.md")).toContain(`\`\`\`ts\n${read("./admit-by-jwt.ts")}\`\`\``);
  });
});
