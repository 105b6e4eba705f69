import { Bus } from "../../server/bus.ts";
import { defaultLimits } from "../../server/limits.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { RoomCore } from "../../server/room/room-core.ts";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { tick } from "../../shared/tick/tick.ts";

/** Nothing happens on it by itself: the recorder steps the room. */
const stillClock: Clock = { now: () => 0, after: () => () => {}, soon: () => () => {} };

/**
 * The frames that a room publishes to everyone, by tick from 1 to `ticks`: byte for byte those of a server
 * that runs the same room with the same seed, whoever is in it.
 */
export function recordFrames(definition: RoomDefinition, seed: number, ticks: number): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let closedBy: Uint8Array | undefined;
  let failure: unknown;
  const bus = new Bus();
  bus.on("hookFailed", ({ error }) => {
    failure ??= error;
  });
  const room = new RoomCore({
    game: definition.game,
    layout: gameLayout(definition.game.description),
    config: definition.config,
    id: "recorded",
    topicPrefix: "recorded",
    options: undefined,
    loaded: undefined,
    random: seededRandom(seed),
    clock: stillClock,
    clockId: undefined,
    transport: {
      // The encoder writes the next frame behind this one, in the same block of memory.
      publish: (_topic, frame) => {
        closedBy = frame.slice();
      },
      afterFlush: () => () => {},
    },
    bus,
    limits: defaultLimits,
    secret: () => "nobody joins",
    onClosed: () => {},
  });
  room.open(new TickScheduler(stillClock));
  for (let n = 1; n <= ticks; n++) {
    closedBy = undefined;
    room.step(tick(n), { dueAt: 0, latenessMs: 0, publish: true });
    if (failure !== undefined || closedBy === undefined)
      throw new Error(`tick ${n} could not be recorded`, { cause: failure });
    frames[n] = closedBy;
  }
  return frames;
}
