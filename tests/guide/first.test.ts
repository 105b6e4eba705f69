import { expectState, TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { tag, tagRoom } from "./tag.ts";

test("who runs east gets there, and everybody sees it", async () => {
  const server = await TestServer.start({ rooms: [tagRoom] });
  const ada = await server.connect(tag, "/tag", { name: "Ada" });
  const grace = await server.connect(tag, "/tag", { name: "Grace" });

  ada.room.input({ run: 0 });
  await ada.ticks(21);

  expect(ada.room.me?.x).toBeCloseTo(10, 0);
  expectState(grace, {
    players: [
      { name: "Ada", x: ada.room.me?.x ?? 0 },
      { name: "Grace", x: 0 },
    ],
  });
  await server.stop();
});
