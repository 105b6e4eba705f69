import { describe, expect, test } from "vitest";
import { defineGame, interpolated, table, u8 } from "../../shared/game.ts";
import { ServerFrame } from "../../shared/protocol/frames.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { Replica } from "../../shared/state/replica.ts";
import { changing, entering } from "../../tests/client-kit/duel.ts";
import { ScriptedServer } from "../../tests/client-kit/scripted-server.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import {
  ada,
  BOATS,
  CELL,
  FIRST,
  joinAt,
  moved,
  PERIOD_MS,
  PLAYERS,
  plain,
  sitDown,
  state,
  WIND,
} from "../../tests/server-kit/plain-view.ts";
import { connectWith } from "../connect.ts";
import { Mirror } from "../mirror.ts";
import { RoomView } from "./room-view.ts";

describe("the drawn tick", () => {
  test("[VIE-1] is a tick behind the last where ticks arrive evenly, and flows with the clock", async () => {
    const { clock, room, view } = await sitDown();
    expect(view.tick).toBeCloseTo(room.tick - 1, 1);
    const before = view.tick;
    clock.advance(PERIOD_MS / 2);
    expect(room.view()).toBe(view);
    expect(view.tick - before).toBeCloseTo(0.5, 1);
  });

  test("[VIE-4] stands at the last tick, and goes beyond it as far as it was asked to", async () => {
    const still = await sitDown();
    still.clock.advance(400);
    expect(still.room.view().tick).toBe(still.room.tick);

    const guessing = await sitDown({ options: { extrapolateMs: 100 } });
    guessing.tick(PLAYERS, moved(2, 10));
    guessing.room.view();
    guessing.tick(PLAYERS, moved(2, 20));
    guessing.clock.advance(400);
    expect(guessing.room.view().tick).toBe(guessing.room.tick + 2);
    expect(guessing.view.state.players.get(2)?.x).toBeGreaterThan(30);
  });

  test("[VIE-4] stands at the last tick without a connection", async () => {
    const { clock, server, room } = await sitDown({ options: { extrapolateMs: 100 } });
    server.close(1006);
    expect(room.connection.state).toBe("reconnecting");
    clock.advance(400);
    expect(room.view().tick).toBe(room.tick);
  });

  test("[VIE-4] goes beyond the last tick by 250 ms at the most", async () => {
    const { connect } = connectWith({
      openSocket: new ScriptedServer().openSocket,
      clock: new ManualClock(),
    });
    for (const extrapolateMs of [251, -1, Number.NaN])
      await expect(connect(plain, "ws://plain.test/plain", undefined, { extrapolateMs })).rejects.toThrow(
        RangeError,
      );
  });

  test("[VIE-2] its delay is told: none before the first view", async () => {
    const { room } = await joinAt(plain, plain);
    expect(room.statistics.interpolationDelayMs).toBeUndefined();
    const drawing = await sitDown();
    expect(drawing.room.statistics.interpolationDelayMs).toBeCloseTo(PERIOD_MS, -0.5);
  });
});

