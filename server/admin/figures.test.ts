import { describe, expect, test } from "vitest";
import { administer } from "../../tests/server-kit/administered.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../room/define-room.ts";
import type { OverviewAnswer, RoomAnswer } from "./answers.ts";

describe("[ADM-6] the overview", () => {
  test("has rooms, and players by their state", async () => {
    const hosted = await administer([defineRoom(probe, { ...quietHandlers, maxPlayers: 8 })]);
    await hosted.join("/probe", probeGame);
    const away = await hosted.join("/probe", probeGame);
    hosted.room().facade.lock();
    away.socket.cut();
    await hosted.ticks(2);
    const overview = await hosted.answer<OverviewAnswer>("overview");
    expect(overview.players).toEqual({ entering: 0, following: 1, stalled: 0, returning: 0, away: 1 });
    expect(overview.server).toMatchObject({
      mode: "development",
      node: "20.0.0",
      connections: 1,
      bots: false,
    });
    expect(overview.rooms).toEqual([
      {
        id: "r1",
        game: "probe",
        players: { total: 2, entering: 0, following: 1, stalled: 0, returning: 0, away: 1 },
        maxPlayers: 8,
        locked: true,
        visibility: "public",
        tick: hosted.room().tick,
        tickRate: 20,
        load: null,
      },
    ]);
  });

  test("has what a room's last second was like, once somebody has looked for so long", async () => {
    const hosted = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        tick(room) {
          hosted.clock.block(room.tick % 20 === 0 ? 8 : 2);
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.ask("overview");
    await hosted.ticks(40);
    const { rooms } = await hosted.answer<OverviewAnswer>("overview");
    expect(rooms[0]?.load).toMatchObject({ meanMs: 2.3, worstMs: 8, worstLatenessMs: 0 });
    expect(rooms[0]?.load?.bytesPerSecond).toBeGreaterThan(0);
  });

  test("has the server's seconds after a time, looked at or not, ten minutes of them", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.join("/probe", probeGame);
    await hosted.run(3_000);
    const { series, now } = await hosted.answer<OverviewAnswer>("overview");
    expect(series.at.length).toBe(3);
    expect(series.ticks.slice(1)).toEqual([20, 20]);
    expect(series.players).toEqual([1, 1, 1]);
    expect(series.joins).toEqual([1, 0, 0]);
    expect(series.cpu).toEqual([10, 10, 10]);
    expect(series.busy).toEqual([25, 25, 25]);
    expect(series.loopDelayMs).toEqual([-1, -1, -1]);
    await hosted.run(2_000);
    const later = await hosted.answer<OverviewAnswer>(`overview?since=${Math.ceil(now)}`);
    expect(later.series.at.length).toBe(2);
    expect(later.series.loopDelayMs).toEqual([1.5, 1.5]);
    await hosted.run(700_000);
    const whole = await hosted.answer<OverviewAnswer>("overview");
    expect(whole.series.at.length).toBe(600);
    expect(whole.series.bytes.length).toBe(600);
  });
});

describe("[ADM-7] a room's ticks", () => {
  test("have lateness, phases and what was sent, after the tick that was asked for", async () => {
    const hosted = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        tick(room) {
          room.state.match.round = room.tick % 200;
          hosted.clock.block(room.tick === 10 ? 60 : 3);
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.ask("rooms/r1");
    await hosted.ticks(20);
    const { ticks } = await hosted.answer<RoomAnswer>("rooms/r1?since=5");
    expect(ticks.tick[0]).toBe(6);
    expect(ticks.tick).toEqual(ticks.tick.map((_tick, index) => 6 + index));
    const at = ticks.tick.indexOf(10);
    expect([ticks.step[at], ticks.commit[at], ticks.flushed[at]]).toEqual([60_000, 0, 60_000]);
    expect([ticks.lateness[at], ticks.lateness[at + 1]]).toEqual([0, 10_000]);
    expect([ticks.players[at], ticks.frames[at]]).toEqual([1, 1]);
    expect(ticks.bytes[at]).toBeGreaterThan(3);
    const { ticks: none } = await hosted.answer<RoomAnswer>(`rooms/r1?since=${hosted.room().tick}`);
    expect(none.tick).toEqual([]);
  });

  test("know who joined, fell behind, left and was slow in which", async () => {
    const hosted = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        graceMs: 0,
        tick(room) {
          if (room.tick === 4) hosted.clock.block(1_000);
        },
      }),
    ]);
    const first = await hosted.join("/probe", probeGame);
    await hosted.ask("rooms/r1");
    await hosted.ticks(30);
    const second = await hosted.join("/probe", probeGame);
    const joinedIn = second.welcome.tick;
    second.acknowledges = false;
    await hosted.ticks(40);
    first.socket.cut();
    await hosted.ticks(2);
    const { notes, ticks } = await hosted.answer<RoomAnswer>("rooms/r1");
    const inTicks = (kind: string): number[] =>
      notes.filter((note) => note.kind === kind).map(({ tick }) => tick);
    const counted = (name: "joins" | "stalls" | "leaves"): number[] =>
      ticks.tick.filter((_tick, index) => (ticks[name][index] ?? 0) > 0);
    expect(notes).toContainEqual({ tick: joinedIn, kind: "joined", player: second.welcome.player, why: "" });
    expect(counted("joins")).toEqual([joinedIn]);
    expect(inTicks("stalled").length).toBe(1);
    expect(counted("stalls")).toEqual(inTicks("stalled"));
    expect(notes).toContainEqual(expect.objectContaining({ kind: "stalled", why: "unacknowledged" }));
    expect(counted("leaves")).toEqual(inTicks("left"));
    expect(notes).toContainEqual(expect.objectContaining({ kind: "left", why: "connection-lost" }));
    const [slippedIn] = inTicks("slipped");
    expect(ticks.slipped[ticks.tick.indexOf(slippedIn ?? 0)]).toBeGreaterThan(100_000);
  });

  test("are the last 600, and none of before somebody looked", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.join("/probe", probeGame);
    await hosted.ticks(50);
    const { ticks: none } = await hosted.answer<RoomAnswer>("rooms/r1");
    expect(none.tick).toEqual([]);
    for (let i = 0; i < 10; i++) {
      await hosted.ticks(100);
      await hosted.ask("events");
    }
    const { ticks, room } = await hosted.answer<RoomAnswer>("rooms/r1");
    expect(ticks.tick.length).toBe(600);
    expect(ticks.tick.at(-1)).toBe(room.tick);
  });
});
