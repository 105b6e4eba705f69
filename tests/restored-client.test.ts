import { describe, expect, test } from "vitest";
import type { ClientRoom, RolledBack } from "../client/client-room.ts";
import { defineRoom } from "../server/room/define-room.ts";
import { defineGame, fixed, held, i16, interpolated, pressed, table, u16 } from "../shared/game.ts";
import { MEADOW_CELL, meadow } from "./server-kit/meadow.ts";
import { isConsecutive } from "./server-kit/post-office.ts";
import { RestartedWorld } from "./server-kit/restarted.ts";

const track = defineGame({
  name: "track",
  tickRate: 20,
  state: {
    cars: table({ x: interpolated(fixed(0, 10_000, 0.01)), honks: u16 }, { owner: "player" }),
  },
  input: { speed: held(i16), honk: pressed() },
  predict: {
    table: "cars",
    step(row, input, dt) {
      row.x += input.speed * dt;
      if (input.honk) row.honks += 1;
    },
  },
});
const trackRoom = defineRoom(track, {
  graceMs: 20_000,
  tick(room, dt) {
    for (const { row, input } of room.players) track.spec.predict.step(row, input, dt);
  },
});

/** Draws sixty times a second for so long: what was drawn of one's own car and of the other, and the drawn ticks. */
async function draw(world: RestartedWorld, room: ClientRoom<typeof track.spec>, other: number, ms: number) {
  const drawn: { own: number; other: number; tick: number }[] = [];
  for (let at = 0; at < ms; at += 16) {
    await world.run(16);
    const view = room.view();
    drawn.push({
      own: view.me?.x ?? Number.NaN,
      other: view.state.cars.get(other)?.x ?? Number.NaN,
      tick: view.tick,
    });
  }
  return drawn;
}

const steps = (numbers: readonly number[]) => numbers.slice(1).map((n, i) => n - (numbers[i] as number));

describe("[CKP-27] a client goes on in another timeline as in the one before", () => {
  for (const how of ["stop", "crash"] as const)
    test(`prediction, view, inputs and clock behind a ${how}`, async () => {
      const world = new RestartedWorld();
      await world.start(trackRoom);
      const { room } = await world.connect(track, "/track");
      const { room: bob } = await world.connect(track, `/track/${room.id}`);
      const rolledBack: RolledBack[] = [];
      room.onRolledBack((event) => rolledBack.push(event));
      room.input({ speed: 100 });
      bob.input({ speed: 60 });
      const own = bob.me?.id ?? 0;
      await draw(world, room, own, 3_300);
      const before = room.statistics.mispredictions;
      if (how === "stop") await world.stop();
      else world.crash();
      await draw(world, room, own, 1_700);
      await world.start(trackRoom);
      await world.when("both are back", () =>
        [room, bob].every(({ connection }) => connection.state === "joined"),
      );
      expect(rolledBack).toHaveLength(how === "stop" ? 0 : 1);
      // Until inputs flow again and the view has its two ticks.
      await draw(world, room, own, 1_000);
      const settled = room.statistics.mispredictions;
      room.input({ honk: true });
      const drawn = await draw(world, room, own, 3_000);
      const { statistics } = room;
      expect(statistics.mispredictions - settled).toBe(0);
      expect(settled - before).toBeLessThanOrEqual(20);
      expect(room.me?.honks).toBe(1);
      expect(statistics.ticksMissed).toBe(0);
      // Both cars go on as they are steered, frame by frame.
      for (const step of steps(drawn.map(({ own }) => own))) expect(step).toBeCloseTo(1.6, 0);
      for (const step of steps(drawn.map(({ other }) => other))) expect(step).toBeCloseTo(0.96, 0);
      for (const step of steps(drawn.map(({ tick }) => tick))) expect(step).toBeGreaterThan(0.25);
      expect(room.tick - (drawn.at(-1)?.tick ?? 0)).toBeLessThan(3);
      const due = room.intendedTimeOf(room.tick);
      expect(due?.clock).toBe("shared");
      expect(Math.abs((due?.at ?? 0) - world.clock.now())).toBeLessThan(60);
      expect(world.errors).toEqual([]);
    });
});

