import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { claimsToBeTicket, readTicket, signTicket } from "./ticket.ts";
import { ticketKey } from "./ticket-secret.ts";
import { MAX_PRESENTED_BYTES } from "./ticket-size.ts";

const secret = "a secret of thirty-two bytes, say";
const other = "another secret of thirty-two bytes";
const keys = [ticketKey(secret)];
const place = { id: "t1", game: "duel", room: "r1", node: "n1", epoch: 7 };
/** On the second, so that lifetimes are exact. */
const NOW = 1_800_000_000_000;
const timeOfDay = () => NOW;
const typ = "tickcast-join+jwt";
const claims = { game: "duel", room: "r1", node: "n1", epoch: 7 };

/** A ticket that one would have to sign by hand. */
const forged = (
  change: object = {},
  { alg = "HS256", type = typ, key = secret, seconds = 15, iat = NOW / 1000 } = {},
) =>
  new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg, typ: type })
    .setJti("t1")
    .setIssuedAt(iat)
    .setExpirationTime(iat + seconds)
    .sign(ticketKey(key));

describe("[TKT-1] a ticket names its place, its bearer and a few seconds, and is signed", () => {
  test("what was signed is what is read", async () => {
    const whole = { ...place, user: "ada", data: { rank: 3 }, presented: "a.b.c" };
    expect(await readTicket(await signTicket(whole, secret, { timeOfDay }), keys, NOW)).toEqual(whole);
    expect(await readTicket(await signTicket(place, secret, { timeOfDay }), keys, NOW)).toEqual(place);
  });

  test("it lives for 15 seconds, or as long as it says, and clocks may differ by 5", async () => {
    const ticket = await signTicket(place, secret, { timeOfDay });
    expect(await readTicket(ticket, keys, NOW + 19_999)).toEqual(place);
    expect(await readTicket(ticket, keys, NOW + 20_000)).toBe("expired");
    expect(await readTicket(ticket, keys, NOW - 5_000)).toEqual(place);
    expect(await readTicket(ticket, keys, NOW - 6_000)).toBe("not-yet");
    const long = await signTicket(place, secret, { timeOfDay, seconds: 120 });
    expect(await readTicket(long, keys, NOW + 124_000)).toEqual(place);
  });

  test("what may be presented fits beside the longest names", async () => {
    const name = "n".repeat(64);
    const longest = {
      id: name,
      game: "g".repeat(32),
      room: name,
      node: name,
      epoch: Number.MAX_SAFE_INTEGER,
    };
    const presented = "x".repeat(MAX_PRESENTED_BYTES - 2);
    await expect(signTicket({ ...longest, presented }, secret, { timeOfDay })).resolves.toMatch(/^e/);
  });

  test("what cannot be a ticket is refused where it is signed, without the secret in the sentence", async () => {
    await expect(signTicket(place, "too short")).rejects.toThrow(
      'a ticket secret has 9 bytes; it must have at least 32, as "openssl rand -base64 32" gives them',
    );
    await expect(signTicket(place, secret, { seconds: 121 })).rejects.toThrow("up to 120");
    await expect(signTicket(place, secret, { seconds: 0 })).rejects.toThrow(RangeError);
    await expect(signTicket({ ...place, user: "" }, secret)).rejects.toThrow("user is empty");
    await expect(signTicket({ ...place, data: "x".repeat(9_000) }, secret)).rejects.toThrow(
      "do not fit into a hello",
    );
  });
});

describe("[TKT-2] only what was signed for this with one of the secrets is a ticket", () => {
  test("a new secret is put in front, and the old one goes on for a while", async () => {
    const old = await signTicket(place, secret, { timeOfDay });
    const exchanged = [ticketKey(other), ticketKey(secret)];
    expect(await readTicket(old, exchanged, NOW)).toEqual(place);
    expect(await readTicket(await signTicket(place, other, { timeOfDay }), exchanged, NOW)).toEqual(place);
    expect(await readTicket(old, [ticketKey(other)], NOW)).toBe("invalid");
  });

  const none = () =>
    new UnsecuredJWT({ ...claims, jti: "t1" }).setIssuedAt().setExpirationTime("15s").encode();
  const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  test.each<[what: string, ticket: () => string | Promise<string>]>([
    ["nothing", () => ""],
    ["no JWT", () => "x.y.z"],
    ["alg: none", none],
    ["alg: none, by its own word a ticket", () => `${header({ alg: "none", typ })}.${none().split(".")[1]}.`],
    ["another algorithm", () => forged({}, { alg: "HS512", key: secret.repeat(2) })],
    ["another secret", () => forged({}, { key: other })],
    ["another kind of token of the same secret", () => forged({}, { type: "JWT" })],
    [
      "a claim that was changed",
      async () => {
        const [head, , signature] = (await forged()).split(".");
        return `${head}.${header({ ...claims, jti: "t1", room: "r2", iat: NOW / 1000, exp: NOW / 1000 + 15 })}.${signature}`;
      },
    ],
    ["no room", () => forged({ room: undefined })],
    ["an epoch that is no number", () => forged({ epoch: "7" })],
    ["a lifetime beyond what is remembered", () => forged({}, { seconds: 122 })],
    ["an end before its beginning", () => forged({}, { seconds: -1 })],
    ["more than a hello holds", () => forged({ data: "x".repeat(9_000) })],
  ])("%s is none", async (_, ticket) => {
    expect(await readTicket(await ticket(), keys, NOW)).toBe("invalid");
  });

  test("without an end or a beginning there is none", async () => {
    const bare = new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ }).setJti("t1");
    expect(await readTicket(await bare.sign(ticketKey(secret)), keys, NOW)).toBe("invalid");
  });

  test("whether a text claims to be one is told by its type alone", async () => {
    expect(claimsToBeTicket(await forged())).toBe(true);
    expect(claimsToBeTicket(await forged({}, { type: "JWT" }))).toBe(false);
    for (const text of ["", "x", "a.b.c", none()]) expect(claimsToBeTicket(text)).toBe(false);
  });
});
