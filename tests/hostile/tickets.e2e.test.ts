import { UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { signTicket, type TicketContent, type TicketPlace } from "../../server/tickets/index.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../../shared/protocol/frames.ts";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { probe } from "../server-kit/probe-game.ts";
import { framesOf, joinRaw, sendFrame, tokenOf } from "../server-kit/raw-player.ts";
import { RawSocket, upgradeRequest } from "../server-kit/raw-socket.ts";
import { TICKET_SECRET } from "../server-kit/ticketed.ts";

const OURS = "https://play.example.com";

let besieged: Besieged;
beforeAll(async () => {
  besieged = await Besieged.start({ maxTickets: 2_000 }, [], {
    tickets: "required",
    ticketSecrets: [TICKET_SECRET],
    ticketSeconds: 1,
    node: { id: "n1", epoch: 7 },
    origins: [OURS],
  });
});
// Seats that are kept for tickets which nobody shows are given back after some seconds, before the last test says so.
afterEach(() => expect(besieged.unharmed).toBe(true));
afterAll(async () => {
  expect(await besieged.afterwards()).toEqual(UNHARMED);
  expect(await besieged.stop()).toBeLessThanOrEqual(0);
});

const hello = (ticket: unknown, ...more: readonly unknown[]) => [
  ClientFrame.hello,
  PROTOCOL_VERSION,
  probe.hash,
  { name: "mallory" },
  ticket,
  ...more,
];

/** What matchmaking answers. */
async function seat(): Promise<{ readonly ticket: string; readonly place: TicketPlace }> {
  const answer = await fetch(`${besieged.url.replace("ws", "http")}/join/probe`, { method: "POST" });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { ticket: string; place: TicketPlace };
}

/** How a connection ends that says hello, or 0 where it gets in; it is gone afterwards. */
async function codeFor(frame: readonly unknown[], path = "/probe"): Promise<number | undefined> {
  const raw = await RawSocket.open(besieged.port, path);
  sendFrame(raw, frame);
  await raw.until(() => raw.ended || framesOf(raw, "tickEnd").length > 0);
  const code = raw.ended ? raw.closeCode : 0;
  raw.destroy();
  return code;
}

const signed = async (change: Partial<TicketContent>, secret = TICKET_SECRET, timeOfDay = Date.now) =>
  signTicket({ ...(await seat()).place, ...change }, secret, { timeOfDay });

/** The status of a handshake of a page of these origins. */
async function statusOf(port: number, ...origins: readonly string[]): Promise<number> {
  const raw = new RawSocket(port);
  raw.write(
    upgradeRequest(
      "/probe",
      origins.map((origin) => `Origin: ${origin}`),
    ),
  );
  await raw.until(() => raw.head !== "" || raw.ended);
  raw.destroy();
  return raw.status;
}

describe("[HOS-16] pages of foreign origins are answered with 403, and who is no browser is let in", () => {
  test.each<[origin: string, status: number]>([
    [OURS, 101],
    ["https://evil.example.com", 403],
    [`${OURS}.evil.example`, 403],
    [`${OURS}:8443`, 403],
    [OURS.replace("https", "http"), 403],
    [OURS.toUpperCase(), 403],
    ["http://localhost:3000", 403],
    ["null", 403],
    ["*", 403],
    ["x".repeat(2_000), 403],
  ])("%s: %d", async (origin, status) => {
    expect(await statusOf(besieged.port, origin)).toBe(status);
  });

  test("without an origin, as programs are: 101", async () => {
    expect(await statusOf(besieged.port)).toBe(101);
  });

  test("with ours behind a foreign one: 403", async () => {
    expect(await statusOf(besieged.port, "https://evil.example.com", OURS)).toBe(403);
  });

  test("who was refused is not silent: the address is not cut for it", async () => {
    const few = await Besieged.start({ loopback: "limited", maxHalfOpenPerAddress: 5 }, [], {
      origins: [OURS],
    });
    for (let n = 0; n < 20; n++) expect(await statusOf(few.port, "https://evil.example.com")).toBe(403);
    expect(few.limited).toEqual([]);
    await few.stop();
  });

  test("nor does matchmaking answer them, or keep a seat", async () => {
    const url = `${besieged.url.replace("ws", "http")}/join/probe`;
    for (const origin of ["https://evil.example.com", "null"]) {
      const answer = await fetch(url, { method: "POST", headers: { origin } });
      expect(answer.status).toBe(403);
      expect(await answer.text()).not.toContain('ticket":');
    }
  });
});

describe("[HOS-17] what is no ticket, or is none any more, ends with 4602 and takes no seat", () => {
  const none = (place: TicketPlace) =>
    new UnsecuredJWT({ ...place, jti: place.id }).setIssuedAt().setExpirationTime("1m").encode();
  const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");

  test.each<[what: string, ticket: () => Promise<unknown>]>([
    ["none", async () => null],
    ["an empty text", async () => ""],
    ["a text", async () => "ticket"],
    ["three dots", async () => "..."],
    ["10,000 letters", async () => "x".repeat(10_000)],
    ["a secret", async () => TICKET_SECRET],
    ["alg: none", async () => none((await seat()).place)],
    [
      "alg: none, called ours",
      async () => {
        const [, claims] = none((await seat()).place).split(".");
        return `${header({ alg: "none", typ: "tickcast-join+jwt" })}.${claims}.`;
      },
    ],
    [
      "our header over other claims",
      async () => {
        const [head, , signature] = (await seat()).ticket.split(".");
        return `${head}.${header({ room: besieged.roomId })}.${signature}`;
      },
    ],
    ["another secret's", () => signed({}, "another secret of thirty-two bytes")],
    ["an expired one", () => signed({}, TICKET_SECRET, () => Date.now() - 60_000)],
    ["one of tomorrow", () => signed({}, TICKET_SECRET, () => Date.now() + 86_400_000)],
    ["another server's", () => signed({ node: "n2" })],
    ["one of this server's former life", () => signed({ epoch: 6 })],
    ["one of its next life", () => signed({ epoch: 8 })],
    ["another game's", () => signed({ game: "chess" })],
  ])("%s", async (_, ticket) => {
    expect(await codeFor(hello(await ticket()))).toBe(4602);
  });

  test("one for another room", async () => {
    expect(await codeFor(hello((await seat()).ticket), "/probe/elsewhere")).toBe(4602);
  });

  test("a ticket that is no text is no hello: 4702", async () => {
    for (const ticket of [5, {}, [], { alg: "none" }]) expect(await codeFor(hello(ticket))).toBe(4702);
  });

  test("twenty at once with one ticket: one is in, and nineteen are told", async () => {
    const { ticket } = await seat();
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeFor(hello(ticket))));
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    expect(codes.filter((code) => code === 4602)).toHaveLength(19);
    expect(await codeFor(hello(ticket))).toBe(4602);
  });

  test("a thousand bad ones from players who do not wait for the answer", async () => {
    const forged = await signed({}, "another secret of thirty-two bytes");
    for (let n = 0; n < 10; n++) {
      const sockets = await Promise.all(Array.from({ length: 100 }, () => RawSocket.open(besieged.port)));
      for (const raw of sockets) sendFrame(raw, hello(forged));
      for (const raw of sockets) raw.destroy();
    }
  });

  test("a ticket does not stand in for a seat's token, nor a token for a ticket", async () => {
    const { ticket } = await seat();
    const player = await joinRaw(besieged.port, "/probe", hello(ticket));
    const token = tokenOf(player);
    expect(await codeFor(hello(token))).toBe(4602);
    const next = (await seat()).ticket;
    expect(await codeFor(hello(null, next, 1), `/probe/${besieged.roomId}`)).toBe(4602);
    expect(player.ended).toBe(false);
    player.destroy();
  });
});

