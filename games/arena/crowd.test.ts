import type { ClientRoom } from "tickcast/client";
import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { type ArenaSpec, arena, RADAR_SIDE } from "./arena.ts";
import { bot } from "./bot.ts";
import type { Flight } from "./bullets.ts";
import { LEADERS, PLACE_TICKS, squareOf } from "./overview.ts";
import { arenaRoom } from "./room.ts";
import { CELL, LONG_SIGHT, middleOf, SHORT_SIGHT } from "./view.ts";

type Client = ClientRoom<ArenaSpec>;

/** So many bots play in one room, before `look` and while it looks. */
async function withBots(bots: number, look: (server: TestServer, rooms: readonly Client[]) => Promise<void>) {
  const server = await TestServer.start({ rooms: [arenaRoom], seed: 11 });
  const playing = await server.bots<ArenaSpec>(bot, { count: bots });
  await look(
    server,
    playing.map(({ room }) => room),
  );
  await server.stop();
}

function mine(room: Client) {
  if (room.me === undefined) throw new Error("a player without a ship");
  return room.me;
}

test("[ARE-26] [ARE-27] everybody sees every ship and bullet in their window, whichever way it lies, and far fewer than there are", () =>
  withBots(40, async (server, rooms) => {
    const [tall] = rooms;
    if (tall === undefined) return;
    tall.send("view", { shape: "tall" });
    await server.run(1_000);
    const room = server.room<ArenaSpec, { readonly flights: readonly Flight[] }>(arena);
    const { flights } = room.data;
    let [seen, bullets] = [0, 0];
    for (let look = 0; look < 30; look++) {
      await room.ticks(4);
      const ships = rooms.map(mine);
      for (const client of rooms) {
        const shape = client === tall ? "tall" : "wide";
        const middle = middleOf(mine(client), shape);
        const [across, down] = shape === "wide" ? [LONG_SIGHT, SHORT_SIGHT] : [SHORT_SIGHT, LONG_SIGHT];
        for (const { id, x, y } of ships) {
          const there = client.state.players.get(id);
          // Positions travel rounded to 0.1.
          const inside = Math.abs(x - middle.x) < across - 0.1 && Math.abs(y - middle.y) < down - 0.1;
          if (inside) expect(there).toMatchObject({ x, y });
          const [farAcross, farDown] = [Math.abs(x - middle.x) - across, Math.abs(y - middle.y) - down];
          if (Math.max(farAcross, farDown) > 1.4 * CELL) expect(there).toBeUndefined();
        }
        for (const { row, x, y } of flights) {
          if (Math.abs(x - middle.x) > across - 0.1 || Math.abs(y - middle.y) > down - 0.1) continue;
          expect(client.state.bullets.get(row.id)).toBeDefined();
          bullets += 1;
        }
        seen += client.state.players.size;
        // Never coarser cells: at most 15 of the finest, the room's stream, one's own.
        expect(client.streams.length).toBeLessThanOrEqual(17);
      }
    }
    expect(bullets).toBeGreaterThan(100);
    expect(seen).toBeLessThan(30 * rooms.length * rooms.length * 0.6);
  }));

test("[ARE-28] everybody knows the leaders, how many play, where ships fly, and their own place", () =>
  withBots(20, async (server, rooms) => {
    const [view] = rooms;
    if (view === undefined) return;
    for (let second = 0; second < 90 && rooms.every((room) => mine(room).score === 0); second++)
      await server.run(1_000);
    // The round ends, so guns are silent: places are told once a second, and nobody scores meanwhile.
    const room = server.room(arena);
    room.state.match.endsAt = view.tick;
    await room.ticks(2 * PLACE_TICKS + (PLACE_TICKS - (view.tick % PLACE_TICKS)));
    const { leaders, match, radar } = view.state;
    expect(match.players).toBe(rooms.length);
    expect([...leaders].map(({ place }) => place)).toEqual(
      Array.from({ length: LEADERS }, (_, at) => at + 1),
    );
    const best = Math.max(...rooms.map((room) => mine(room).score));
    const [leader] = leaders;
    expect(leader?.score).toBe(best);
    const ship = rooms.map(mine).find(({ name }) => name === leader?.name);
    expect(ship?.place).toBe(1);
    expect(radar.ships).toHaveLength(RADAR_SIDE ** 2);
    const flying = rooms.filter((room) => mine(room).life !== "dead").length;
    expect(radar.ships.reduce((sum, count) => sum + count, 0)).toBe(flying);
    expect(ship && squareOf(ship)).toBe(radar.leader);
  }));

test.each([
  [12, "everybody"],
  [13, "the two whom it concerns"],
])("[ARE-30] among %i players a kill is told to %s", (bots, whom) =>
  withBots(bots, async (server, rooms) => {
    const told: string[][] = rooms.map(() => []);
    rooms.forEach((room, index) => {
      room.on("killed", ({ who, by }) => told[index]?.push(`${by} > ${who}`));
    });
    await server.run(40_000);
    const kills = rooms.reduce((sum, room) => sum + mine(room).score, 0);
    expect(kills).toBeGreaterThan(0);
    rooms.forEach((room, index) => {
      const { name, score, deaths } = mine(room);
      expect(told[index]?.filter((line) => line.startsWith(`${name} >`))).toHaveLength(score);
      expect(told[index]?.filter((line) => line.endsWith(`> ${name}`))).toHaveLength(deaths);
      expect(told[index]).toHaveLength(whom === "everybody" ? kills : score + deaths);
    });
  }),
);
