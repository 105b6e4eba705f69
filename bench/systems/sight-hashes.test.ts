import { expect, test } from "vitest";
import type { ClientRoom } from "../../client/client-room.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { insideOf } from "../../tests/kit/inside.ts";
import { roomHash } from "../../tests/kit/room-hash.ts";
import { TestServer } from "../../tests/kit/test-server.ts";
import { crowd } from "../scenarios/crowd.ts";
import { sightHashes } from "./sight-hashes.ts";

test("[BEN-30] what a room of the SDK shows hashes like what its player sees; one wrong value does not", async () => {
  const definition = crowd.room(20, 20, { layout: "clustered", sight: "near" });
  const layout = gameLayout(definition.game.description);
  const server = await TestServer.start({ rooms: [definition] });
  const rooms: ClientRoom[] = [];
  for (let number = 0; number < 20; number++) {
    const { room } = await server.connect(definition.game, "/crowd", { number } as never);
    room.input({ heading: number } as never);
    rooms.push(room as unknown as ClientRoom);
  }
  const [core] = [...insideOf(server).game.matchmaker.rooms.values()];
  if (core === undefined) throw new Error("there is a room");
  for (let i = 0; i < 20; i++) {
    await server.clock.run(50);
    const hashes = sightHashes(core.state, [...core.seats]);
    for (const room of rooms) expect(roomHash(room, layout)).toBe(hashes.get(room.playerId));
  }
  const [room] = rooms;
  if (room === undefined) throw new Error("there is a client");
  const [first, ...others] = room.state.players as unknown as Iterable<{ id: number; x: number }>;
  const changed = [{ ...first, x: (first?.x ?? 0) + 0.1 }, ...others];
  expect(roomHash({ state: { players: changed } as never }, layout)).not.toBe(roomHash(room, layout));
  await server.stop();
});
