import { describe, expect, test } from "vitest";
import { defineGame } from "../shared/definition/game.ts";
import { ref, table, text, u8, visibleTo } from "../shared/game.ts";
import { StreamAudience } from "../shared/protocol/frames.ts";
import { entering, FIRST, frames, PRIVATE, ROOM, setTable } from "../tests/client-kit/duel.ts";

const siege = defineGame({
  name: "siege",
  tickRate: 20,
  state: {
    units: table(
      { team: text(8), plan: visibleTo("group", text(8)), guards: visibleTo("group", ref("units")) },
      { owner: "player", group: "team" },
    ),
    orders: table({ team: text(8), n: u8 }, { group: "team", visibleTo: "group" }),
  },
});
const [UNITS, ORDERS] = [0, 1];
const [TEAM, PLAN, ORDER] = [entering(0b001), entering(0b110), entering(0b11)];
const [RED, BLUE] = [3, 4];

/** Ada and Bob of the reds, with an order. */
async function sitDown() {
  const { clock, server, reported, connect } = setTable();
  const joining = connect(siege, "ws://siege.test/siege");
  server.accept();
  server.send(frames.welcome());
  server.send(frames.keyframe(FIRST, ROOM, [UNITS, [1, TEAM, "red", 2, TEAM, "red"]]));
  const rows = [UNITS, [1, PLAN, "dig", 2, 2, PLAN, "wait", 1], ORDERS, [7, ORDER, "red", 5]];
  server.send(frames.keyframe(FIRST, RED, rows, StreamAudience.group));
  server.send(frames.tickEnd(FIRST));
  const room = await joining;
  clock.advance(0);
  const told: unknown[] = [];
  const { units, orders } = room.state;
  units.onChange(({ id, plan, guards }, changed) => told.push([id, [...changed], plan, guards?.id]));
  units.onLeaveSight(({ id }) => told.push(["unit out of sight", id]));
  units.onRemove(({ id, plan }) => told.push(["unit removed", id, plan]));
  orders.onLeaveSight(({ n }) => told.push(["order out of sight", n]));
  orders.onRemove(({ n }) => told.push(["order removed", n]));
  const tick = (...parts: readonly unknown[]) => server.send(frames.tickEnd(room.tick + 1, ...parts));
  const delta = (stream: number, ...parts: readonly unknown[]) =>
    server.send(frames.delta(room.tick + 1, stream, ...parts));
  return { server, room, reported, told, tick, delta };
}

describe("[GRP-5] what a group shows", () => {
  test("is unknown once the group is let go, told as a change; a row that it alone showed goes out of sight", async () => {
    const { room, told, tick, delta, reported } = await sitDown();
    const [ada, bob] = room.state.units;
    expect(room.streams.map(({ stream, audience }) => [stream, audience])).toEqual([
      [ROOM, "room"],
      [RED, "group"],
    ]);
    delta(PRIVATE, [], [], [], [], [], [RED]);
    tick();
    expect(told).toEqual([
      [1, ["plan", "guards"], undefined, undefined],
      [2, ["plan", "guards"], undefined, undefined],
      ["order out of sight", 5],
    ]);
    expect([...room.state.units]).toEqual([ada, bob]);
    expect({ ...ada }).toEqual({ id: 1, team: "red", plan: undefined });
    expect(ada?.guards).toBeUndefined();
    expect(room.state.orders.size).toBe(0);
    expect(reported).toEqual([]);
  });

  test("is unknown of a row that goes over, and with what else changes told as one change", async () => {
    const { room, told, tick, delta } = await sitDown();
    delta(RED, [], [UNITS, 2, 1 + BLUE, ORDERS, 7, 0]);
    tick([UNITS, [2, 0b001 * 2, "blue"]]);
    expect(told).toEqual([
      [2, ["team", "plan", "guards"], undefined, undefined],
      ["order removed", 5],
    ]);
    expect(room.state.units.get(1)).toMatchObject({ plan: "dig", guards: { id: 2 } });
  });

  test("is there to the last of a row that is gone for good", async () => {
    const { told, tick, delta } = await sitDown();
    delta(RED, [], [UNITS, 2, 0]);
    tick([UNITS, []], [UNITS, 2, 0]);
    expect(told).toEqual([["unit removed", 2, "wait"]]);
  });

  test("may begin with nothing: who comes into the group later is a change", async () => {
    const { server, room, told, tick, delta } = await sitDown();
    server.send(frames.keyframe(room.tick + 1, BLUE, [], StreamAudience.group));
    tick();
    delta(RED, [], [UNITS, 2, 1 + BLUE]);
    delta(BLUE, [UNITS, [2, PLAN, "sing", 1]], []);
    tick();
    delta(PRIVATE, [], [], [], [], [], [BLUE]);
    tick();
    expect(told).toEqual([
      [2, ["plan"], "sing", 1],
      [2, ["plan", "guards"], undefined, undefined],
    ]);
  });
});
