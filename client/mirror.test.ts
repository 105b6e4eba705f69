import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ROOM_STREAM, ServerFrame } from "../shared/protocol/frames.ts";
import { CommittedState } from "../shared/state/committed-state.ts";
import type { Wire } from "../shared/state/field-codec.ts";
import { gameLayout, type TableLayout } from "../shared/state/game-layout.ts";
import { RowStream } from "../shared/state/row-stream.ts";
import {
  changing,
  duel,
  entering,
  FIRST,
  frames,
  HIT,
  MATCH,
  PLAYERS,
  PRIVATE,
  player,
  ROOM,
  SHOTS,
  setTable,
  shot,
  sitDown,
} from "../tests/client-kit/duel.ts";

const NEXT = FIRST + 1;

describe("rows", () => {
  test("[CLI-12] a row is data: its id and plain fields are its own, references are found when read", async () => {
    const { room, tick } = await sitDown();
    tick([SHOTS, shot(4, 30, 1), PLAYERS, player(2, "Bob", 7, 1)]);
    const bullet = room.state.shots.get(4);
    expect({ ...bullet }).toEqual({ id: 4, x: 30 });
    expect(bullet?.by).toBe(room.me);
    expect(room.state.players.get(2)?.target?.name).toBe("Ada");
  });

  test("[CLI-12] a reference to a row out of sight reads undefined, and finds it once it is there", async () => {
    const { room, tick } = await sitDown();
    tick([SHOTS, shot(4, 30, 2)]);
    const bullet = room.state.shots.get(4);
    expect(bullet?.by).toBeUndefined();
    tick([PLAYERS, player(2, "Bob")]);
    expect(bullet?.by?.name).toBe("Bob");
    tick([SHOTS, [4, changing(0b10), 0]]);
    expect(bullet?.by).toBeUndefined();
  });

  test("[CLI-12] a field that this client does not see reads undefined, and is a field all the same", async () => {
    const { server, room, tick } = await sitDown();
    server.send(frames.keyframe(NEXT, PRIVATE, [PLAYERS, [1, entering(0b1000), [1, 2, 3]]]));
    tick([PLAYERS, player(2, "Bob")]);
    expect(room.me?.hand).toEqual([1, 2, 3]);
    expect({ ...room.state.players.get(2) }).toEqual({ id: 2, name: "Bob", x: 0, hand: undefined });
  });

  test("[CLI-12] a row keeps its identity while its fields change", async () => {
    const { room, tick } = await sitDown();
    const me = room.me;
    tick([PLAYERS, [1, changing(0b10), 21]]);
    expect(room.me).toBe(me);
    expect(me?.x).toBe(21);
  });

  test("[CLI-12] there is no own row for a player without one, nor after it is gone", async () => {
    expect((await sitDown({ welcome: { row: 0 } })).room.me).toBeUndefined();
    const { room, tick } = await sitDown();
    tick([], [PLAYERS, 1, 0]);
    expect(room.me).toBeUndefined();
  });

  test("[CLI-12] the rows of a table are of one class, named for it", async () => {
    const { room, tick } = await sitDown();
    tick([PLAYERS, player(2, "Bob")]);
    const [ada, bob] = room.state.players;
    expect(ada?.constructor).toBe(bob?.constructor);
    expect(ada?.constructor.name).toBe("players");
  });
});

describe("records", () => {
  test("[CLI-13] a record is there with its initial values before the server tells any", async () => {
    const { room } = await sitDown({ rows: [] });
    expect({ ...room.state.match }).toEqual({ id: 1, phase: "warmup", round: 0 });
    expect(room.state.match.leader).toBeUndefined();
  });

  test("[CLI-13] it is the same object for ever, and tells of its changes", async () => {
    const { room, tick } = await sitDown();
    const { match } = room.state;
    const told: unknown[] = [];
    const stop = room.onRecordChange("match", (row, changed) => told.push(row === match, [...changed]));
    tick([MATCH, [1, changing(0b110), 4, 1]]);
    expect(match).toMatchObject({ phase: "live", round: 4 });
    expect(match.leader).toBe(room.me);
    expect(told).toEqual([true, ["round", "leader"]]);
    stop();
    tick([MATCH, [1, changing(0b10), 5]]);
    expect(told).toHaveLength(2);
    expect(match.round).toBe(5);
  });
});

