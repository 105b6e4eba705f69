import { describe, expect, test } from "vitest";
import { ClientFrame, PROTOCOL_VERSION } from "../shared/protocol/frames.ts";
import type { Clock } from "../shared/tick/clock.ts";
import { type Hosted, type HostOptions, host, NOTHING_LEFT } from "../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../tests/server-kit/probe-game.ts";
import type { ClusterPart } from "./cluster/cluster-part.ts";
import { defineRoom } from "./room/define-room.ts";

/** A place in a cluster that takes so long to find that no other node takes a room. */
function slowMover(clock: Clock, ms: number): ClusterPart {
  const part: Partial<ClusterPart> = {
    uplink: { id: "n1", uplink: { publish: () => "sent", subscribe: () => ({ release: () => {} }) } },
    mayPublish: () => true,
    drain: () => {},
    move: () => new Promise((resolve) => void clock.after(ms, resolve)),
    leave: async () => {},
  };
  return part as ClusterPart;
}

async function draining(withinMs = 10_000, cluster?: HostOptions["cluster"]) {
  const told: string[] = [];
  const definition = defineRoom(probe, {
    ...quietHandlers,
    maxPlayers: 2,
    emptyForMs: 60_000,
    drain: (room, secondsLeft) =>
      void told.push(`${room.id}: ${room.players.size} players, ${secondsLeft} s`),
    leave: (_room, player, reason) => void told.push(`${player.id} left: ${reason}`),
  });
  const hosted = await host([definition], cluster && { cluster });
  const ada = await hosted.join("/probe", probeGame);
  let stopped = false;
  const drain = () => {
    const done = hosted.server.drain(withinMs).then(() => {
      stopped = true;
    });
    return done;
  };
  return { hosted, ada, told, drain, isStopped: () => stopped };
}

const answerOf = async (hosted: Hosted, path: string) => {
  const response = await hosted.request(path);
  return [response.status, ((await response.json()) as { status: string }).status];
};

describe("[OPS-20] /health says that the process lives, /ready whether it takes players", () => {
  test("while it runs, drains and stops", async () => {
    const { hosted, drain } = await draining();
    expect(await answerOf(hosted, "/health")).toEqual([200, "ok"]);
    expect(await answerOf(hosted, "/ready")).toEqual([200, "ok"]);
    void drain();
    expect(await answerOf(hosted, "/health")).toEqual([200, "draining"]);
    expect(await answerOf(hosted, "/ready")).toEqual([503, "draining"]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});

describe("[OPS-21] a draining server lets nobody new in", () => {
  test("neither by matchmaking nor by id, and lists no room", async () => {
    const { hosted, drain } = await draining();
    void drain();
    for (const path of ["/probe", "/probe/r1"])
      expect((await hosted.greet(path, probeGame)).ended).toMatchObject({
        code: 4000,
        name: "server-stopping",
      });
    expect(await (await hosted.request("/rooms")).json()).toEqual({ rooms: [] });
    const order = await hosted.request("/rooms", { method: "POST", body: '{"game":"probe"}' });
    expect([order.status, order.headers.get("retry-after")]).toEqual([503, "5"]);
    await hosted.stop();
  });
});

test("[OPS-21] who lost the connection returns to their seat while it drains", async () => {
  const { hosted, ada, drain } = await draining();
  void drain();
  ada.socket.cut();
  await hosted.ticks(2);
  expect(hosted.room().seats.size).toBe(1);
  const again = await hosted.connect("/probe/r1");
  const token = ada.of("welcome")[0]?.at(-1);
  again.send([ClientFrame.hello, PROTOCOL_VERSION, probe.hash, null, null, token ?? "", ada.tick]);
  await hosted.ticks(3);
  expect([again.ended, hosted.room().seats.size]).toEqual([undefined, 1]);
  await hosted.stop();
});

describe("[OPS-22] players go on until they leave, or the time is over", () => {
  test("the game is told once how long that is, in a tick", async () => {
    const { hosted, told, drain } = await draining(10_000);
    const events: unknown[] = [];
    hosted.server.bus.on("draining", (event) => events.push(event));
    void drain();
    void drain();
    await hosted.ticks(3);
    expect(told).toEqual(["r1: 1 players, 10 s"]);
    expect(events).toEqual([{ rooms: 1, players: 1, withinMs: 10_000 }]);
    await hosted.stop();
  });

  test("where rooms were moved first, that is what is left by then, in whole seconds", async () => {
    const { hosted, told, drain } = await draining(10_000, ({ clock }) => slowMover(clock, 6_700));
    const done = drain();
    await hosted.run(7_000);
    expect(told).toEqual(["r1: 1 players, 3 s"]);
    await hosted.run(10_000);
    await done;
  });

  test("who stays to the end is told server-stopping, which invites to connect again", async () => {
    const { hosted, ada, told, drain, isStopped } = await draining(10_000);
    const done = drain();
    await hosted.run(9_900);
    expect([ada.ended, isStopped()]).toEqual([undefined, false]);
    await hosted.run(3_000);
    await done;
    expect(ada.ended).toMatchObject({ code: 4000, name: "server-stopping" });
    expect(told.at(-1)).toBe("1 left: server-stopping");
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("when the last one has left it stops at once, though rooms would stay open empty", async () => {
    const { hosted, ada, drain, isStopped } = await draining(10_000);
    const done = drain();
    await hosted.ticks(2);
    ada.leave();
    await hosted.run(1_000);
    expect(isStopped()).toBe(true);
    await done;
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("a stop meanwhile is at once", async () => {
    const { hosted, ada, drain, isStopped } = await draining(10_000);
    const done = drain();
    await hosted.ticks(2);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    await done;
    expect(isStopped()).toBe(true);
    expect(ada.ended?.name).toBe("server-stopping");
  });

  test("a game whose drain hook throws goes on", async () => {
    const definition = defineRoom(probe, {
      ...quietHandlers,
      drain: () => {
        throw new Error("not ready");
      },
    });
    const hosted = await host([definition]);
    const ada = await hosted.join("/probe", probeGame);
    void hosted.server.drain(5_000);
    await hosted.ticks(2);
    expect(hosted.failedHooks).toMatchObject([{ where: { hook: "drain" } }]);
    const { tick } = ada;
    await hosted.ticks(2);
    expect(ada.tick).toBe(tick + 2);
    await hosted.stop();
  });
});
