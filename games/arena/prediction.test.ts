import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { arena, ticks } from "./arena.ts";
import { fall } from "./combat.ts";
import { arenaRoom } from "./room.ts";
import { seededSelf } from "./ship.fixture.ts";

const ROUNDS = 6;

test("[ARE-37] a page predicts what the room makes of its ship: dashing, as a ghost, dead and back", async () => {
  const server = await TestServer.start({ rooms: [arenaRoom], seed: 5 });
  const ada = await server.connect(arena, "/arena", { name: "Ada" });
  const { room } = ada;
  const { random } = seededSelf(3);
  const seen = new Set<string>();
  const fly = async (seconds: number): Promise<void> => {
    for (let tick = 0; tick < ticks(seconds); tick++) {
      const way = random() < 0.2 ? undefined : random() * 6;
      if (random() < 0.2) room.input({ move: way, aim: random() * 6, dash: random() < 0.5 });
      await ada.ticks(1);
      seen.add(room.me?.life ?? "gone");
    }
  };
  await fly(5);
  const { mispredictions } = room.statistics;
  for (let round = 0; round < ROUNDS; round++) {
    for (const ship of server.room(arena).state.players) fall(ship, room.tick);
    await fly(8);
  }
  expect([...seen].sort()).toEqual(["alive", "dead", "ghost"]);
  // Where it comes back, nobody can know; if it fell amid a dash, that it ended.
  expect(room.statistics.mispredictions - mispredictions).toBeGreaterThanOrEqual(ROUNDS);
  expect(room.statistics.mispredictions - mispredictions).toBeLessThanOrEqual(2 * ROUNDS);
  await server.stop();
});
