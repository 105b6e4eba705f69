import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectBot } from "../bots/bot.ts";
import { type BotDefinition, defineBot } from "../bots/define-bot.ts";
import { percentilesOf } from "../bots/histogram.ts";
import { Swarm } from "../bots/swarm.ts";
import { planSwarm } from "../bots/swarm-plan.ts";
import { connectWith } from "../client/connect.ts";
import { GameServer } from "../server/game-server.ts";
import { defineRoom } from "../server/index.ts";
import { MemoryTransport } from "../server/transport/memory/memory-transport.ts";
import { defineGame, pressed, table, u8, u32 } from "../shared/game.ts";
import { ManualClock } from "./kit/index.ts";
import { openMemorySocket } from "./kit/memory-socket.ts";

const SECOND = 1_000;

const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  state: { sheep: table({ bites: u32, marks: u8 }, { owner: "player" }) },
  input: { bite: pressed() },
  events: { bell: { rings: u8 } },
});

const meadowRoom = defineRoom(meadow, {
  maxPlayers: 5,
  emptyForMs: 0,
  tick(room) {
    for (const player of room.players) if (player.input.bite) player.row.bites += 1;
    room.broadcast("bell", { rings: 1 });
  },
});

const grazing = defineBot(meadow, {
  join: () => undefined,
  tick: (room) => room.input({ bite: true }) as undefined,
});

let clock: ManualClock;
let server: GameServer;
let transport: MemoryTransport;
let connect: ConnectBot;
let settled: boolean;
let failures: { index: number; message: string }[];

beforeEach(async () => {
  clock = new ManualClock();
  transport = new MemoryTransport({ clock });
  let nextRoom = 1;
  let nextSecret = 1;
  server = new GameServer({
    rooms: [meadowRoom],
    transport,
    clock,
    clockId: "test",
    scheduler: { spinBelowRooms: 0 },
    roomId: () => `room${nextRoom++}`,
    secret: () => `secret${nextSecret++}`,
    seed: () => 1,
  });
  await server.listen({ host: "memory", port: 0 });
  const openSocket = openMemorySocket(transport);
  connect = (game, url, join, report) =>
    connectWith({ openSocket, clock, clockId: "test", report, reconnectWithinMs: 0 }).connect(
      game,
      url,
      join,
    );
  settled = false;
  failures = [];
});

afterEach(async () => {
  const stopped = server.stop();
  await clock.run(2 * SECOND);
  await stopped;
});

function swarmOf(definition: BotDefinition, bots: number, path = "/meadow", seed = 1): Swarm {
  return new Swarm(
    planSwarm({ bots, rampPerSecond: 10, threads: 1 })[0] ?? [],
    { definition, url: `ws://memory${path}`, seed, connect, clock },
    {
      settled: () => {
        settled = true;
      },
      failed: (index, error) => failures.push({ index, message: String(error) }),
    },
  );
}

