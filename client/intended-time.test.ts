import { expect, test } from "vitest";
import { ClientFrame } from "../shared/protocol/frames.ts";
import { FIRST, frames, sitDown } from "../tests/client-kit/duel.ts";
import { PingSchedule } from "./ping-schedule.ts";

test("[CLI-21] five pings go out in the first second, then one a second, counted in ticks", () => {
  const schedule = new PingSchedule(20);
  const pinged = Array.from({ length: 70 }, (_, tick) => tick).filter((tick) => schedule.isDue(tick));
  expect(pinged).toEqual([0, 4, 8, 12, 16, 36, 56]);
});

test("[CLI-21] whoever doubts what was measured has a ping as soon as the last is 200 ms old", () => {
  const schedule = new PingSchedule(20);
  for (let tick = 0; tick <= 40; tick++) schedule.isDue(tick);
  schedule.hurry();
  expect([41, 42, 43, 44].filter((tick) => schedule.isDue(tick))).toEqual([41]);
  schedule.hurry();
  expect([42, 43, 44, 45, 46].filter((tick) => schedule.isDue(tick))).toEqual([45]);
});

test("[CLI-21] the first ping follows the welcome at once, and more only when ticks close", async () => {
  const { clock, server, tick } = await sitDown({ startMs: 500 });
  clock.advance(4_000);
  expect(server.sent).toEqual([]);
  for (let n = 0; n < 4; n++) tick();
  expect(server.take("ping")).toEqual([[ClientFrame.ping, 4_500]]);
});

test("[CLI-21] the round trip is the lowest of the last eight", async () => {
  const { clock, server, room } = await sitDown();
  expect(room.statistics.rttMs).toBeUndefined();
  const answerAfter = (ms: number) => {
    const stamp = clock.now();
    clock.advance(ms);
    server.send(frames.pong(stamp, stamp + ms / 2));
  };
  answerAfter(30);
  answerAfter(80);
  expect(room.statistics.rttMs).toBe(30);
  for (let n = 0; n < 7; n++) answerAfter(90);
  expect(room.statistics.rttMs).toBe(80);
  answerAfter(90);
  expect(room.statistics.rttMs).toBe(90);
});

test("[CLI-22] where the server reads the same clock, intended times are exact", async () => {
  const { room } = await sitDown({ clockId: "boot-1", welcome: { clock: "boot-1", epoch: 3_000 } });
  expect(room.intendedTimeOf(FIRST)).toEqual({ at: 3_000 + FIRST * 50, clock: "shared" });
});

test("[CLI-22] elsewhere they are estimated, once a ping was answered", async () => {
  const { clock, server, room } = await sitDown({
    clockId: "boot-1",
    startMs: 100,
    welcome: { clock: "boot-2", epoch: 3_000 },
  });
  expect(room.intendedTimeOf(FIRST)).toBeUndefined();
  clock.advance(20);
  server.send(frames.pong(100, 3_510));
  // The server's 3,510 was our 110.
  expect(room.intendedTimeOf(FIRST)).toEqual({ at: 100, clock: "estimated" });
});

test("[CLI-22] two clocks without a name are not the same", async () => {
  const { room } = await sitDown({ welcome: { clock: null } });
  expect(room.intendedTimeOf(FIRST)).toBeUndefined();
});

test("[CLI-22] a slip counts from its tick on; ticks before it keep their epoch", async () => {
  const { room, tick } = await sitDown({ clockId: "boot-1", welcome: { clock: "boot-1", epoch: 0 } });
  tick([], [], [], [FIRST + 1, 400]);
  expect(room.intendedTimeOf(FIRST)?.at).toBe(FIRST * 50);
  expect(room.intendedTimeOf(FIRST + 1)?.at).toBe(400 + (FIRST + 1) * 50);
});
