import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { defineRoom } from "../server/room/define-room.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../shared/protocol/frames.ts";
import { Clustered, type ClusteredServer } from "./server-kit/clustered.ts";
import { probe, probeGame, quietHandlers } from "./server-kit/probe-game.ts";
import type { RawClient } from "./server-kit/raw-client.ts";

const small = (more: object = {}) =>
  defineRoom(probe, {
    ...quietHandlers,
    maxPlayers: 2,
    emptyForMs: 600_000,
    options: v.object({ mode: v.optional(v.picklist(["duel", "all"]), "all") }),
    ...more,
  });

const nameOf = (url = ""): string => /^wss:\/\/(\w+)\./.exec(url)?.[1] ?? "";

async function pair(room = small()) {
  const cluster = new Clustered();
  const servers = new Map<string, ClusteredServer>();
  for (const id of ["n1", "n2"]) servers.set(id, await cluster.start(id, [room]));
  const server = (id: string): ClusteredServer => {
    const found = servers.get(id);
    if (found === undefined) throw new Error(`there is no server ${id}`);
    return found;
  };
  /** A player who was answered a seat connects there. */
  const come = async ({ url = "", ticket }: { url?: string; ticket?: string }): Promise<RawClient> => {
    const owner = server(nameOf(url));
    const client = await owner.greet(new URL(url).pathname, probeGame, { name: "ada" }, ticket);
    // Verifying happens on threads, so the event loop has to turn meanwhile.
    while (client.ended === undefined && client.tick === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await owner.run(20);
    }
    return client;
  };
  const stop = async (): Promise<void> => {
    for (const each of servers.values()) await each.stop();
  };
  return { cluster, server, come, stop };
}

describe("[NOD-12] any node finds a seat in the cluster, and its owner keeps it", () => {
  test("a room is made on the least busy node, and both nodes send players there, as many as it has seats", async () => {
    const { cluster, server, come, stop } = await pair();
    const first = await cluster.ask(server("n2"), "/join/probe");
    expect(first).toMatchObject({ status: 200, answer: { expiresInMs: 15_000 } });
    const owner = nameOf(first.answer.url);
    expect(first.answer).toMatchObject({
      url: `wss://${owner}.example.com/probe/${first.answer.room}`,
      place: { node: owner, room: first.answer.room, game: "probe" },
    });
    const second = await cluster.ask(server("n1"), "/join/probe");
    expect(second.answer).toMatchObject({ room: first.answer.room, url: first.answer.url });
    // Two seats are kept: the third makes another room, on the other node.
    const third = await cluster.ask(server("n1"), "/join/probe");
    expect(third.answer.room).not.toBe(first.answer.room);
    expect(nameOf(third.answer.url)).not.toBe(owner);
    for (const { answer } of [first, second, third]) expect((await come(answer)).ended).toBeUndefined();
    expect(server(owner).room(first.answer.room).seats.size).toBe(2);
    await stop();
  });

  test("a hundred who ask both at once are sent to as many rooms as their seats need", async () => {
    const { cluster, server, stop } = await pair();
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_, at) => cluster.ask(server(at % 2 === 0 ? "n1" : "n2"), "/join/probe")),
    );
    const rooms = new Map<string, number>();
    for (const { answer } of asked) rooms.set(answer.room ?? "", (rooms.get(answer.room ?? "") ?? 0) + 1);
    expect([rooms.size, Math.max(...rooms.values())]).toEqual([20, 2]);
    expect(server("n1").roomIds.length + server("n2").roomIds.length).toBe(20);
    expect(server("n1").roomIds.length).toBeGreaterThan(5);
    expect(server("n2").roomIds.length).toBeGreaterThan(5);
    await stop();
  });

  test("options and the player's own ticket go along", async () => {
    const { cluster, server, stop } = await pair();
    const duel = await cluster.ask(server("n1"), "/join/probe?mode=duel", { ticket: "who I am" });
    const owner = server(nameOf(duel.answer.url));
    expect(owner.room(duel.answer.room).options).toEqual({ mode: "duel" });
    const other = await cluster.ask(server("n1"), "/join/probe");
    expect(other.answer.room).not.toBe(duel.answer.room);
    const bad = await cluster.ask(server("n1"), "/join/probe?mode=trio");
    expect(bad).toMatchObject({ status: 400, answer: { error: { code: "bad-join" } } });
    await stop();
  });

  test("a ticket counts on the owner alone, and there once", async () => {
    const { cluster, server, come, stop } = await pair();
    const { answer } = await cluster.ask(server("n1"), "/join/probe");
    const owner = nameOf(answer.url);
    const other = owner === "n1" ? "n2" : "n1";
    const stranger = await come({ ...answer, url: answer.url?.replace(owner, other) ?? "" });
    expect(stranger.ended).toMatchObject({ name: "bad-token" });
    expect((await come(answer)).ended).toBeUndefined();
    expect((await come(answer)).ended).toMatchObject({ name: "bad-token" });
    await stop();
  });

  test("a room that is full or locked by its owner's word is passed over", async () => {
    const { cluster, server, stop } = await pair();
    const first = await cluster.ask(server("n1"), "/join/probe");
    const owner = server(nameOf(first.answer.url));
    // The directory does not know yet.
    owner.room(first.answer.room).locked = true;
    const next = await cluster.ask(server("n2"), "/join/probe");
    expect(next.status).toBe(200);
    expect(next.answer.room).not.toBe(first.answer.room);
    const named = await cluster.ask(server("n2"), `/join/probe/${first.answer.room}`);
    expect(named).toMatchObject({ status: 503, answer: { error: { code: "room-locked" } } });
    await stop();
  });

  test("a game that cannot be loaded, or locks its rooms at once, says so, and no second room is made", async () => {
    const { cluster, server, stop } = await pair(small({ create: (room: { lock(): void }) => room.lock() }));
    const asked = await cluster.ask(server("n1"), "/join/probe");
    expect(asked).toMatchObject({ status: 503, answer: { error: { code: "room-locked" } } });
    expect(server("n1").roomIds.length + server("n2").roomIds.length).toBe(1);
    await stop();
  });
});

