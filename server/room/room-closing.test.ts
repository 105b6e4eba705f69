import { describe, expect, test } from "vitest";
import { type Hosted, host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { ACT, probe, probeGame, quietHandlers, SAID } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";

/** A room that notes who leaves, and closes players or itself when told to. */
async function closing(emptyForMs?: number) {
  const left: string[] = [];
  const hosted = await host([
    defineRoom(probe, {
      ...quietHandlers,
      ...(emptyForMs !== undefined && { emptyForMs }),
      leave(room, player, reason) {
        left.push(`${room.tick} ${player.id} ${reason}`);
        room.broadcast("said", { by: player.row, text: "bye" });
      },
      on: {
        ...quietHandlers.on,
        act(room, player, { does }) {
          if (does === "kick") player.close();
          if (does === "replace") player.close("replaced");
          if (does === "close") room.close();
          if (does === "restart") room.close("room-restarting");
          if (does === "say and kick") {
            player.send("said", { by: player.row, text: "you are out" });
            player.close();
          }
        },
      },
    }),
  ]);
  const closed: unknown[] = [];
  hosted.server.bus.on("roomClosed", ({ reason, ticks }) => closed.push({ reason, ticks }));
  return { hosted, left, closed };
}

describe("[ROO-40] player.close", () => {
  for (const [does, code, name] of [
    ["kick", 4501, "kicked"],
    ["replace", 4502, "replaced"],
  ] as const)
    test(`ends the player's stay after the tick, with ${name}`, async () => {
      const { hosted, left } = await closing();
      const ada = await hosted.join("/probe", probeGame);
      const bob = await hosted.join("/probe", probeGame);
      ada.message(ACT, { does });
      await hosted.ticks(1);
      expect(ada.ended).toBeUndefined();
      expect(left).toEqual([]);
      await hosted.ticks(1);
      expect(ada.ended).toMatchObject({ code, name });
      expect(left).toEqual([`4 1 ${name}`]);
      // The frame of the tick in which they left still reaches them, before the close.
      expect(ada.tick).toBe(4);
      expect(bob.events).toEqual([{ tick: 4, event: SAID, values: [1, "bye"] }]);
      expect(hosted.room().state.find("players", 1)).toBeUndefined();
      expect(hosted.room().facade.players.size).toBe(1);
    });

  test("what was sent to them in the same tick still arrives", async () => {
    const { hosted } = await closing();
    const ada = await hosted.join("/probe", probeGame);
    ada.message(ACT, { does: "say and kick" });
    await hosted.ticks(2);
    expect(ada.privateEvents).toEqual([{ tick: 2, event: SAID, values: [1, "you are out"] }]);
    expect(ada.ended?.name).toBe("kicked");
  });

  test("a player who goes at the same time leaves once", async () => {
    const { hosted, left } = await closing(60_000);
    const ada = await hosted.join("/probe", probeGame);
    ada.message(ACT, { does: "kick" });
    await hosted.ticks(1);
    ada.leave();
    await hosted.clock.settle();
    ada.socket.cut();
    await hosted.ticks(2);
    expect(left).toEqual(["3 1 kicked"]);
    expect(hosted.room().seats.taken).toBe(0);
    expect(hosted.faults).toEqual([]);
  });
});

describe("[ROO-41] ids of players, rows and streams are not reused while anyone may mean the former holder", () => {
  test("not within the horizon, and afterwards the oldest first", async () => {
    const { hosted } = await closing(60_000);
    const seen: number[][] = [];
    const visit = async (): Promise<void> => {
      const client = await hosted.join("/probe", probeGame);
      const { player, row, stream } = client.welcome;
      seen.push([player, row, stream]);
      client.leave();
      await hosted.ticks(1);
    };
    await visit();
    await visit();
    await hosted.run(20_000);
    await visit();
    expect(seen).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [1, 1, 1],
    ]);
  });
});

describe("[ROO-42] room.close", () => {
  for (const [does, code, name] of [
    ["close", 4503, "room-closed"],
    ["restart", 4100, "room-restarting"],
  ] as const)
    test(`publishes the tick, then tells everyone ${name}, and leave runs for each`, async () => {
      const { hosted, left, closed } = await closing(60_000);
      const ada = await hosted.join("/probe", probeGame);
      const bob = await hosted.join("/probe", probeGame);
      const cyd = await hosted.greet("/probe", probeGame);
      ada.message(ACT, { does });
      await hosted.ticks(1);
      for (const client of [ada, bob, cyd]) {
        expect(client.ended).toMatchObject({ code, name });
        expect(client.tick).toBe(3);
      }
      expect(left).toEqual([`3 1 ${name}`, `3 2 ${name}`, `3 3 ${name}`]);
      expect(closed).toEqual([{ reason: name, ticks: 3 }]);
      expect(hosted.roomIds).toEqual([]);
      expect(hosted.clock.pending).toBe(0);
    });

  test("from outside of a tick it closes with the next", async () => {
    const { hosted } = await closing(60_000);
    const ada = await hosted.join("/probe", probeGame);
    hosted.room().facade.close();
    const bob = await hosted.greet("/probe/r1", probeGame);
    expect(bob.ended?.name).toBe("room-closed");
    await hosted.ticks(1);
    expect(ada.ended?.name).toBe("room-closed");
    expect(ada.tick).toBe(2);
  });
});