describe("[HOS-18] a bad token changes nothing, and of two returns the newest has the seat", () => {
  const path = () => `/probe/${besieged.roomId}`;
  const returning = (token: unknown, tick = 1, attempt?: number) => hello(null, token, tick, attempt);

  test("a token with a letter changed, cut or added, or with another's number: 4602, and its owner plays on", async () => {
    const player = await joinRaw(besieged.port, "/probe", hello((await seat()).ticket));
    const token = String(tokenOf(player));
    const [voice, secret = ""] = token.split(".");
    const changed = `${secret.startsWith("A") ? "B" : "A"}${secret.slice(1)}`;
    const ticks = framesOf(player, "tickEnd").length;
    for (const bad of [`${voice}.${changed}`, token.slice(0, -1), `${token}A`, secret, `.${secret}x`, "0.0"])
      expect(await codeFor(returning(bad), path()), bad).toBe(4602);
    await player.until(() => player.ended || framesOf(player, "tickEnd").length > ticks + 2);
    expect(player.ended).toBe(false);
    player.destroy();
  });

  test("the older is closed with 4502, which is for good, and the newest plays on", async () => {
    const player = await joinRaw(besieged.port, "/probe", hello((await seat()).ticket));
    const token = tokenOf(player);
    const older = await RawSocket.open(besieged.port, path());
    sendFrame(older, returning(token, 1, 1));
    await older.until(() => older.ended || framesOf(older, "tickEnd").length > 0);
    const newest = await RawSocket.open(besieged.port, path());
    sendFrame(newest, returning(token, 1, 2));
    await newest.until(() => newest.ended || framesOf(newest, "tickEnd").length > 2);
    await Promise.all([player.untilEnded(), older.untilEnded()]);
    expect([player.closeCode, older.closeCode, newest.ended]).toEqual([4502, 4502, false]);
    // A hello of the older that was held up on the way.
    expect(await codeFor(returning(token, 1, 1), path())).toBe(4502);
    expect(newest.ended).toBe(false);
    for (const raw of [player, older, newest]) raw.destroy();
  });
});

test("[HOS-17] a room whose seats are all kept for players who do not come is full, and free again some seconds later", async () => {
  const url = `${besieged.url.replace("ws", "http")}/join/probe/${besieged.roomId}`;
  const ask = async () => (await fetch(url, { method: "POST" })).status;
  const answers = await Promise.all(Array.from({ length: 200 }, ask));
  const given = answers.filter((status) => status === 200).length;
  expect(given).toBeGreaterThan(0);
  expect(given).toBeLessThanOrEqual(63);
  expect(answers.filter((status) => status === 503)).toHaveLength(200 - given);
  // Nobody took the seat of the one who plays, and nobody else's is taken for good.
  expect((await besieged.health()).rooms).toBe(1);
  while ((await ask()) !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
});
