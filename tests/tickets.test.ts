import { ConnectError, connectWith } from "tickcast/client";
import { defineGame, record, u8 } from "tickcast/game";
import { type Applicant, defineRoom, refuse } from "tickcast/server";
import { TestServer } from "tickcast/testing";
import { signTicket, type TicketPlace } from "tickcast/tickets";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ScriptedServer } from "./client-kit/scripted-server.ts";
import { ManualClock } from "./kit/manual-clock.ts";

const duel = defineGame({ name: "duel", tickRate: 20, state: { match: record({ round: u8 }) } });
const secret = "a secret of thirty-two bytes, say";

let server: TestServer;
let asked: Pick<Applicant<typeof duel.spec, undefined>, "ticket" | "identity">[];
beforeEach(async () => {
  asked = [];
  server = await TestServer.start({
    rooms: [
      defineRoom(duel, {
        maxPlayers: 2,
        emptyForMs: 60_000,
        admit: ({ ticket, identity }) => {
          asked.push({ ticket, identity });
          return ticket === "banned" ? refuse("You are banned.") : undefined;
        },
      }),
    ],
    tickets: "required",
    ticketSecrets: [secret],
  });
});
afterEach(() => server.stop());

const closeOf = (joining: Promise<unknown>) =>
  joining.then(
    () => undefined,
    (error: unknown) => (error instanceof ConnectError ? error.close.name : error),
  );

describe("[TKT-20] the SDK joins through matchmaking", () => {
  test("the address with /join before it leads to the room, by a ticket that the game does not see", async () => {
    const { room } = await server.connect(duel, "/join/duel");
    expect([room.id, room.connection.state]).toEqual(["room1", "joined"]);
    expect(asked).toEqual([{ ticket: undefined, identity: { user: undefined, data: undefined } }]);
  });

  test("into a room that it names", async () => {
    await server.connect(duel, "/join/duel");
    const { room } = await server.connect(duel, "/join/duel/room1");
    expect(room.id).toBe("room1");
    expect(await closeOf(server.connect(duel, "/join/duel/room1"))).toBe("room-full");
    expect(await closeOf(server.connect(duel, "/join/duel/room9"))).toBe("no-such-room");
  });

  test("what `connect` was given as ticket goes along, and the game judges it", async () => {
    await server.connect(duel, "/join/duel", undefined, { ticket: "theirs" });
    expect(asked).toMatchObject([{ ticket: "theirs" }]);
    expect(await closeOf(server.connect(duel, "/join/duel", undefined, { ticket: "banned" }))).toBe(
      "refused",
    );
  });

  test("a lost connection returns by its token, and needs no ticket", async () => {
    const { room, network } = await server.connect(duel, "/join/duel");
    network.cut();
    await server.run(2_000);
    expect([room.connection.state, room.statistics.resyncs, asked.length]).toEqual(["joined", 1, 1]);
  });

  test("a page that was loaded anew returns by its token, too, wherever it asked at first", async () => {
    const { room } = await server.connect(duel, "/join/duel");
    const { token = "" } = room;
    const again = await server.connect(duel, `/join/duel/${room.id}`, undefined, { token });
    expect([again.room.playerId, again.room.id]).toEqual([room.playerId, room.id]);
  });

  test("a join that was never answered is not repeated with its ticket: the next one gets another", async () => {
    const { connect } = connectWith({
      clock: server.clock,
      page: "http://memory/",
      ask: async (url) => {
        const answer = await server.request(new URL(url).pathname, { method: "POST" });
        return { status: answer.status, text: await answer.text() };
      },
      openSocket: (_, listener) => {
        server.clock.soon(() => listener.closed(1006, "nobody answers"));
        return { send: () => {}, close: () => {}, bufferedBytes: 0 };
      },
    });
    expect(await closeOf(server.until(connect(duel, "/join/duel")))).toBe("abnormal");
    await server.connect(duel, "/join/duel");
    expect(asked).toHaveLength(1);
  });

  test("directly nobody is let in, and that is for good", async () => {
    const failed = await server.connect(duel, "/duel").catch((error: unknown) => error);
    expect(failed).toMatchObject({ close: { name: "bad-token", retry: "never" } });
    expect(String(failed)).toContain("This server asks for a ticket.");
    expect(asked).toEqual([]);
  });
});

