import { Bus } from "../../server/bus.ts";
import { readCheckpoint } from "../../server/checkpoint/checkpoint-format.ts";
import { takeCheckpoint } from "../../server/checkpoint/room-checkpoint.ts";
import { defaultLimits } from "../../server/limits.ts";
import { RoomCore } from "../../server/room/room-core.ts";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { tick } from "../../shared/tick/tick.ts";
import { crowd } from "../scenarios/crowd.ts";
import { BENCH_SEED } from "../systems/bench-room.ts";
import type { CodecTask } from "./codec-tasks.ts";

const HZ = 20;

/** Nothing happens on it by itself. */
const stillClock: Clock = { now: () => 0, after: () => () => {}, soon: () => () => {} };

const nobody = {
  open: true,
  send: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  bufferedBytes: () => 0,
  joined: () => {},
  end: () => {},
};

/**
 * What saving a room takes between two of its ticks, up to the bytes that the store gets: a crowd of players, each with a
 * row, a seat and cells that they follow.
 *
 * @throws Error where the checkpoint is not the room's
 */
export function checkpointTask(players: number): CodecTask {
  const definition = crowd.room(HZ, players);
  let secrets = 0;
  const room = new RoomCore({
    game: definition.game,
    layout: gameLayout(definition.game.description),
    config: definition.config,
    id: "crowd",
    topicPrefix: "0",
    options: undefined,
    loaded: undefined,
    random: seededRandom(BENCH_SEED),
    clock: stillClock,
    clockId: undefined,
    transport: { publish: () => {}, afterFlush: () => () => {} },
    bus: new Bus(),
    limits: { ...defaultLimits, joinsPerSecond: 1e9 },
    secret: () => `secret ${secrets++}`,
    onClosed: () => {},
  });
  room.open(new TickScheduler(stillClock));
  for (let number = 0; number < players; number++)
    room.attendance.enter(nobody, crowd.joinOf?.(number), { user: number });
  for (let n = 1; n <= 3; n++) room.step(tick(n), { dueAt: 0, latenessMs: 0, publish: true });

  const run = (): Uint8Array => {
    const taken = takeCheckpoint(room, "running", { timeOfDay: () => 0, maxBytes: Number.POSITIVE_INFINITY });
    if (taken.state !== "taken") throw new Error(`a room of ${players} cannot be saved: ${taken.state}`);
    return taken.bytes;
  };
  const read = readCheckpoint(run());
  if (!read.ok || read.saved.image.seats.length !== players)
    throw new Error(`${players} players were not saved as they are`);
  return {
    name: "checkpoint",
    says: "all of a room with so many players, to bytes",
    rows: players,
    items: players,
    run,
  };
}