describe("[NOD-13] a room by its id is joined on its owner, whichever node is asked", () => {
  test("private ones, too; one that there is not is nowhere", async () => {
    const { cluster, server, come, stop } = await pair();
    const made = await server("n1").request("/rooms", {
      method: "POST",
      body: JSON.stringify({ game: "probe", visibility: "private" }),
    });
    const { id, url } = (await made.json()) as { id: string; url: string };
    expect(url).toBe(`wss://n1.example.com/probe/${id}`);
    await server("n1").run(200);
    const asked = await cluster.ask(server("n2"), `/join/probe/${id}`);
    expect(asked.answer).toMatchObject({ room: id, url });
    expect((await come(asked.answer)).ended).toBeUndefined();
    for (const room of ["nowhere", "a b"])
      expect(await cluster.ask(server("n2"), `/join/probe/${encodeURIComponent(room)}`)).toMatchObject({
        ...{ status: 409, answer: { error: { code: "no-such-room" } } },
      });
    await stop();
  });

  test("who has a seat asks where its room is, and nothing is kept for them", async () => {
    const { cluster, server, stop } = await pair();
    const { answer } = await cluster.ask(server("n1"), "/join/probe");
    await server("n1").run(200);
    const owner = server(nameOf(answer.url));
    owner.room(answer.room).locked = true;
    const seats = owner.room(answer.room).seats.taken;
    for (const id of ["n1", "n2"]) {
      const found = await cluster.ask(server(id), `/join/probe/${answer.room}`, { returning: true });
      const { url, room } = answer;
      const named = server(id) !== owner && { owner: expect.stringMatching(`^${nameOf(url)}@\\d+$`) };
      expect(found).toEqual({ status: 200, answer: { url, room, ...named } });
    }
    expect(owner.room(answer.room).seats.taken).toBe(seats);
    await stop();
  });

  test("[NOD-35] a room is not gone because the directory lost everything: who asks for it is to ask again", async () => {
    const { cluster, server, stop } = await pair();
    const { answer } = await cluster.ask(server("n1"), "/join/probe");
    await server("n1").run(200);
    const other = server(nameOf(answer.url) === "n1" ? "n2" : "n1");
    const turnedAway = async (room = ""): Promise<string | undefined> => {
      const client = await other.greet(`/probe/${room}`, probeGame, { name: "ada" });
      await other.run(20);
      return client.ended?.name;
    };
    expect(await turnedAway("nowhere")).toBe("no-such-room");
    cluster.hub.stop();
    cluster.hub.start("lost");
    // No node has noticed, and then the room is not known again at once.
    for (let look = 0; look < 20; look++) expect(await turnedAway(answer.room)).not.toBe("no-such-room");
    await other.run(2_000);
    expect(await turnedAway(answer.room)).toBe("room-moved");
    await other.run(6_000);
    expect(await turnedAway("nowhere")).toBe("no-such-room");
    await stop();
  });

  test("a room whose owner is gone comes back, so its players are to ask again", async () => {
    const { cluster, server, stop } = await pair();
    const { answer } = await cluster.ask(server("n1"), "/join/probe");
    await server("n1").run(200);
    const owner = nameOf(answer.url);
    const other = server(owner === "n1" ? "n2" : "n1");
    server(owner).directory.cut("silent");
    await other.run(2_500);
    const body = JSON.stringify({ returning: true });
    const request = new Request(`http://memory/join/probe/${answer.room}`, { method: "POST", body });
    const pending = other.transport.request(request);
    await other.run(3_100);
    const asked = await pending;
    expect([asked.status, await asked.json()]).toMatchObject([503, { error: { code: "room-restarting" } }]);
    await stop();
  });
});

