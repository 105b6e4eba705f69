import { describe, expect, test } from "vitest";
import { ClientFrame, type ResumedFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { type Hosted, type HostOptions, host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { defineRoom } from "./define-room.ts";
import type { Room } from "./room.ts";

type ProbeRoom = Room<typeof probe.spec>;

/** A room in which each tick moves everyone and says so to all. */
const busyRoom = defineRoom(probe, {
  ...quietHandlers,
  maxPlayers: 1_200,
  emptyForMs: 60_000,
  tick(room) {
    room.state.match.round = room.tick % 200;
    for (const player of room.players) player.row.x = room.tick;
    room.broadcast("said", { by: undefined, text: `${room.tick}` });
  },
});

async function stalled(limits: HostOptions["limits"] = {}) {
  const hosted = await host([busyRoom], { limits });
  const healthy = await hosted.join("/probe", probeGame);
  const mute = await hosted.join("/probe", probeGame);
  mute.acknowledges = false;
  await hosted.ticks(1);
  return { hosted, healthy, mute };
}

/** How many ticks pass until a client is told to pause, and the tick that it is told. */
async function untilPaused(hosted: Hosted, client: RawClient): Promise<{ ticks: number; tick: number }> {
  for (let ticks = 0; ticks < 200; ticks++) {
    const pause = client.of("pause").at(-1);
    if (pause !== undefined) return { ticks, tick: pause[1] };
    await hosted.ticks(1);
  }
  throw new Error("nobody was paused");
}

const textOf = (client: RawClient): string[] => client.events.map(({ values: [, text] }) => text as string);

describe("[FLO-2] one who acknowledges nothing", () => {
  test("is paused behind a whole tick, and gets nothing after it", async () => {
    const { hosted, healthy, mute } = await stalled();
    const { ticks, tick } = await untilPaused(hosted, mute);
    expect(ticks).toBeGreaterThanOrEqual(19);
    expect(ticks).toBeLessThanOrEqual(22);
    expect(mute.frames.slice(-2).map(([type]) => type)).toEqual([ServerFrame.tickEnd, ServerFrame.pause]);
    expect(mute.tick).toBe(tick);
    const frames = mute.frames.length;
    await hosted.ticks(20);
    expect(mute.frames.length).toBe(frames);
    expect(healthy.tick).toBe(hosted.room().tick);
    expect(healthy.of("pause")).toEqual([]);
  });

  test("[FLO-1] an input says the same as an acknowledgement", async () => {
    const { hosted, mute } = await stalled();
    for (let n = 0; n < 60; n++) {
      mute.input(mute.tick + 1, n, false);
      await hosted.ticks(1);
    }
    expect(mute.of("pause")).toEqual([]);
  });
});

test("[FLO-4] so is one whose acknowledgement is overdue and for whom much waits here", async () => {
  const { hosted, mute } = await stalled({ stallAfterMs: 4_000, stallBacklogBytes: 100 });
  mute.socket.pauseReading();
  await hosted.ticks(20);
  const why: unknown[] = [];
  hosted.server.bus.on("presenceChanged", (event) => why.push([event.to, event.why]));
  const patient = await stalled({ stallAfterMs: 4_000, stallBacklogBytes: 100 });
  await patient.hosted.ticks(40);
  mute.socket.resumeReading();
  await hosted.ticks(1);
  // Who reads has no backlog, however long it says nothing.
  expect(patient.mute.of("pause")).toEqual([]);
  expect((await untilPaused(hosted, mute)).ticks).toBe(0);
});

describe("[FLO-5] one who is ready again", () => {
  test("gets all that changed and was said meanwhile with the next tick, and every tick from then on", async () => {
    const { hosted, mute } = await stalled();
    const { tick } = await untilPaused(hosted, mute);
    await hosted.ticks(50);
    const before = mute.frames.length;
    mute.send([ClientFrame.ready, tick]);
    mute.acknowledges = true;
    await hosted.ticks(1);
    const [resumed, ...rest] = mute.frames.slice(before);
    const now = hosted.room().tick;
    expect(resumed).toEqual([ServerFrame.resumed, now, tick, 0, 0] satisfies ResumedFrame);
    expect(rest.map(([type]) => type)).toEqual([ServerFrame.tickEnd]);
    const [end] = rest;
    expect(end?.slice(0, 3)).toEqual([ServerFrame.tickEnd, now, tick]);
    expect(textOf(mute)).toEqual(Array.from({ length: now - 1 }, (_, index) => `${index + 2}`));
    await hosted.ticks(5);
    expect(mute.tick).toBe(now + 5);
    expect(mute.of("tickEnd").at(-1)?.[2]).toBe(now + 4);
  });

  test("shares its frames with all who stand at the same tick", async () => {
    const { hosted, healthy } = await stalled();
    const mutes = await Promise.all(Array.from({ length: 10 }, () => hosted.join("/probe", probeGame)));
    for (const mute of mutes) mute.acknowledges = false;
    const encoded: number[] = [];
    hosted.server.bus.on("tickDone", ({ frames }) => encoded.push(frames));
    const { tick } = await untilPaused(hosted, mutes[9] as RawClient);
    await hosted.ticks(30);
    const quiet = encoded.at(-1) ?? 0;
    for (const mute of mutes) mute.send([ClientFrame.ready, mute.of("pause").at(-1)?.[1] ?? tick]);
    await hosted.ticks(1);
    const bases = new Set(mutes.map((mute) => mute.of("tickEnd").at(-1)?.[2]));
    // Each is told in a frame of its own that a resync follows; the closing frame is encoded once a base.
    expect((encoded.at(-1) ?? 0) - quiet).toBe(mutes.length + bases.size);
    expect(healthy.of("resumed")).toEqual([]);
  });
});

test("[FLO-6] one who stays stalled is closed as too-slow, and keeps the seat for a while", async () => {
  const { hosted, mute } = await stalled({ maxStalledMs: 2_000 });
  await untilPaused(hosted, mute);
  await hosted.ticks(39);
  expect(mute.ended).toBeUndefined();
  await hosted.ticks(3);
  expect(mute.ended?.name).toBe("too-slow");
  expect(hosted.room().seats.size).toBe(2);
  await hosted.run(20_000);
  expect(hosted.room().seats.size).toBe(1);
});

describe("[FLO-7] what cannot be is a bad frame", () => {
  for (const [what, frame] of [
    ["an acknowledgement of a tick to come", (tick: number) => [ClientFrame.ack, tick + 1]],
    ["ready without a pause", (tick: number) => [ClientFrame.ready, tick]],
  ] as const)
    test(what, async () => {
      const { hosted, mute } = await stalled();
      mute.send(frame(hosted.room().tick));
      await hosted.clock.settle();
      expect(mute.ended?.name).toBe("bad-frame");
    });

  test("ready for another tick than that of the pause", async () => {
    const { hosted, mute } = await stalled();
    const { tick } = await untilPaused(hosted, mute);
    mute.send([ClientFrame.ready, tick - 1]);
    await hosted.clock.settle();
    expect(mute.ended?.name).toBe("bad-frame");
  });
});

test("[FLO-8] frames that were dropped end the connection, and the seat is kept for a resync", async () => {
  const { hosted, mute } = await stalled();
  mute.socket.pauseReading();
  const [, session] = hosted.server.sessions;
  session?.dropped();
  await hosted.ticks(1);
  mute.socket.resumeReading();
  await hosted.clock.settle();
  expect(mute.ended?.name).toBe("too-slow");
  expect([...hosted.room().seats].map(({ presence }) => presence.now.state)).toEqual(["following", "away"]);
});

test("[ROO-45] joins beyond a tick's share wait for the next, and share one keyframe", async () => {
  const hosted = await host([busyRoom], { limits: { joinsPerSecond: 200 } });
  await hosted.join("/probe", probeGame);
  const room = hosted.room();
  (room.facade as unknown as ProbeRoom).run(() => room.facade.state);
  const encoded: number[] = [];
  hosted.server.bus.on("tickDone", ({ frames }) => encoded.push(frames));
  const crowd = await Promise.all(Array.from({ length: 35 }, () => hosted.greet("/probe", probeGame)));
  const joined: number[] = [];
  for (let n = 0; n < 5; n++) {
    await hosted.ticks(1);
    joined.push(room.seats.size);
  }
  expect(joined).toEqual([11, 21, 31, 36, 36]);
  // Of each newcomer a welcome, the keyframe of their own stream; one keyframe of the room, one closing frame.
  expect(encoded.slice(0, 5)).toEqual([22, 22, 22, 12, 1]);
  expect(crowd.every((client) => client.tick === room.tick)).toBe(true);
});
