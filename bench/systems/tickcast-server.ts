/** A process of the benchmark: Tickcast as it serves in production, on a port of this machine. */
import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { hashEveryTicks } from "../run/hash-ticks.ts";
import type { RunSpec } from "../run/messages.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { ServerMeter } from "./server-meter.ts";

const clock = new NodeClock();
const meter = new ServerMeter(clock);

serveParent({
  async start(spec) {
    const bus = new Bus();
    const id = clockId();
    const definition = benchRoom(spec);
    const server = new GameServer({
      rooms: [definition],
      transport: new UwsTransport(),
      clock,
      ...(id !== undefined && { clockId: id }),
      bus,
      roomId: () => "bench",
      seed: () => BENCH_SEED,
    });
    bus.on("hookFailed", ({ error }) => fail(error));
    bus.on("listenerFailed", ({ error }) => fail(error));
    bus.on("transportFailed", ({ error }) => fail(error));
    bus.on("tickSlipped", () => meter.slipped());
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    const room = await server.matchmaker.create({ game: definition.game.spec.name, options: undefined });
    if ("refused" in room) throw new Error(`the room was refused: ${room.refused}`);
    observe(bus, room, spec);
    tell({ type: "ready", port });
  },
  async measure(window) {
    tell({ type: "measured", figures: await meter.measure(window) });
  },
});

/** Hashes a few ticks, after their frames have gone out, so that no latency has it in it. */
function observe(bus: Bus, room: RoomCore, spec: RunSpec): void {
  const every = hashEveryTicks(spec.hz);
  bus.on("tickDone", ({ tick, latenessMs }) => {
    meter.ticked(tick, latenessMs);
    if (tick % every === 0) setImmediate(() => meter.hashed(tick, room.state.hash()));
  });
}

function fail(error: unknown): void {
  tell({ type: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