describe("[CKP-27] a client goes on where tick numbers begin again", () => {
  for (const predict of [true, false])
    test(`inputs, view and pings, ${predict ? "with" : "without"} prediction`, async () => {
      const world = new RestartedWorld();
      await world.start(trackRoom);
      const { room } = await world.connect(track, "/track", undefined, { predict });
      const rolledBack: RolledBack[] = [];
      room.onRolledBack((event) => rolledBack.push(event));
      room.input({ speed: 20 });
      const own = room.me?.id ?? 0;
      await draw(world, room, own, 3_000);
      await world.stop();
      world.store.saves = "fail";
      await world.start(trackRoom);
      await draw(world, room, own, 30_000);
      const seen = room.tick;
      world.crash();
      await draw(world, room, own, 500);
      await world.start(trackRoom);
      await world.when("the client is back", () => room.connection.state === "joined");
      expect(rolledBack).toMatchObject([{ from: seen }]);
      expect(room.tick).toBeLessThan(seen / 2);
      // Until inputs flow again and the view has its two ticks.
      await draw(world, room, own, 1_000);
      const { mispredictions } = room.statistics;
      room.input({ honk: true });
      const drawn = await draw(world, room, own, 3_000);
      expect(room.me?.honks).toBe(1);
      for (const step of steps(drawn.map(({ own }) => own))) expect(step).toBeCloseTo(0.32, 1);
      for (const step of steps(drawn.map(({ tick }) => tick))) expect(step).toBeGreaterThan(0.25);
      expect(room.tick - (drawn.at(-1)?.tick ?? 0)).toBeLessThan(3);
      expect(room.statistics.mispredictions).toBe(mispredictions);
      expect(room.intendedTimeOf(room.tick)?.at).toBeCloseTo(world.clock.now(), -2);
      room.input({ speed: 0 });
      await world.run(500);
      const { messagesSent } = room.statistics;
      await world.run(3_000);
      // Six acknowledgements and three pings.
      expect(room.statistics.messagesSent - messagesSent).toBe(9);
      expect(world.errors).toEqual([]);
    });
});

describe("[CKP-28] behind a stop everything that was told is heard once", () => {
  test("near a point and in groups as well, by one who lost the connection a moment before", async () => {
    const heard: number[] = [];
    const clan: number[] = [];
    const room = defineRoom(meadow, {
      graceMs: 20_000,
      interest: { cellSize: MEADOW_CELL },
      join(_room, player) {
        player.groups.add("grey");
      },
      tick(room) {
        room.near(1, 1).broadcast("rustle", { n: room.tick % 10_000, from: undefined });
        room.group("grey").broadcast("rustle", { n: 10_000 + (room.tick % 10_000), from: undefined });
      },
    });
    const world = new RestartedWorld();
    await world.start(room);
    const ada = await world.connect(meadow, "/meadow");
    ada.room.on("rustle", ({ n }) => (n < 10_000 ? heard : clan).push(n));
    for (let round = 0; round < 4; round++) {
      await world.run(1_000);
      // What is on its way from here on does not arrive.
      ada.link.pauseReading();
      await world.run(600);
      ada.link.cut();
      await world.stop();
      await world.run(round * 400);
      await world.start(room);
      await world.when("she is back", () => ada.room.connection.state === "joined");
    }
    await world.run(500);
    const { tick } = world.core(ada.room);
    expect([isConsecutive(heard), heard.at(-1)]).toEqual([true, tick]);
    expect([isConsecutive(clan), clan.at(-1)]).toEqual([true, 10_000 + tick]);
    expect(world.errors).toEqual([]);
  });
});
