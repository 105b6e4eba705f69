import { expect, test } from "vitest";
import { bot } from "../../games/arena/bot.ts";
import { arenaRoom } from "../../games/arena/room.ts";
import { verify } from "../../server/recording/verify.ts";
import { opened, recordingServer } from "./recorded-game.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

test("[REC-1] a game that is run again from its recording is the same, tick by tick", async () => {
  const server = await recordingServer([arenaRoom]);
  const rooms = [];
  for (let index = 0; index < 12; index++) rooms.push(await server.join(bot, "/arena", index));
  for (let i = 0; i < 10; i++) {
    await server.ticks(rooms[0] as never, 30);
    void rooms[i + 1]?.leave();
    rooms.push(await server.join(bot, "/arena", 20 + i));
  }
  const [path = ""] = await server.files();
  const { recording, file } = await opened(path);
  console.log(file.bytes, recording.blocks.length, recording.lastTick, recording.epilogue);
  const verdict = await verify(recording, arenaRoom, { pause });
  expect(verdict).toMatchObject({ verdict: "same" });
});