describe("[TKT-21] a backend of one's own says who somebody is", () => {
  test("by a ticket for the place that matchmaking found", async () => {
    const answer = await server.request("/join/duel", { method: "POST" });
    const { url, place } = (await answer.json()) as { url: string; place: TicketPlace };
    const ticket = await signTicket({ ...place, user: "ada", data: { rank: 3 } }, secret, {
      timeOfDay: () => server.clock.now(),
    });
    const { room } = await server.connect(duel, url.replace("..", ""), undefined, { ticket });
    expect(room.id).toBe(place.room);
    expect(asked).toEqual([{ ticket: undefined, identity: { user: "ada", data: { rank: 3 } } }]);
  });
});

describe("[TKT-22] matchmaking that gives no room rejects `connect` with a code to branch on", () => {
  const answered = async (status: number, text: string) => {
    const clock = new ManualClock();
    const { openSocket } = new ScriptedServer();
    const { connect } = connectWith({ clock, openSocket, ask: async () => ({ status, text }) });
    const error = await connect(duel, "https://play.example.com/join/duel").catch(
      (reason: unknown) => reason,
    );
    expect(clock.pending).toBe(0);
    return error as ConnectError;
  };

  test.each([
    [503, '{"error":{"code":"server-busy","message":"Full."}}', "server-busy", "later"],
    [503, '{"error":{"code":"server-stopping","message":"Bye."}}', "server-stopping", "soon"],
    [429, '{"error":{"code":"rate-limited","message":"Slow."}}', "rate-limited", "later"],
    [502, "<html>bad gateway</html>", "server-busy", "later"],
    [503, "<html>unavailable</html>", "server-busy", "later"],
    [404, '{"error":{"code":"not-found","message":"Nothing."}}', "bad-gateway", "later"],
    [404, '{"error":{"code":"__proto__"}}', "bad-gateway", "later"],
    [200, "null", "bad-gateway", "later"],
    [200, '{"room":"r1"}', "bad-gateway", "later"],
  ])("%d %s is %s, to be tried again %s", async (status, text, name, retry) => {
    expect(await answered(status, text)).toMatchObject({ close: { name, retry } });
  });

  test("the server's own sentence is part of it", async () => {
    const { message } = await answered(429, '{"error":{"code":"rate-limited","message":"Slow down."}}');
    expect(message).toContain("https://play.example.com/join/duel");
    expect(message).toContain("Slow down.");
  });

  test("unreachable, and without an answer in time, as any address", async () => {
    const clock = new ManualClock();
    const { openSocket } = new ScriptedServer();
    const join = (ask: () => Promise<never>) =>
      connectWith({ clock, openSocket, ask }).connect(duel, "https://a.example/join/duel");
    const refused = join(() => Promise.reject(new TypeError("fetch failed")));
    await expect(refused).rejects.toThrow("fetch failed");
    const late = join(() => new Promise(() => {}));
    void late.catch(() => undefined);
    clock.advance(10_000);
    await expect(late).rejects.toMatchObject({ close: { name: "abnormal", retry: "soon" } });
    expect(clock.pending).toBe(0);
  });

  test("a plain address asks nobody, whatever its scheme", async () => {
    const asking: string[] = [];
    const server = new ScriptedServer();
    const { connect } = connectWith({
      clock: new ManualClock(),
      openSocket: server.openSocket,
      ask: async (url) => {
        asking.push(url);
        return { status: 500, text: "" };
      },
    });
    for (const url of ["https://a.example/duel", "wss://a.example/join/duel", "https://a.example/join"])
      void connect(duel, url);
    expect(asking).toEqual([]);
    expect(server.url).toBe("wss://a.example/join");
  });
});
