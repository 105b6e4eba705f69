import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { meadow } from "./game.ts";
import { meadowRoom } from "./room.ts";

/** A whole server and its clients, in memory, on a clock that the test moves: no sockets, no waiting. */
test("who walks is seen by the others", async () => {
  const server = await TestServer.start({ rooms: [meadowRoom] });
  const ada = await server.connect(meadow, "/meadow", { name: "Ada" });
  const ben = await server.connect(meadow, "/meadow", { name: "Ben" });

  const before = ada.room.me?.x ?? 0;
  ada.room.input({ walk: 0 });
  await ada.ticks(20);

  const seen = [...ben.state.walkers].find(({ name }) => name === "Ada");
  expect(seen?.x).toBeGreaterThan(before + 100);
  await server.stop();
});