describe("listeners", () => {
  test("[CLI-16] onAdd tells of the rows that are here, then of each that comes, each once", async () => {
    const { room, tick } = await sitDown();
    const names: string[] = [];
    room.state.players.onAdd(({ name }) => names.push(name));
    expect(names).toEqual(["Ada"]);
    tick([PLAYERS, player(2, "Bob")]);
    tick([PLAYERS, [...player(3, "Cid"), 2, changing(0b10), 8]]);
    expect(names).toEqual(["Ada", "Bob", "Cid"]);
  });

  test("[CLI-16] one who begins to listen amid a tick's additions hears of each row once", async () => {
    const { room, tick } = await sitDown();
    const shots: number[] = [];
    const players: string[] = [];
    const stop = room.state.players.onAdd(({ name }) => {
      if (name !== "Bob") return;
      room.state.players.onAdd((row) => players.push(row.name));
      room.state.shots.onAdd((row) => shots.push(row.id));
    });
    tick([PLAYERS, [...player(2, "Bob"), ...player(3, "Cid")], SHOTS, [...shot(1, 0, 1), ...shot(2, 0, 1)]]);
    stop();
    expect(players.sort()).toEqual(["Ada", "Bob", "Cid"]);
    expect(shots).toEqual([1, 2]);
  });

  test("[CLI-16] listeners meet the whole tick, not a part of it", async () => {
    const { room, tick } = await sitDown();
    let by: string | undefined;
    room.state.shots.onAdd((row) => {
      by = row.by?.name;
    });
    tick([SHOTS, shot(4, 30, 2), PLAYERS, player(2, "Bob")]);
    expect(by).toBe("Bob");
  });

  test("[CLI-16] onChange names exactly the fields that differ", async () => {
    const { server, room, tick } = await sitDown();
    const told: string[][] = [];
    room.state.players.onChange((_row, changed) => told.push([...changed].sort()));
    // A keyframe repeats what is held: only what differs is a change.
    server.send(
      frames.keyframe(NEXT, ROOM, [PLAYERS, player(1, "Ada", 44), MATCH, [1, entering(0b111), 1, 3, 0]]),
    );
    tick();
    tick([PLAYERS, [1, changing(0b111), "Eve", 44, 1]]);
    expect(told).toEqual([["x"], ["name", "target"]]);
  });

  test("[CLI-16] onRemove gets the row with its last values, references included, out of the table", async () => {
    const { room, tick } = await sitDown();
    tick([PLAYERS, player(2, "Bob"), SHOTS, shot(4, 30, 2)]);
    const told: unknown[] = [];
    room.state.shots.onRemove((row) => told.push(row.x, row.by?.name, room.state.shots.size));
    tick([], [PLAYERS, 2, 0, SHOTS, 4, 0]);
    expect(told).toEqual([30, "Bob", 0]);
  });

  test("[CLI-16] a row that moves between streams in a tick was never gone", async () => {
    const { server, room, tick } = await sitDown();
    const told: string[] = [];
    room.state.players.onRemove(({ name }) => told.push(name));
    server.send(frames.keyframe(NEXT, 9, [PLAYERS, player(1, "Ada", 20)]));
    tick([], [PLAYERS, 1, 9]);
    expect(told).toEqual([]);
    expect(room.me?.name).toBe("Ada");
  });

  test("[CLI-14] a listener that throws breaks neither the tick nor the others", async () => {
    const { reported, room, tick } = await sitDown();
    const mistake = new Error("a mistake");
    const fail = () => {
      throw mistake;
    };
    room.state.players.onAdd(fail);
    room.on("hit", fail);
    const ticks: number[] = [];
    room.onTick(fail);
    room.onTick((n) => ticks.push(n));
    tick([PLAYERS, player(2, "Bob")], [], [[0, HIT, 1, 2, 5]]);
    expect(reported).toEqual([mistake, mistake, mistake, mistake]);
    expect(ticks).toEqual([NEXT]);
    expect(room.connection.state).toBe("joined");
  });
});