describe("rows", () => {
  test("[VIE-10] interpolated fields are as of the drawn tick", async () => {
    const { clock, room, tick, view } = await sitDown();
    tick(PLAYERS, moved(2, 40));
    clock.advance(PERIOD_MS / 2);
    const { x = Number.NaN } = room.view().state.players.get(2) ?? {};
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(40);
    expect(room.state.players.get(2)?.x).toBe(40);
    expect(view.state.players.get(1)?.x).toBe(0);
  });

  test("[VIE-10] a record's, too", async () => {
    const { clock, room, tick, view } = await sitDown();
    tick(WIND, [1, changing(0b11), 90, true]);
    clock.advance(PERIOD_MS / 2);
    room.view();
    expect(view.state.wind.force).toBeGreaterThan(5);
    expect(view.state.wind.force).toBeLessThan(9);
    expect(view.state.wind.gusty).toBe(true);
    tick();
    tick();
    room.view();
    expect(view.state.wind.force).toBe(9);
  });

  test("[VIE-15] everything else is as live as the mirror, and rows keep their identity", async () => {
    const { room, tick, view } = await sitDown();
    const row = view.state.players.get(2);
    tick(PLAYERS, [2, changing(0b1001), "Robert", 2]);
    expect(row?.name).toBe("Robert");
    expect(row?.target).toBe(room.state.players.get(2));
    expect(room.view().state.players.get(2)).toBe(row);
    expect(room.view()).toBe(view);
    expect({ ...row }).toEqual({ id: 2, x: 0, life: "alive", secret: undefined });
  });

  test("[VIE-15] a table without interpolated fields is the mirror's own", async () => {
    const { room, view } = await sitDown();
    expect(view.state.shots).toBe(room.state.shots);
  });

  test("[VIE-14] a row that entered is what it is in its first tick, one that is gone is gone", async () => {
    const { server, room, tick, view } = await sitDown();
    tick(PLAYERS, [3, entering(0b1111), "Eve", 77, 0, 0]);
    expect(room.view().state.players.get(3)?.x).toBe(77);
    expect([...view.state.players].map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(view.state.players.size).toBe(3);
    server.send([ServerFrame.tickEnd, room.tick + 1, room.tick, [], [PLAYERS, 3, 0]]);
    expect(view.state.players.get(3)).toBeUndefined();
    expect(room.view().state.players.size).toBe(2);
  });

  test("[VIE-14] a field that comes into sight is what it is at once, and unknown when it goes out of it", async () => {
    const { clock, server, room, tick, view } = await sitDown();
    expect({ ...view.state.boats.get(1) }).toEqual({ id: 1, x: undefined });
    server.send([ServerFrame.keyframe, room.tick + 1, CELL, [BOATS, [1, entering(0b110), 9, 9]]]);
    tick();
    expect(room.view().state.boats.get(1)).toMatchObject({ name: "Sue", x: 9, y: 9 });
    server.send([ServerFrame.delta, room.tick + 1, room.tick, CELL, [BOATS, [1, changing(0b010), 30]]]);
    tick();
    clock.advance(PERIOD_MS / 2);
    expect(room.view().state.boats.get(1)?.x).toBeLessThan(30);
    server.send([ServerFrame.delta, room.tick + 1, room.tick, 5, ...Array(5).fill(null), [CELL]]);
    tick();
    expect(room.view().state.boats.get(1)).toMatchObject({ name: "Sue", x: undefined, y: undefined });
  });

  test("[VIE-14] over more missed ticks than half a second there is no way: rows are where they are", async () => {
    const { clock, server, room } = await sitDown();
    clock.advance(2_000);
    room.view();
    server.send([ServerFrame.tickEnd, room.tick + 40, room.tick, [PLAYERS, moved(2, 80)]]);
    expect(room.view().state.players.get(2)?.x).toBe(80);
    expect(room.view().tick).toBeGreaterThan(room.tick - 3);
  });

  test("[VIE-17] a page that draws nothing for a while keeps a second of it", async () => {
    const { room, tick, view } = await sitDown();
    for (let x = 1; x <= 200; x++) tick(PLAYERS, moved(2, x));
    expect(room.view().state.players.get(2)?.x).toBeCloseTo(199, 0);
    expect(view.tick).toBeCloseTo(room.tick - 1, 0);
  });
});

describe("one's own row", () => {
  test("[VIE-18] is drawn as everybody's", async () => {
    const { clock, room, tick } = await sitDown();
    tick(PLAYERS, moved(1, 40));
    clock.advance(PERIOD_MS / 2);
    const { me, state } = room.view();
    expect(me).toBe(state.players.get(1));
    expect(me?.x).toBeGreaterThan(0);
    expect(me?.x).toBeLessThan(40);
    expect(me?.secret).toBe(7);
  });

  test("[VIE-18] unless something else says what it is; that is asked once a frame, last", () => {
    const clock = new ManualClock();
    const layout = gameLayout(plain.description);
    const replica = new Replica(layout);
    const mirror = new Mirror(replica, () => {});
    const asked: unknown[] = [];
    const predicted = { id: 1, x: 3 };
    const view = new RoomView({
      ...{ clock, layout, mirror, periodMs: PERIOD_MS, rowId: 1, extrapolateMs: 0, tick: FIRST },
      known: state,
      own: {
        at: (now, drawn) => {
          asked.push(now, (drawn as { x: number } | undefined)?.x);
          return predicted;
        },
      },
    });
    replica.stageKeyframe(0, [PLAYERS, ada(12)]);
    view.closing(FIRST + 1);
    mirror.apply();
    clock.advance(5);
    expect(view.frame(true).me).toBe(predicted);
    expect(asked).toEqual([5, 12]);
  });
});

describe("[VIE-16] marks", () => {
  test("are the client's own, found by name in a server's game that has more", async () => {
    const newer = defineGame({
      name: "plain",
      tickRate: 20,
      state: {
        weather: table({ sun: u8 }),
        ...state,
        players: table({ rank: u8, ...state.players.fields, mood: interpolated(u8) }, { owner: "player" }),
      },
      input: plain.spec.input,
    });
    const { room, play } = await joinAt(newer, plain);
    const { me } = room.view();
    expect(Object.keys(me ?? {})).toEqual(["id", "x", "life", "secret"]);
    play([1, changing(0b100), 40]);
    expect(room.view().me).toMatchObject({ x: 0, rank: 0 });
    expect(room.me).toMatchObject({ x: 40 });
  });

  test("are none without a definition: everything is as of the last tick", async () => {
    const { room, play } = await joinAt(plain, undefined);
    const view = room.view();
    expect(view.state).toMatchObject({ players: room.state.players });
    play([1, changing(0b10), 40]);
    expect(room.view().me).toMatchObject({ x: 40 });
  });
});
