import { describe, expect, test } from "vitest";
import { defineGame } from "../shared/definition/game.ts";
import { fixed, ref, table, text, visibleTo } from "../shared/game.ts";
import { entering, FIRST, frames, PRIVATE, ROOM, setTable } from "../tests/client-kit/duel.ts";

const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  state: {
    hares: table(
      { name: visibleTo("room", text(8)), x: fixed(0, 100, 1), y: fixed(0, 100, 1), friend: ref("hares") },
      { owner: "player", position: ["x", "y"] },
    ),
    seeds: table({ x: fixed(0, 100, 1), y: fixed(0, 100, 1), of: ref("hares") }, { position: ["x", "y"] }),
  },
});
const [HARES, SEEDS] = [0, 1];
const [NAME, SIGHT, SEED] = [entering(0b0001), entering(0b1110), entering(0b111)];
const [HERE, THERE] = [3, 4];

/** Ada, whose row it is, and Bob in sight, who is Ada's friend, with a seed of his. */
async function sitDown() {
  const { clock, server, reported, connect } = setTable();
  const joining = connect(meadow, "ws://meadow.test/meadow");
  server.accept();
  server.send(frames.welcome());
  server.send(frames.keyframe(FIRST, ROOM, [HARES, [1, NAME, "Ada", 2, NAME, "Bob"]]));
  server.send(
    frames.keyframe(FIRST, HERE, [HARES, [1, SIGHT, 5, 5, 2, 2, SIGHT, 6, 6, 1], SEEDS, [7, SEED, 8, 8, 2]]),
  );
  server.send(frames.tickEnd(FIRST));
  const room = await joining;
  clock.advance(0);
  const told: unknown[] = [];
  const { hares, seeds } = room.state;
  seeds.onLeaveSight((row) => told.push(["seed out of sight", row.x, row.of?.name]));
  seeds.onRemove((row) => told.push(["seed removed", row.x, row.of?.name]));
  hares.onLeaveSight((row) => told.push(["hare out of sight", row.name, row.x, row.friend?.name]));
  hares.onRemove((row) => told.push(["hare removed", row.name]));
  const release = (...streams: number[]) =>
    server.send(frames.delta(room.tick + 1, PRIVATE, [], [], [], [], [], streams));
  const tick = (...parts: readonly unknown[]) => server.send(frames.tickEnd(room.tick + 1, ...parts));
  return { server, room, reported, told, release, tick };
}

describe("[INT-8] onLeaveSight", () => {
  test("tells of rows whose cell is let go, with their last values, references included", async () => {
    const { room, told, release, tick, reported } = await sitDown();
    const [ada, bob] = room.state.hares;
    release(HERE);
    tick();
    expect(told).toEqual([
      ["hare out of sight", "Ada", 5, "Bob"],
      ["hare out of sight", "Bob", 6, "Ada"],
      ["seed out of sight", 8, "Bob"],
    ]);
    // What the room sees of them stays, in the rows that they were.
    expect([...room.state.hares]).toEqual([ada, bob]);
    expect({ ...bob }).toEqual({ id: 2, name: "Bob", x: undefined, y: undefined });
    expect(bob?.friend).toBeUndefined();
    expect(room.state.seeds.size).toBe(0);
    expect(reported).toEqual([]);
  });

  test("is not onRemove, which is for rows gone for good", async () => {
    const { server, room, told, tick } = await sitDown();
    server.send(frames.delta(room.tick + 1, HERE, [], [HARES, 2, 0, SEEDS, 7, 0]));
    tick([], [HARES, 2, 0]);
    expect(told).toEqual([
      ["hare removed", "Bob"],
      ["seed removed", 8, "Bob"],
    ]);
  });

  test("is not told of a row that crosses to another cell in sight: it is the row that it was", async () => {
    const { server, room, told, tick } = await sitDown();
    const seed = room.state.seeds.get(7);
    const changes: string[][] = [];
    room.state.seeds.onChange((_row, changed) => changes.push([...changed]));
    server.send(frames.delta(room.tick + 1, HERE, [], [SEEDS, 7, 1 + THERE]));
    server.send(frames.keyframe(room.tick + 1, THERE, [SEEDS, [7, SEED, 18, 8, 2]]));
    tick();
    expect(told).toEqual([]);
    expect(room.state.seeds.get(7)).toBe(seed);
    expect(changes).toEqual([["x"]]);
  });

  test("a row comes back as a change where the room kept it, as a new row where nobody did", async () => {
    const { server, room, release, tick } = await sitDown();
    const [, bob] = room.state.hares;
    const seed = room.state.seeds.get(7);
    release(HERE);
    tick();
    const told: unknown[] = [];
    room.state.hares.onChange((row, changed) => told.push([row.name, ...changed]));
    room.state.seeds.onAdd((row) => told.push(row.id));
    server.send(
      frames.keyframe(room.tick + 1, HERE, [HARES, [2, SIGHT, 6, 6, 1], SEEDS, [7, SEED, 8, 8, 2]]),
    );
    tick();
    expect(told).toEqual([7, ["Bob", "x", "y", "friend"]]);
    expect(bob).toMatchObject({ x: 6, y: 6 });
    expect(room.state.seeds.get(7)).not.toBe(seed);
  });

  test("events of the tick still read what leaves sight with it", async () => {
    const { room, told, release, tick } = await sitDown();
    const stop = room.state.hares.onLeaveSight((row) => told.push(room.state.hares.get(row.id) === row));
    release(HERE);
    tick();
    expect(told.filter((what) => what === true)).toHaveLength(2);
    stop();
  });
});