describe("[ROO-43] an empty room", () => {
  test("goes with its last player", async () => {
    const { hosted, closed } = await closing();
    const ada = await hosted.join("/probe", probeGame);
    ada.leave();
    await hosted.ticks(1);
    expect(closed).toEqual([{ reason: "room-closed", ticks: 2 }]);
  });

  test("stays for emptyForMs, and longer where somebody came meanwhile", async () => {
    const { hosted, closed } = await closing(1_000);
    const ada = await hosted.join("/probe", probeGame);
    ada.leave();
    await hosted.ticks(20);
    expect(closed).toEqual([]);
    const bob = await hosted.join("/probe", probeGame);
    expect(bob.welcome.room).toBe("r1");
    bob.leave();
    await hosted.ticks(20);
    expect(closed).toEqual([]);
    await hosted.ticks(1);
    expect(closed).toHaveLength(1);
    expect(hosted.roomIds).toEqual([]);
  });

  test("that nobody has entered yet waits 15 s for its first player", async () => {
    const { hosted, closed } = await closing();
    await hosted.server.matchmaker.create({ game: "probe", options: {} });
    await hosted.run(14_900);
    expect(closed).toEqual([]);
    await hosted.run(200);
    expect(closed).toHaveLength(1);
  });

  test("is not empty while somebody is being admitted", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        admit: () => new Promise<undefined>(() => {}),
        admitWithinMs: 60_000,
      }),
    ]);
    await hosted.greet("/probe", probeGame);
    await hosted.run(30_000);
    expect(hosted.roomIds).toEqual(["r1"]);
  });
});

describe("[ROO-44] a stopping server", () => {
  async function stopping(hosted: Hosted, clients: number) {
    const players = [];
    for (let i = 0; i < clients; i++) players.push(await hosted.join("/probe", probeGame));
    return players;
  }

  test("tells every player server-stopping after a last tick, and leaves nothing", async () => {
    const { hosted, left } = await closing();
    const [ada, bob] = await stopping(hosted, 2);
    const greeting = await hosted.connect("/probe");
    const events: unknown[] = [];
    hosted.server.bus.on("stopping", (event) => events.push(event));
    const before = ada?.tick ?? 0;
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    for (const client of [ada, bob, greeting])
      expect(client?.ended).toMatchObject({ code: 4000, name: "server-stopping" });
    expect(ada?.tick).toBe(before + 1);
    expect(left.map((line) => line.split(" ")[2])).toEqual(["server-stopping", "server-stopping"]);
    expect(events).toEqual([{ rooms: 1, players: 2 }]);
    expect(hosted.server.bus.hears("tickFlushed")).toBe(false);
  });

  test("stopping twice is stopping once", async () => {
    const { hosted } = await closing();
    await stopping(hosted, 1);
    const first = hosted.server.stop();
    expect(hosted.server.stop()).toBe(first);
    await hosted.stop();
  });

  test("lets nobody in any more", async () => {
    const { hosted } = await closing();
    await stopping(hosted, 1);
    const stopped = hosted.server.stop();
    const late = await hosted.connect("/probe");
    expect(late.ended?.code).toBe(1006);
    await hosted.stop();
    await stopped;
  });

  test("closes a room whose ticks do not come in time, too", async () => {
    const { hosted, left } = await closing();
    const [ada] = await stopping(hosted, 1);
    // The room's own schedule is stuck, as where another room hogs the process.
    const room = hosted.room();
    room.step = () => {};
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    expect(ada?.ended?.name).toBe("server-stopping");
    expect(left).toEqual(["1 1 server-stopping"]);
  });

  test("ends while a room is loading, and that room never opens", async () => {
    let loaded = (): void => {};
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        load: () =>
          new Promise<undefined>((resolve) => {
            loaded = () => resolve(undefined);
          }),
      }),
    ]);
    const ada = await hosted.greet("/probe", probeGame);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
    expect(ada.ended?.name).toBe("server-stopping");
    loaded();
    await hosted.ticks(2);
    expect(hosted.roomIds).toEqual([]);
    expect(hosted.clock.pending).toBe(0);
  });
});
