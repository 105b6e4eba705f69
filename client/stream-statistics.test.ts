import { expect, test } from "vitest";
import { defineGame, fixed, table, text, visibleTo } from "../shared/game.ts";
import { encode } from "../shared/protocol/codec.ts";
import { ServerFrame } from "../shared/protocol/frames.ts";
import { changing, entering, FIRST, frames, PRIVATE, ROOM, setTable } from "../tests/client-kit/duel.ts";

const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  state: {
    hares: table(
      { name: visibleTo("room", text(8)), x: fixed(0, 100, 1), y: fixed(0, 100, 1) },
      { owner: "player", position: ["x", "y"] },
    ),
  },
});
const HARES = 0;
const [NAME, PLACE] = [0b001, 0b110];
const [HERE, THERE] = [9, 12];
const size = (frame: readonly unknown[]): number => encode(frame).length;

const names = frames.keyframe(FIRST, ROOM, [HARES, [1, entering(NAME), "Ada", 2, entering(NAME), "Bob"]]);
const here = frames.keyframe(FIRST, HERE, [HARES, [1, entering(PLACE), 5, 5, 2, entering(PLACE), 6, 6]]);
const firstEnd = frames.tickEnd(FIRST);

async function sitDown() {
  const { clock, server, connect } = setTable();
  const joining = connect(meadow, "ws://meadow.test/meadow");
  server.accept();
  for (const frame of [frames.welcome(), names, here, firstEnd]) server.send(frame);
  const room = await joining;
  clock.advance(0);
  return { server, room };
}

test("[CLI-40] each followed stream tells its audience, its rows, and what came of it", async () => {
  const { room } = await sitDown();
  const [ada, bob] = [1, 2].map((id) => ({ table: "hares", id }));
  expect(room.streams).toEqual([
    {
      stream: ROOM,
      audience: "room",
      rows: [ada, bob],
      frames: 2,
      bytes: size(names) + size(firstEnd),
      lastTick: FIRST,
    },
    { stream: HERE, audience: "sight", rows: [ada, bob], frames: 1, bytes: size(here), lastTick: FIRST },
  ]);
});

test("[CLI-40] what is followed no more is told no more, also where it speaks in its last tick", async () => {
  const { server, room } = await sitDown();
  const release = frames.delta(FIRST + 1, PRIVATE, [], [], [], [], [], [HERE]);
  server.send(release);
  server.send(frames.delta(FIRST + 1, HERE, [HARES, [1, changing(PLACE), 50, 50]]));
  server.send(frames.keyframe(FIRST + 1, THERE, [HARES, [1, entering(PLACE), 50, 50]]));
  let told: unknown;
  room.onTick(() => {
    told = room.streams.map(({ stream, audience, rows, frames }) => [stream, audience, rows.length, frames]);
  });
  server.send(frames.tickEnd(FIRST + 1));
  expect(told).toEqual([
    [ROOM, "room", 2, 3],
    [PRIVATE, "owner", 0, 1],
    [THERE, "sight", 1, 1],
  ]);
});

test("[CLI-40] what a resync from nothing does not renew is told no more, and its number can be another's", async () => {
  const { server, room } = await sitDown();
  const streams = () => room.streams.map(({ stream, frames, lastTick }) => [stream, frames, lastTick]);
  server.send([ServerFrame.resumed, FIRST + 9, 0, 0, 0]);
  server.send(frames.keyframe(FIRST + 9, ROOM, [HARES, [1, entering(NAME), "Ada"]]));
  server.send(frames.keyframe(FIRST + 9, THERE, [HARES, [1, entering(PLACE), 50, 50]]));
  server.send([ServerFrame.tickEnd, FIRST + 9, FIRST + 9]);
  expect(streams()).toEqual([
    [ROOM, 4, FIRST + 9],
    [THERE, 1, FIRST + 9],
  ]);
  server.send(frames.keyframe(FIRST + 10, HERE, [HARES, [1, entering(PLACE), 5, 5]]));
  server.send(frames.tickEnd(FIRST + 10));
  expect(streams()[1]).toEqual([HERE, 1, FIRST + 10]);
});