describe("events", () => {
  test("[CLI-17] rows that leave with their tick can still be read in its events", async () => {
    const { room, tick } = await sitDown();
    tick([PLAYERS, player(2, "Bob", 3)]);
    const told: unknown[] = [];
    room.on("hit", ({ by, on, damage }) => told.push(by?.name, on?.x, damage));
    tick([], [PLAYERS, 2, 0], [[0, HIT, 1, 2, 250]]);
    expect(told).toEqual(["Ada", 3, 250]);
    expect(room.state.players.get(2)).toBeUndefined();
  });

  test("[CLI-17] a row in an event that is not in sight reads undefined", async () => {
    const { room, tick } = await sitDown();
    const told: unknown[] = [];
    room.on("hit", ({ by, on }) => told.push(by, on));
    tick([], [], [[0, HIT, 0, 77, 1]]);
    expect(told).toEqual([undefined, undefined]);
  });

  test("[CLI-17] listening to what the game does not have is a mistake, told at once", async () => {
    const { room } = await sitDown();
    expect(() => room.on("bang" as "hit", () => {})).toThrow('no event "bang"');
    expect(() => room.onRecordChange("players" as "match", () => {})).toThrow('no record "players"');
  });
});

/** Steps of a random game: rows come, change, go and refer to each other. */
const step = fc.oneof(
  fc.record({ what: fc.constant("add" as const), x: fc.nat(0xffff) }),
  fc.record({ what: fc.constant("remove" as const), which: fc.nat(20) }),
  fc.record({ what: fc.constant("move" as const), which: fc.nat(20), x: fc.nat(0xffff) }),
  fc.record({ what: fc.constant("aim" as const), which: fc.nat(20), at: fc.nat(20) }),
  fc.record({ what: fc.constant("keyframe" as const) }),
);

test("[CLI-7] after every tick the mirror is what the server committed, and listeners could have built it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 12 }), async (ticks) => {
      const layout = gameLayout(duel.description);
      const stream = new RowStream(ROOM_STREAM, "room", 100);
      const state = new CommittedState(layout, {
        roomStream: stream,
        idRestTicks: 100,
        onOutOfRange: () => {},
      });
      const shots = layout.tableByName.get("shots") as TableLayout;
      const players = layout.tableByName.get("players") as TableLayout;
      state.add(layout.tableByName.get("match") as TableLayout, {});
      const ada = state.add(players, { name: "Ada" });
      const rows: ReturnType<typeof state.add>[] = [];

      const { clock, server, connect } = setTable();
      const joining = connect(duel, "ws://duel.test/duel");
      server.accept();
      state.commit(FIRST);
      stream.takeDelta(FIRST);
      server.send(frames.welcome({ row: ada.id }));
      server.send(frames.keyframe(FIRST, ROOM, stream.keyframe()));
      server.send(frames.tickEnd(FIRST));
      const room = await joining;
      clock.advance(0);
      const built = new Map<number, { id: number; x: number }>();
      room.state.shots.onAdd((row) => built.set(row.id, { ...row }));
      room.state.shots.onChange((row) => built.set(row.id, { ...row }));
      room.state.shots.onRemove((row) => built.delete(row.id));

      ticks.forEach((steps, index) => {
        const tick = FIRST + 1 + index;
        for (const one of steps) {
          if (one.what === "add") rows.push(state.add(shots, { x: one.x, by: ada }));
          else if (one.what === "remove")
            for (const row of rows.splice(one.which, 1)) state.remove(shots, row);
          else if (one.what === "move") Object.assign(rows[one.which] ?? {}, { x: one.x });
          else if (one.what === "aim")
            Object.assign(rows[one.which] ?? {}, { by: one.at % 2 ? ada : undefined });
        }
        state.commit(tick);
        const { rows: changed, leaves } = stream.takeDelta(tick);
        if (steps.some(({ what }) => what === "keyframe"))
          server.send([ServerFrame.keyframe, tick, ROOM, stream.keyframe()]);
        server.send(frames.tickEnd(tick, changed, leaves));

        const mirrored = [...room.state.shots].map((row) => ({ ...row, by: row.by?.id ?? 0 }));
        const committed = [...state.rows(shots)].map(({ id, values }) => {
          const [x, by] = values as Wire[];
          return { id, x, by };
        });
        expect(mirrored.sort((a, b) => a.id - b.id)).toEqual(committed.sort((a, b) => a.id - b.id));
        expect([...built.values()].sort((a, b) => a.id - b.id)).toEqual(
          [...room.state.shots].map((row) => ({ ...row })).sort((a, b) => a.id - b.id),
        );
        expect(room.tick).toBe(tick);
      });
    }),
    { seed: 7, numRuns: 150 },
  );
});
