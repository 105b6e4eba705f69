import * as v from "valibot";
import { expect, test } from "vitest";
import { defineRoom } from "../server/index.ts";
import { defineGame, record, u8 } from "../shared/game.ts";
import { TestServer } from "./kit/index.ts";

const game = defineGame({
  name: "nothing",
  tickRate: 20,
  state: { match: record({ round: u8 }) },
  messages: { cheer: v.optional(v.boolean()), wave: v.nullable(v.boolean()) },
  requests: {
    find: { input: v.undefined(), reply: v.optional(v.number()) },
    take: { input: v.null(), reply: v.null() },
  },
});

/** A room that keeps what its handlers are given, and answers with it. */
async function played() {
  const heard: unknown[] = [];
  const keep = <Value>(value: Value): Value => {
    heard.push(value);
    return value;
  };
  const room = defineRoom(game, {
    on: {
      cheer: (_room, _player, value) => void keep(value),
      wave: (_room, _player, value) => void keep(value),
    },
    requests: {
      find: (_room, _player, value) => keep(value),
      take: (_room, _player, value) => keep(value),
    },
  });
  const server = await TestServer.start({ rooms: [room] });
  return { server, ada: await server.connect(game, "/nothing"), heard };
}

test("[ROO-16] nothing arrives as nothing and null as null, in calls and in replies", async () => {
  const { server, ada, heard } = await played();
  const { room } = ada;
  room.send("cheer", undefined);
  room.send("wave", null);
  const replies = [room.request("find", undefined), room.request("take", null)];
  await ada.ticks(5);
  expect(heard).toEqual([undefined, null, undefined, null]);
  expect(await Promise.all(replies)).toEqual([
    { ok: true, value: undefined },
    { ok: true, value: null },
  ]);
  await server.stop();
});
