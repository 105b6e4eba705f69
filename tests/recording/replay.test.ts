import { expect, test } from "vitest";
import type { ClientRoom } from "../../client/client-room.ts";
import { layoutOf } from "../../client/layout-of.ts";
import { Replay } from "../../client/replay/replay.ts";
import { type ArenaSpec, arena } from "../../games/arena/arena.ts";
import { bot } from "../../games/arena/bot.ts";
import { arenaRoom } from "../../games/arena/room.ts";
import { RecordedState } from "../../shared/recording/recorded-state.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { roomHash } from "../kit/room-hash.ts";
import { opened, recordingServer } from "./recorded-game.ts";

const layout = layoutOf(arena.description);

const hashOf = (room: ClientRoom<ArenaSpec>): string => roomHash(room as unknown as ClientRoom, layout);

/** A short match of eight, over several blocks, and a replay of it on a clock of its own. */
async function replayed() {
  const server = await recordingServer([arenaRoom]);
  const rooms: ClientRoom[] = [];
  for (let index = 0; index < 8; index++) rooms.push(await server.join(bot, "/arena", index));
  await server.ticks(rooms[0] as never, 330);
  const [path = ""] = await server.files();
  const { recording } = await opened(path);
  const clock = new ManualClock();
  const replay = new Replay(recording, { clock });
  const shown: ClientRoom<ArenaSpec>[] = [];
  await replay.onRoom(arena, (room) => shown.push(room));
  const now = () => shown.at(-1) as ClientRoom<ArenaSpec>;
  /** Time passes, and the file is read meanwhile. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5) {
      await clock.run(5);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { recording, replay, shown, now, pass, clock };
}

test("[REC-2] seeking shows the state that playing from the start shows", async () => {
  const { recording, replay, now, pass } = await replayed();
  expect(recording.blocks.length).toBeGreaterThan(2);
  const played = new Map<number, string>();
  now().onTick((tick) => played.set(tick, hashOf(now())));
  replay.play();
  replay.setSpeed(8);
  await pass(3_000);
  expect(replay.state).toEqual({ state: "ended" });
  expect(played.size).toBe(recording.lastTick + 1);
  for (const tick of [recording.lastTick, 5, 100, 101, 222, 1]) {
    await replay.seek(tick);
    expect(now().tick).toBe(tick);
    expect(hashOf(now())).toBe(played.get(tick));
  }
});

test("[REC-2] and the state of each tick has the digest that the server's had", async () => {
  const { recording } = await replayed();
  const { keyframe } = await recording.block(0);
  const state = new RecordedState(arena.description.tables.length);
  state.reset(keyframe);
  let ticks = 0;
  for await (const step of recording.steps()) {
    if (step[0] !== 1) continue;
    state.apply(step);
    expect(state.digest()).toBe(step[5]);
    ticks += 1;
  }
  for (let block = 0; block < recording.blocks.length; block++) {
    const [, tick, digest] = (await recording.block(block)).keyframe;
    expect((await recording.stateAt(tick)).digest()).toBe(digest);
  }
  expect(ticks).toBe(recording.lastTick);
});

test("[REC-3] a replay stands still while it is paused, and goes as fast as it is told", async () => {
  const { replay, now, pass } = await replayed();
  await pass(500);
  expect(replay.tick).toBe(0);
  replay.play();
  await pass(500);
  expect(replay.tick).toBeCloseTo(10);
  replay.setSpeed(0.5);
  await pass(500);
  expect(replay.tick).toBeCloseTo(15);
  replay.pause();
  const { tick } = now();
  expect(tick).toBe(15);
  await pass(500);
  expect([replay.tick, now().tick]).toEqual([expect.closeTo(15), 15]);
  expect(() => replay.setSpeed(9)).toThrow("the speed is 9; it must be from 0.25 to 8");
});

test("[REC-3] at its end it stands at the last tick, and plays again from the first", async () => {
  const { recording, replay, now, pass } = await replayed();
  await replay.seek(recording.lastTick - 5);
  replay.play();
  await pass(1_000);
  expect(replay.state).toEqual({ state: "ended" });
  expect(replay.tick).toBe(recording.lastTick);
  replay.play();
  await pass(100);
  expect(replay.state).toEqual({ state: "playing" });
  expect(now().tick).toBeLessThan(5);
});

test("[REC-4] a replay's spectator sees every row, and hears what was said", async () => {
  const { recording, replay, now, pass } = await replayed();
  await replay.seek(100);
  expect([...now().state.players].length).toBe(8);
  expect(now().me).toBeUndefined();
  // Only its owner is told of it in the game.
  for (const ship of now().state.players) expect(ship.place).toBeTypeOf("number");
  let hits = 0;
  now().on("hit", () => {
    hits += 1;
  });
  replay.play();
  await pass(10_000);
  expect(now().tick).toBeGreaterThan(290);
  let recorded = 0;
  for await (const step of recording.steps(100))
    if (step[0] === 1 && step[1] <= now().tick)
      recorded += step[9].filter(
        ([, , event]) => event === arena.description.events.findIndex(({ name }) => name === "hit"),
      ).length;
  expect(recorded).toBeGreaterThan(0);
  expect(hits).toBe(recorded);
});
