import { expect, test } from "vitest";
import { defineRoom } from "../server/room/define-room.ts";
import { defineGame, table, u8 } from "../shared/game.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../shared/protocol/frames.ts";
import { host } from "./server-kit/hosted.ts";
import type { RawClient } from "./server-kit/raw-client.ts";

const game = defineGame({
  name: "inn",
  tickRate: 20,
  state: { guests: table({ n: u8 }, { owner: "player" }) },
});

test("[RET-4] a connection that its client gave up, and whose hello comes late, takes nothing", async () => {
  const hosted = await host([defineRoom(game, {})]);
  const first = await hosted.join("/inn", game as never);
  const token = first.of("welcome")[0]?.[9];
  const path = `/inn/${hosted.room().name.id}`;
  const comeBack = async (attempt: number): Promise<RawClient> => {
    const client = await hosted.connect(path);
    client.send([ClientFrame.hello, PROTOCOL_VERSION, game.hash, null, null, token, first.tick, attempt]);
    await hosted.ticks(2);
    return client;
  };
  const third = await comeBack(3);
  expect(first.ended?.name).toBe("replaced");
  const second = await comeBack(2);
  expect(second.ended?.name).toBe("replaced");
  const before = third.tick;
  await hosted.ticks(3);
  expect([third.ended, third.tick]).toEqual([undefined, before + 3]);
  const fourth = await comeBack(4);
  expect([third.ended?.name, fourth.ended]).toEqual(["replaced", undefined]);
  await hosted.stop();
});