/** Waits for a promise while time runs. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  await clock.run(ms);
  return promise;
}

describe("Swarm", () => {
  test("[BOT-1] bots join one by one, and play by the real SDK", async () => {
    const swarm = swarmOf(grazing, 5);
    swarm.start();
    await clock.run(250);
    expect(swarm.progress.joined).toBe(3);
    expect(settled).toBe(false);
    await clock.run(SECOND);
    expect(settled).toBe(true);
    expect(swarm.progress).toEqual({ joined: 5, playing: 5, refused: 0, disconnected: 0, missedTicks: 0 });
    const [room] = server.matchmaker.rooms.values();
    expect(room?.seats.size).toBe(5);
    await within(SECOND, swarm.leave());
  });

  test("[BOT-3] latency is counted from intended times, here 0 but for the way through memory, for every tick", async () => {
    const swarm = swarmOf(grazing, 5);
    swarm.start();
    await clock.run(SECOND);
    swarm.measure();
    await clock.run(10 * SECOND);
    await within(SECOND, swarm.leave());
    const { measurements } = swarm;
    expect(measurements.ticksClosed).toBe(5 * 200);
    expect(measurements.latency.count).toBe(5 * 200);
    expect(measurements.sharedLatencies).toBe(5 * 200);
    expect(percentilesOf(measurements.latency)?.max).toBe(0.001);
    expect(percentilesOf(measurements.gaps)?.p50).toBeCloseTo(50, 0);
    expect(measurements.botSeconds).toBeCloseTo(50, 6);
    expect(measurements.framesReceived).toBeGreaterThanOrEqual(5 * 200);
    expect(measurements.bytesReceived).toBeGreaterThan(measurements.framesReceived);
    expect(measurements.bytesSent).toBeGreaterThan(0);
  });

  test("[BOT-17] a server that stands still for five seconds slips, for all bots once, and none of its ticks is lost", async () => {
    const swarm = swarmOf(grazing, 5);
    swarm.start();
    await clock.run(SECOND);
    swarm.measure();
    await clock.run(5 * SECOND);
    clock.block(5 * SECOND);
    await clock.run(2 * SECOND);
    await within(SECOND, swarm.leave());
    const { measurements, outcomes } = swarm;
    const skipped = 5 * 20 - 1;
    expect(outcomes.slips).toEqual({ room1: { count: 1, ms: skipped * 50 } });
    expect(measurements.latency.count).toBe(5 * 12 * 20);
    expect(measurements.ticksClosed).toBe(5 * (12 * 20 - skipped));
    expect(percentilesOf(measurements.latency)?.p99).toBeGreaterThan(4 * SECOND);
    expect(outcomes).toMatchObject({ missedTicks: 0, overdueTicks: 0 });
  });

  test("[BOT-17] who joins after a slip, or when others leave, has seen none", async () => {
    const early = swarmOf(grazing, 2);
    early.start();
    await clock.run(SECOND);
    clock.block(SECOND);
    await clock.run(SECOND);
    const late = swarmOf(grazing, 3);
    late.start();
    await clock.run(200);
    await within(2 * SECOND, early.leave());
    await within(SECOND, late.leave());
    expect(early.outcomes.slips).toMatchObject({ room1: { count: 1 } });
    expect(late.outcomes).toMatchObject({ joined: 3, slips: {}, overdueTicks: 0 });
  });

  test("[BOT-18] ticks of a server that stands still to the end of the run never came", async () => {
    const swarm = swarmOf(grazing, 5);
    swarm.start();
    await clock.run(SECOND);
    swarm.measure();
    clock.block(3 * SECOND);
    await within(SECOND, swarm.leave());
    expect(swarm.outcomes).toMatchObject({ overdueTicks: 5 * 58, slips: {}, disconnects: {} });
  });

  test("[BOT-11] bots that leave are no disconnects, and their seats are free", async () => {
    const swarm = swarmOf(grazing, 3);
    swarm.start();
    await clock.run(SECOND);
    await within(SECOND, swarm.leave());
    expect(swarm.outcomes).toMatchObject({
      joined: 3,
      disconnects: {},
      refused: {},
      missedTicks: 0,
      failed: 0,
    });
    expect(swarm.progress.playing).toBe(0);
    expect([...server.sessions]).toEqual([]);
  });

  test("[BOT-11] a behaviour that leaves ends its bot, and is no disconnect either", async () => {
    const leaving = defineBot(meadow, { join: () => undefined, tick: (room) => void room.leave() });
    const swarm = swarmOf(leaving, 2);
    swarm.start();
    await clock.run(SECOND);
    expect(swarm.progress).toMatchObject({ joined: 2, playing: 0, disconnected: 0 });
  });

  test("[BOT-12] connections that the server ends count by the name of their close code", async () => {
    const swarm = swarmOf(grazing, 3);
    swarm.start();
    await clock.run(SECOND);
    for (const room of server.matchmaker.rooms.values()) room.close("room-restarting");
    await clock.run(SECOND);
    expect(swarm.outcomes.disconnects).toMatchObject({ "room-restarting": { count: 3 } });
    expect(swarm.progress).toMatchObject({ playing: 0, disconnected: 3 });
  });

  test("[BOT-12] bots that cannot join count as refused by the name of the close code, with the SDK's sentence", async () => {
    const swarm = swarmOf(grazing, 4, "/meadow/nowhere");
    swarm.start();
    await clock.run(SECOND);
    expect(settled).toBe(true);
    expect(swarm.outcomes).toMatchObject({ joined: 0, refused: { "no-such-room": { count: 4 } } });
    expect(swarm.outcomes.refused["no-such-room"]?.example).toContain("ws://memory/meadow/nowhere");
  });

  test("[BOT-12] a server that cannot be reached refuses as `abnormal`", async () => {
    transport.stopListening();
    const swarm = swarmOf(grazing, 2);
    swarm.start();
    await clock.run(SECOND);
    expect(swarm.outcomes.refused).toMatchObject({ abnormal: { count: 2 } });
  });

  test("[BOT-13] a behaviour that throws is reported once, its bot leaves, the others play on", async () => {
    const faulty = defineBot(meadow, {
      join: () => undefined,
      tick(_room, { index }) {
        if (index === 1) throw new Error("a bug");
      },
    });
    const swarm = swarmOf(faulty, 3);
    swarm.start();
    await clock.run(3 * SECOND);
    expect(failures).toEqual([{ index: 1, message: "Error: a bug" }]);
    expect(swarm.outcomes).toMatchObject({ joined: 3, failed: 1, disconnects: {} });
    expect(swarm.progress.playing).toBe(2);
    const [room] = server.matchmaker.rooms.values();
    expect(room?.seats.size).toBe(2);
  });

  test("[BOT-13] so is one whose listeners throw", async () => {
    const faulty = defineBot(meadow, {
      join: () => undefined,
      start(room) {
        room.on("bell", () => {
          throw new Error("too loud");
        });
      },
    });
    const swarm = swarmOf(faulty, 2);
    swarm.start();
    await clock.run(3 * SECOND);
    expect(failures.map(({ index }) => index)).toEqual([0, 1]);
    expect(failures[0]?.message).toBe("Error: too loud");
    expect(swarm.progress).toMatchObject({ playing: 0, disconnected: 0 });
  });

  test("[BOT-13] so is one that throws before it joins", async () => {
    const faulty = defineBot(meadow, {
      join: () => {
        throw new Error("no name");
      },
    });
    const swarm = swarmOf(faulty, 2);
    swarm.start();
    await clock.run(SECOND);
    expect(failures.map(({ message }) => message)).toEqual(["Error: no name", "Error: no name"]);
    expect(settled).toBe(true);
    expect(swarm.outcomes).toMatchObject({ joined: 0, failed: 2, refused: {} });
  });

  test("[BOT-14] bots that have not connected when the run ends never do", async () => {
    const swarm = swarmOf(grazing, 5);
    swarm.start();
    await clock.run(250);
    await within(SECOND, swarm.leave());
    await clock.run(SECOND);
    expect(swarm.progress).toMatchObject({ joined: 3, playing: 0 });
    expect([...server.sessions]).toEqual([]);
  });

  test("[BOT-14] a bot that is connecting when the run ends is given up, and leaves the room it gets", async () => {
    const swarm = swarmOf(grazing, 1);
    swarm.start();
    clock.advance(0);
    await swarm.leave();
    await clock.run(SECOND);
    expect(swarm.outcomes).toMatchObject({ joined: 0, refused: {}, failed: 0 });
    expect([...server.sessions]).toEqual([]);
  });

  test("[BOT-15] a bot's chance follows from seed and index alone, and no two bots share it", async () => {
    const drawn = async (seed: number): Promise<number[]> => {
      const numbers: number[] = [];
      const drawing = defineBot(meadow, {
        join: ({ random }) => void numbers.push(random()),
        memory: ({ random }) => void numbers.push(random()),
      });
      const swarm = swarmOf(drawing, 5, "/meadow", seed);
      swarm.start();
      await clock.run(SECOND);
      await within(SECOND, swarm.leave());
      return numbers;
    };
    const first = await drawn(1);
    expect(await drawn(1)).toEqual(first);
    const other = await drawn(2);
    expect(new Set([...first, ...other]).size).toBe(20);
  });
});
