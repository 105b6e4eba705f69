import { expect, test } from "vitest";
import { ServerFrame } from "../shared/protocol/frames.ts";
import { gameLayout } from "../shared/state/game-layout.ts";
import { Replica } from "../shared/state/replica.ts";
import { duel, FIRST, frames, PLAYERS, PRIVATE, player, ROOM, sitDown } from "../tests/client-kit/duel.ts";
import { TickGate } from "./tick-gate.ts";

const gateAt = (tick: number) => {
  const replica = new Replica(gameLayout(duel.description));
  return new TickGate(replica, tick);
};

test("[CLI-7] nothing of a tick is seen before the tick closes", async () => {
  const { server, room } = await sitDown();
  server.send(frames.delta(FIRST + 1, PRIVATE, [PLAYERS, [1, 17, [4, 2]]]));
  expect(room.me?.hand).toBeUndefined();
  expect(room.tick).toBe(FIRST);
  server.send(frames.tickEnd(FIRST + 1));
  expect(room.me?.hand).toEqual([4, 2]);
  expect(room.tick).toBe(FIRST + 1);
});

test("[CLI-9] a frame whose base is after what is held is a gap: counted, and the end of the connection", async () => {
  const { server, room } = await sitDown();
  server.send([ServerFrame.tickEnd, FIRST + 4, FIRST + 3, [PLAYERS, [1, 4, 99]]]);
  expect(room.statistics.ticksMissed).toBe(3);
  expect(room.connection).toMatchObject({ state: "closed", close: { name: "bad-frame" } });
  expect(room.me?.x).toBe(20);
});

test("[CLI-9] ticks that a frame spans are not missed: values are absolute", async () => {
  const { server, room } = await sitDown();
  server.send([ServerFrame.tickEnd, FIRST + 4, FIRST, [PLAYERS, [1, 4, 99]]]);
  server.send([ServerFrame.tickEnd, FIRST + 5, FIRST - 3, [PLAYERS, [1, 4, 98]]]);
  expect(room).toMatchObject({ tick: FIRST + 5, me: { x: 98 }, connection: { state: "joined" } });
  expect(room.statistics).toMatchObject({ ticksMissed: 0, ticksClosed: 3 });
});

test("[CLI-9] a keyframe is a base: what follows it in its stream needs nothing before it", () => {
  const gate = gateAt(10);
  gate.keyframe([ServerFrame.keyframe, 14, ROOM, [PLAYERS, player(1, "Ada")]]);
  expect(() => gate.delta([ServerFrame.delta, 15, 14, PRIVATE])).toThrow("missing");
  expect(gate.close([ServerFrame.tickEnd, 15, 14]).tick).toBe(15);
});

test("[CLI-9] the welcome's tick may close after the welcome, or have closed before it", () => {
  const before = gateAt(10);
  before.keyframe([ServerFrame.keyframe, 10, ROOM, []]);
  before.delta([ServerFrame.delta, 10, 9, PRIVATE]);
  expect(before.close([ServerFrame.tickEnd, 10, 9]).tick).toBe(10);

  const after = gateAt(10);
  after.keyframe([ServerFrame.keyframe, 10, ROOM, []]);
  after.delta([ServerFrame.delta, 11, 10, PRIVATE]);
  expect(after.close([ServerFrame.tickEnd, 11, 10]).tick).toBe(11);
});

test("[CLI-9] frames that come after their tick has closed are a fault: they would turn values back", () => {
  const gate = gateAt(10);
  gate.close([ServerFrame.tickEnd, 12, 10]);
  expect(() => gate.close([ServerFrame.tickEnd, 12, 10])).toThrow("after its tick");
  expect(() => gate.delta([ServerFrame.delta, 12, 10, PRIVATE])).toThrow("after its tick");
  expect(() => gate.keyframe([ServerFrame.keyframe, 11, ROOM, []])).toThrow("after its tick");
  gate.keyframe([ServerFrame.keyframe, 12, ROOM, []]);
  gate.delta([ServerFrame.delta, 14, 12, PRIVATE]);
  expect(() => gate.close([ServerFrame.tickEnd, 13, 12])).toThrow("behind frames of tick 14");
});

test("[CLI-17] events of all streams come in the order in which they happened", () => {
  const gate = gateAt(10);
  gate.delta([
    ServerFrame.delta,
    11,
    10,
    PRIVATE,
    [],
    [],
    [
      [1, 1, "b"],
      [4, 1, "e"],
    ],
  ]);
  const { events } = gate.close([
    ServerFrame.tickEnd,
    11,
    10,
    [],
    [],
    [
      [0, 1, "a"],
      [2, 1, "c"],
      [3, 1, "d"],
    ],
  ]);
  expect(events.map(([, , text]) => text)).toEqual(["a", "b", "c", "d", "e"]);
});