describe("[NOD-14] who connects to a node that does not have the room is told where to ask", () => {
  test("with a new connection as with a token", async () => {
    const { cluster, server, stop } = await pair();
    const { answer } = await cluster.ask(server("n1"), "/join/probe");
    await server("n1").run(200);
    const other = server(nameOf(answer.url) === "n1" ? "n2" : "n1");
    const lost = await other.greet(`/probe/${answer.room}`, probeGame, { name: "ada" });
    await other.run(50);
    expect(lost.ended).toMatchObject({ code: 4106, name: "room-moved" });
    expect(lost.ended?.reason).toContain("POST /join");
    const returning = await other.connect(`/probe/${answer.room}`);
    returning.send([ClientFrame.hello, PROTOCOL_VERSION, probeGame.hash, null, null, "some.token"]);
    await other.run(50);
    expect(returning.ended).toMatchObject({ name: "room-moved" });
    const nowhere = await other.greet("/probe/nowhere", probeGame, { name: "ada" });
    await other.run(50);
    expect(nowhere.ended).toMatchObject({ name: "no-such-room" });
    await stop();
  });
});

describe("[NOD-15] a cluster that is not whole says so", () => {
  test("an owner that does not answer is passed over; without the directory nobody new is placed", async () => {
    const { cluster, server, stop } = await pair();
    const first = await cluster.ask(server("n1"), "/join/probe");
    const owner = nameOf(first.answer.url);
    const other = server(owner === "n1" ? "n2" : "n1");
    server(owner).clusterBus.cut();
    let over = false;
    const asking = cluster.ask(other, "/join/probe").finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      await other.run(100);
    }
    expect((await asking).status).toBe(200);
    expect(nameOf((await asking).answer.url)).not.toBe(owner);
    other.directory.cut("refused");
    await other.run(10);
    const refused = await cluster.ask(other, "/join/probe");
    expect(refused).toMatchObject({ status: 503, answer: { error: { code: "server-busy" } } });
    await stop();
  });

  test("a node that drains sends players to others", async () => {
    const { cluster, server, stop } = await pair();
    await server("n1").join("/probe", probeGame, { name: "stays" });
    const drained = server("n1").server.drain(60_000);
    await server("n1").run(50);
    for (let at = 0; at < 3; at++) {
      const { status, answer } = await cluster.ask(server("n1"), "/join/probe");
      expect([status, nameOf(answer.url)]).toEqual([200, "n2"]);
    }
    await stop();
    await drained;
  });
});

describe("[NOD-16] GET /rooms lists the rooms of all nodes", () => {
  test("with their addresses, by pages of one game; a directory that is away is no empty list", async () => {
    const { cluster, server, stop } = await pair();
    const asked = [];
    for (let at = 0; at < 4; at++) asked.push((await cluster.ask(server("n1"), "/join/probe")).answer);
    await server("n1").run(1_200);
    const list = async (path: string) => {
      const answer = await server("n2").request(path);
      return [answer.status, await answer.json()];
    };
    const urls = [...new Set(asked.map(({ url }) => url))].sort();
    expect(urls.length).toBe(2);
    const [, all] = (await list("/rooms")) as [number, { rooms: { url: string; players: number }[] }];
    expect(all.rooms.map(({ url }) => url).sort()).toEqual(urls);
    expect(all.rooms.map(({ players }) => players)).toEqual([2, 2]);
    expect(await list("/rooms?game=probe&joinable")).toEqual([200, { rooms: [] }]);
    expect(await list("/rooms?after=x")).toMatchObject([400, {}]);
    expect(await list(`/rooms/${asked[0]?.room}`)).toMatchObject([200, { id: asked[0]?.room, players: 2 }]);
    server("n2").directory.cut("refused");
    await server("n2").run(1_100);
    expect(await list("/rooms")).toMatchObject([503, { error: { code: "server-busy" } }]);
    await stop();
  });
});

describe("[NOD-42] matchmaking fills one match after the other, over all nodes", () => {
  test("seven players who ask two nodes are two matches of three, and one who waits", async () => {
    const begun: number[] = [];
    const { cluster, server, come, stop } = await pair(
      small({
        maxPlayers: 3,
        queue: { players: 3 },
        begin: (_: unknown, missing: number) => void begun.push(missing),
      }),
    );
    const asked: { room?: string; url?: string; ticket?: string }[] = [];
    for (let at = 0; at < 7; at++)
      asked.push((await cluster.ask(server(at % 2 ? "n1" : "n2"), "/join/probe")).answer);
    const rooms = [...new Set(asked.map(({ room }) => room))];
    expect(rooms.map((room) => asked.filter((each) => each.room === room).length)).toEqual([3, 3, 1]);
    for (const answer of asked) expect((await come(answer)).ended).toBeUndefined();
    await server("n1").run(200);
    expect(begun).toEqual([0, 0]);
    const records = await Promise.all(rooms.map((room) => cluster.record(room ?? "")));
    expect(records.map((record) => [record?.seats, record?.locked])).toEqual([
      [3, true],
      [3, true],
      [1, false],
    ]);
    await stop();
  });
});
