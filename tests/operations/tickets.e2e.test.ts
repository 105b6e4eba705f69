import { UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConnectError } from "../../client/connect-error.ts";
import { connect } from "../../client/node.ts";
import { signTicket, type TicketPlace } from "../../server/tickets/index.ts";
import { counter, type Started, serverFolder, startServer } from "./started.ts";

const secret = "a secret of more than thirty-two bytes";

let place: ReturnType<typeof serverFolder>;
const started: Started[] = [];

beforeEach(() => {
  place = serverFolder();
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  place.remove();
});

async function start(args: readonly string[] = [], secrets = secret): Promise<Started> {
  const server = await startServer(place.folder, args, { TICKCAST_TICKET_SECRETS: secrets });
  started.push(server);
  return server;
}

interface Answer {
  readonly url: string;
  readonly room: string;
  readonly ticket: string;
  readonly place: TicketPlace;
}

const ask = async ({ url }: Started): Promise<Answer> =>
  (await fetch(new URL("/join/counter", url), { method: "POST" })).json() as Promise<Answer>;

const join = ({ url }: Started, ticket: string | undefined, room = "") =>
  connect(counter, `ws://${url.host}/counter${room}`, undefined, {
    reconnectWithinMs: 0,
    ...(ticket !== undefined && { ticket }),
  });

/** The sentence and the kind of a refusal. */
const refusalOf = async (joining: Promise<unknown>) => {
  const error = await joining.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectError)) throw new Error(`not refused, but ${String(error)}`);
  const { code, name, retry } = error.close;
  return { code, name, retry, message: error.message };
};
const terminal = (sentence: string) => ({
  code: 4602,
  name: "bad-token",
  retry: "never",
  message: expect.stringContaining(sentence),
});

describe("[TKT-30] a real server takes tickets as its settings say", () => {
  test("through matchmaking one is in; a ticket counts once, for its room, and nothing else counts", async () => {
    const server = await start(["--tickets", "required"]);
    const ada = await connect(counter, new URL("/join/counter", server.url).href);
    const { ticket, url, room } = await ask(server);
    expect(room).toBe(ada.id);
    const bob = await connect(counter, new URL(url, new URL("/join/counter", server.url)).href, undefined, {
      ticket,
    });
    expect(bob.id).toBe(ada.id);
    expect(await refusalOf(join(server, ticket))).toEqual(terminal("used already"));
    expect(await refusalOf(join(server, undefined))).toEqual(terminal("asks for a ticket"));
    const next = await ask(server);
    expect(await refusalOf(join(server, next.ticket, "/elsewhere"))).toEqual(terminal("another room"));
    const { place: seat } = next;
    const none = new UnsecuredJWT({ ...seat, jti: seat.id }).setIssuedAt().setExpirationTime("1m").encode();
    expect(await refusalOf(join(server, none))).toEqual(terminal("none of this server's"));
    const past = await signTicket(seat, secret, { timeOfDay: () => Date.now() - 60_000 });
    expect(await refusalOf(join(server, past))).toEqual(terminal("too old"));
    const metrics = await (await fetch(new URL("/metrics", server.url))).text();
    for (const fault of ["used", "missing", "other-room", "invalid", "expired"])
      expect(metrics).toContain(`tickcast_tickets_refused_total{fault="${fault}"} 1`);
    expect(server.output()).toContain('"fault":"used"');
    expect(server.output()).not.toContain(ticket);
    expect([ada.statistics.ticksMissed, bob.statistics.ticksMissed]).toEqual([0, 0]);
    await Promise.all([ada.leave(), bob.leave()]);
  });

  test("a server that was started again does not accept tickets of its former life", async () => {
    const before = await start();
    const { ticket } = await ask(before);
    before.child.kill("SIGTERM");
    await before.exited;
    expect(await refusalOf(join(await start(), ticket))).toEqual(terminal("before it was restarted"));
  });

  test("secrets are exchanged without a gap: the new one in front, the old one behind it", async () => {
    const newer = "the secret that takes its place: 32";
    const server = await start([], `${newer},${secret}`);
    const { place: seat } = await ask(server);
    const signed = await signTicket({ ...seat, user: "ada" }, secret);
    const ada = await join(server, signed);
    const { ticket } = await ask(server);
    const bob = await join(server, ticket);
    expect(bob.id).toBe(ada.id);
    await Promise.all([ada.leave(), bob.leave()]);
  });

  test("settings that make no sense end in a sentence, without a secret in it", async () => {
    await expect(startServer(place.folder, ["--tickets", "required"])).rejects.toThrow(
      "tickets is required, which needs ticketSecrets",
    );
    const short = await start([], "shortsecret").catch((error: unknown) => String(error));
    expect(short).toContain("a ticket secret has 11 bytes; it must have at least 32");
    expect(short).not.toContain("shortsecret");
  });
});
