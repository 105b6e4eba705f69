import { UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { type Hosted, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { NODE, TICKET_SECRET, ticketed } from "../../tests/server-kit/ticketed.ts";
import { type Applicant, defineRoom } from "../room/define-room.ts";
import { signTicket } from "./ticket.ts";
import { ticketFaults } from "./ticket-faults.ts";

/** Greets with a ticket, and waits until that was judged and the player is in, or closed. */
async function come(
  hosted: Hosted,
  ticket: string | undefined,
  path = "/probe",
  game: Game = probeGame,
): Promise<RawClient> {
  const client = await hosted.greet(path, game, { name: "ada" }, ticket);
  // Judging happens on threads, so the event loop has to turn meanwhile.
  while (client.ended === undefined && client.of("tickEnd").length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    await hosted.run(1);
  }
  return client;
}

const refusal = (fault: keyof typeof ticketFaults) => ({
  code: 4602,
  name: "bad-token",
  reason: ticketFaults[fault],
});

/** A room that lasts, with so many seats. */
const lasting = (maxPlayers = 8) =>
  defineRoom(probe, { ...quietHandlers, maxPlayers, emptyForMs: 3_600_000, graceMs: 0 });

describe("[TKT-5] a ticket lets its bearer into the room that it names, once, and nobody in by anything else", () => {
  test("by the room's own address, or by the game's", async () => {
    const { hosted, seat } = await ticketed([lasting()]);
    const first = await seat();
    expect((await come(hosted, first.ticket, "/probe/r1")).welcome.room).toBe("r1");
    expect((await come(hosted, (await seat()).ticket)).welcome.room).toBe("r1");
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("not twice, however it is shown", async () => {
    const { hosted, seat, faults } = await ticketed([lasting()]);
    const { ticket } = await seat();
    const both = await Promise.all([come(hosted, ticket), come(hosted, ticket, "/probe/r1")]);
    expect(both.filter(({ ended }) => ended === undefined)).toHaveLength(1);
    expect((await come(hosted, ticket)).ended).toEqual(refusal("used"));
    expect(faults).toEqual(["used", "used"]);
    expect(hosted.room().seats.taken).toBe(1);
    await hosted.stop();
  });

  test("not after its time, nor in another room, another game, or without", async () => {
    const other = { ...probeGame, spec: { ...probe.spec, name: "other" } } as Game;
    const { hosted, seat, ask, faults } = await ticketed([lasting(), { ...lasting(), game: other }]);
    const { ticket } = await seat();
    await ask("/join/other");
    expect((await come(hosted, ticket, "/probe/r2")).ended).toEqual(refusal("other-room"));
    expect((await come(hosted, ticket, "/other", other)).ended).toEqual(refusal("other-room"));
    expect((await come(hosted, undefined)).ended).toEqual(refusal("missing"));
    await hosted.run(21_000);
    expect((await come(hosted, ticket)).ended).toEqual(refusal("expired"));
    expect(faults).toEqual(["other-room", "other-room", "missing", "expired"]);
    await hosted.stop();
  });

  test("a ticket that was shown to the wrong room is not used up by it", async () => {
    const { hosted, seat } = await ticketed([lasting()]);
    const { ticket } = await seat();
    expect((await come(hosted, ticket, "/probe/r9")).ended).toEqual(refusal("other-room"));
    expect((await come(hosted, ticket)).ended).toBeUndefined();
    await hosted.stop();
  });

  test("not signed with alg: none or by anybody else", async () => {
    const { hosted, seat } = await ticketed([lasting()]);
    const { place } = await seat();
    const none = new UnsecuredJWT({ ...place, jti: place.id }).setIssuedAt().setExpirationTime("1m").encode();
    const foreign = await signTicket(place, "another secret of thirty-two bytes");
    for (const ticket of [none, foreign, "", "x".repeat(10_000)])
      expect((await come(hosted, ticket)).ended).toEqual(refusal("invalid"));
    await hosted.stop();
  });

  test("who returns to their seat needs none", async () => {
    const { hosted, seat } = await ticketed([
      defineRoom(probe, { ...quietHandlers, emptyForMs: 60_000, graceMs: 60_000 }),
    ]);
    const ada = await come(hosted, (await seat()).ticket);
    const token = ada.of("welcome")[0]?.[9];
    ada.socket.cut();
    await hosted.ticks(2);
    const again = await hosted.connect("/probe/r1");
    again.send([0, 1, probe.hash, null, null, token, ada.tick, 1]);
    await hosted.ticks(2);
    expect([again.ended, again.of("resumed").length]).toEqual([undefined, 1]);
    await hosted.stop();
  });
});

describe("[TKT-6] only the life of the server that a ticket names accepts it", () => {
  test.each<[what: string, node: { id: string; epoch: number }]>([
    ["another server", { id: "n2", epoch: 7 }],
    ["this one after a restart", { id: "n1", epoch: 8 }],
    ["this one before", { id: "n1", epoch: 6 }],
  ])("%s does not", async (_, node) => {
    const { hosted, seat, timeOfDay } = await ticketed([lasting()]);
    const { place } = await seat();
    const ticket = await signTicket({ ...place, node: node.id, epoch: node.epoch }, TICKET_SECRET, {
      timeOfDay,
    });
    expect((await come(hosted, ticket)).ended).toEqual(refusal("other-node"));
    await hosted.stop();
  });

  test("a server that begins another life gives and accepts its tickets from then on", async () => {
    const node = { ...NODE };
    const { hosted, seat } = await ticketed([lasting()], { node });
    const before = await seat();
    node.epoch += 1;
    expect((await come(hosted, before.ticket)).ended).toEqual(refusal("other-node"));
    expect((await come(hosted, (await seat()).ticket)).ended).toBeUndefined();
    await hosted.stop();
  });
});

describe("[TKT-7] who needs a ticket is said by a word", () => {
  const asking = () => {
    const applicants: Pick<Applicant<typeof probe.spec, undefined>, "ticket" | "identity">[] = [];
    const room = defineRoom(probe, {
      ...quietHandlers,
      emptyForMs: 60_000,
      admit: ({ ticket, identity }) => void applicants.push({ ticket, identity }),
    });
    return { applicants, room };
  };

  test("accepted: others come as ever, and what is no ticket of ours is for the game to judge", async () => {
    const { applicants, room } = asking();
    const { hosted, seat } = await ticketed([room], { mode: "accepted" });
    for (const ticket of [undefined, "their own", (await seat()).ticket])
      expect((await come(hosted, ticket)).ended).toBeUndefined();
    expect(applicants).toEqual([
      { ticket: undefined, identity: undefined },
      { ticket: "their own", identity: undefined },
      { ticket: undefined, identity: { user: undefined, data: undefined } },
    ]);
    const { ticket } = await seat();
    expect((await come(hosted, `${ticket}x`)).ended).toEqual(refusal("invalid"));
    await hosted.stop();
  });

  test("what was presented to matchmaking goes along, for the game to judge", async () => {
    const { applicants, room } = asking();
    const { hosted, seat } = await ticketed([room]);
    const { ticket } = await seat("/join/probe", { body: JSON.stringify({ ticket: "their own" }) });
    await come(hosted, ticket);
    expect(applicants).toEqual([{ ticket: "their own", identity: { user: undefined, data: undefined } }]);
    await hosted.stop();
  });

  test("identified: matchmaking finds the seat, and the backend's word lets in", async () => {
    const { applicants, room } = asking();
    const { hosted, seat, timeOfDay } = await ticketed([room], { mode: "identified" });
    const { ticket, place } = await seat();
    expect(ticket).toBeUndefined();
    const anonymous = await signTicket(place, TICKET_SECRET, { timeOfDay });
    expect((await come(hosted, anonymous)).ended).toEqual(refusal("anonymous"));
    const signed = await signTicket({ ...place, user: "ada", data: { rank: 3 } }, TICKET_SECRET, {
      timeOfDay,
    });
    expect((await come(hosted, signed)).ended).toBeUndefined();
    expect(applicants).toEqual([{ ticket: undefined, identity: { user: "ada", data: { rank: 3 } } }]);
    await hosted.stop();
  });

  test("what makes no sense is refused at the start", async () => {
    await expect(ticketed([lasting()], { secrets: [] })).rejects.toThrow("tickets need ticketSecrets");
    await expect(ticketed([lasting()], { secrets: ["short"] })).rejects.toThrow(
      "a ticket secret has 5 bytes",
    );
    await expect(ticketed([lasting()], { seconds: 121 })).rejects.toThrow("from 1 to 120");
  });
});

describe("[TKT-8] the seat is kept until its ticket is used or its time is over", () => {
  test("nobody else takes it meanwhile, and its bearer does", async () => {
    const { hosted, seat } = await ticketed([lasting(2)]);
    const answers = [await seat(), await seat(), await seat()];
    expect(answers.map(({ room }) => room)).toEqual(["r1", "r1", "r2"]);
    for (const { ticket } of answers) expect((await come(hosted, ticket)).ended).toBeUndefined();
    expect([hosted.room("r1").seats.taken, hosted.room("r2").seats.taken]).toEqual([2, 1]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("forty who ask at once are spread over as many rooms as they need, with no second question", async () => {
    const { hosted, seat } = await ticketed([lasting(4)], { maxTickets: 1_000 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => seat()));
    expect(new Set(answers.map(({ room }) => room)).size).toBe(10);
    const players = await Promise.all(answers.map(({ ticket }) => come(hosted, ticket)));
    expect(players.filter(({ ended }) => ended !== undefined)).toEqual([]);
    await hosted.stop();
  });

  test("a ticket that cannot be signed leaves no seat kept", async () => {
    const tickets = await ticketed([lasting(1)], { node: { id: "n".repeat(9_000), epoch: 7 } });
    expect((await tickets.ask()).status).toBe(500);
    expect([tickets.hosted.room().seats.taken, tickets.size]).toEqual([0, { kept: 0, used: 0 }]);
    tickets.hosted.room().close("room-closed");
    await tickets.hosted.run(1_000);
    expect(await tickets.hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("who does not come loses it", async () => {
    const tickets = await ticketed([lasting(1)]);
    const { hosted, seat } = tickets;
    await seat();
    expect(hosted.room().seats.taken).toBe(1);
    await hosted.run(20_999);
    expect(hosted.room().seats.taken).toBe(1);
    await hosted.run(1);
    expect([hosted.room().seats.taken, tickets.size]).toEqual([0, { kept: 0, used: 0 }]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("a backend's ticket for the same place has the same seat, and counts once with it", async () => {
    const { hosted, seat, timeOfDay } = await ticketed([lasting(1)]);
    const { ticket, place } = await seat();
    const signed = await signTicket({ ...place, user: "ada" }, TICKET_SECRET, { timeOfDay });
    expect((await come(hosted, signed)).ended).toBeUndefined();
    expect((await come(hosted, ticket)).ended).toEqual(refusal("used"));
    await hosted.stop();
  });

  test("a server that drains gives all of them back and lets nobody in by a ticket", async () => {
    const { hosted, seat } = await ticketed([lasting()]);
    const { ticket } = await seat();
    const stays = await come(hosted, (await seat()).ticket);
    void hosted.server.drain(60_000);
    expect(hosted.room().seats.taken).toBe(1);
    expect((await come(hosted, ticket)).ended).toMatchObject({ name: "server-stopping" });
    stays.leave();
    await hosted.run(3_000);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("a seat of a room that closed meanwhile is none, and the next ticket is for another", async () => {
    const { hosted, seat } = await ticketed([lasting()]);
    const { ticket } = await seat();
    hosted.room().close("room-closed");
    await hosted.ticks(2);
    expect((await come(hosted, ticket)).ended).toMatchObject({ name: "no-such-room" });
    expect((await seat()).room).toBe("r2");
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});

describe("[TKT-9] tickets have a bound, and who comes beyond it is told to try again", () => {
  test("of those that are out: 503 with Retry-After; of those that were used: server-busy", async () => {
    const { hosted, seat, ask } = await ticketed([probeRoom], { maxTickets: 2 });
    const limits: string[] = [];
    hosted.server.bus.on("limited", ({ limit }) => limits.push(limit));
    const first = [await seat(), await seat()];
    const beyond = await ask();
    expect([beyond.status, beyond.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await beyond.json()).toMatchObject({ error: { code: "server-busy" } });
    for (const { ticket } of first) expect((await come(hosted, ticket)).ended).toBeUndefined();
    expect((await come(hosted, (await seat()).ticket)).ended).toMatchObject({
      code: 4001,
      name: "server-busy",
    });
    expect(limits).toContain("maxTickets");
    await hosted.run(131_000);
    expect((await come(hosted, (await seat()).ticket)).ended).toBeUndefined();
    await hosted.stop();
  });

  test("a thousand that are refused leave nothing, nor do those who go before theirs was judged", async () => {
    const tickets = await ticketed([lasting()]);
    const { hosted, seat, faults } = tickets;
    const { place } = await seat();
    const forged = await signTicket(place, "another secret of thirty-two bytes");
    const seats = hosted.room().seats.taken;
    for (let n = 0; n < 1_000; n++) {
      const client = await hosted.greet("/probe", probeGame, { name: "eve" }, forged);
      if (n % 2 === 0) client.socket.cut();
    }
    while (faults.length < 1_000 || hosted.server.sessions.size > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await hosted.clock.settle();
    }
    expect([tickets.size, hosted.room().seats.taken]).toEqual([{ kept: 1, used: 0 }, seats]);
    expect(new Set(faults)).toEqual(new Set(["invalid"]));
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});
