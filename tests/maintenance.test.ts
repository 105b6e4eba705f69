import type { Maintenance } from "tickcast/client";
import { defineGame, record, u8 } from "tickcast/game";
import { defineRoom } from "tickcast/server";
import { TestServer } from "tickcast/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { insideOf } from "./kit/inside.ts";

const duel = defineGame({ name: "duel", tickRate: 20, state: { match: record({ round: u8 }) } });

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start({ rooms: [defineRoom(duel, { graceMs: 20_000 })] });
});
afterEach(async () => {
  const { game } = insideOf(server);
  void game.stop();
  // A second drain is the first one: its timers are over, too.
  await server.until(game.drain(0));
  await server.stop();
});

async function listening() {
  const client = await server.connect(duel, "/duel");
  const told: (Maintenance | undefined)[] = [];
  client.room.onMaintenance((maintenance) => void told.push(maintenance));
  return { room: client.room, told, client };
}

describe("[PRO-302] the SDK tells of maintenance", () => {
  test("as a deadline of the client's clock, once", async () => {
    const { room, told, client } = await listening();
    expect(room.maintenance).toBeUndefined();
    const deadline = server.clock.now() + 60_000;
    void insideOf(server).game.drain(60_000);
    await client.ticks(10);
    expect(told).toHaveLength(1);
    expect(room.maintenance).toBe(told[0]);
    expect(Math.abs((told[0]?.deadlineMs ?? 0) - deadline)).toBeLessThan(10);
    expect(told[0]?.inMs).toBeGreaterThan(59_900);
    expect(room.connection.state).toBe("joined");
  });

  test("it is gone with the connection, and told again after a return", async () => {
    const { room, told, client } = await listening();
    const deadline = server.clock.now() + 60_000;
    void insideOf(server).game.drain(60_000);
    await client.ticks(2);
    client.network.cut();
    await server.run(10);
    expect([room.connection.state, room.maintenance]).toEqual(["reconnecting", undefined]);
    await server.run(3_000);
    expect(room.connection.state).toBe("joined");
    expect(told.map((maintenance) => maintenance !== undefined)).toEqual([true, false, true]);
    expect(Math.abs((room.maintenance?.deadlineMs ?? 0) - deadline)).toBeLessThan(10);
    expect(room.statistics.ticksMissed).toBe(0);
  });

  test("a page that is loaded anew meanwhile hears of it, however late it asks", async () => {
    const { room, client } = await listening();
    void insideOf(server).game.drain(60_000);
    await client.ticks(2);
    const { token = "" } = room;
    const again = await server.connect(duel, `/duel/${room.id}`, undefined, { token });
    const told: (Maintenance | undefined)[] = [];
    again.room.onMaintenance((maintenance) => void told.push(maintenance));
    await client.ticks(2);
    expect(told).toEqual([again.room.maintenance]);
    expect(told[0]?.inMs).toBeGreaterThan(59_000);
  });

  test("who stays to the deadline is closed by it", async () => {
    const { room, told } = await listening();
    void insideOf(server).game.drain(2_000);
    await server.run(1_900);
    expect(room.connection.state).toBe("joined");
    const closes: string[] = [];
    room.onConnection((connection) => {
      if (connection.state !== "joined") closes.push(connection.close.name);
    });
    await server.run(300);
    expect([room.connection.state, closes[0]]).toEqual(["reconnecting", "server-stopping"]);
    expect(told.at(-1)).toBeUndefined();
  });
});
