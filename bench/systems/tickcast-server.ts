/** A process of the benchmark: Tickcast as it serves in production, on a port of this machine. */
import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { HashTicks } from "../run/hash-ticks.ts";
import type { RunSpec } from "../run/messages.ts";
import { roomId } from "../run/rooms.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { burnCpu } from "./burn-cpu.ts";
import { ServerMeter } from "./server-meter.ts";
import { sightHashes } from "./sight-hashes.ts";

const clock = new NodeClock();
const meter = new ServerMeter(clock);

serveParent({
  async start(spec) {
    const bus = new Bus();
    const id = clockId();
    const definition = benchRoom(spec);
    let made = 0;
    let players = 0;
    const server = new GameServer({
      rooms: [definition],
      transport: new UwsTransport(),
      clock,
      ...(id !== undefined && { clockId: id }),
      bus,
      roomId: () => roomId(made++),
      secret: () => `player${players++}`,
      seed: () => BENCH_SEED,
    });
    bus.on("hookFailed", ({ error }) => fail(error));
    bus.on("listenerFailed", ({ error }) => fail(error));
    bus.on("transportFailed", ({ error }) => fail(error));
    bus.on("tickSlipped", () => meter.slipped());
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    const played = new Map<string, RoomCore>();
    while (played.size < spec.rooms) {
      const room = await server.matchmaker.create({ game: definition.game.spec.name, options: undefined });
      if ("refused" in room) throw new Error(`the room was refused: ${room.refused}`);
      played.set(room.name.id, room);
    }
    observe(bus, played, spec);
    if (spec.slowDown !== undefined && spec.slowDown > 0) burnCpu(bus, spec.slowDown);
    tell({ type: "ready", port });
  },
  async measure(window) {
    tell({ type: "measured", figures: await meter.measure(window) });
  },
});

/**
 * Watches the rooms that are played in, and no others. Where mirrors compare it, hashes their state in a few
 * ticks, after their frames have gone out, so that no latency has it in it.
 */
function observe(bus: Bus, played: ReadonlyMap<string, RoomCore>, spec: RunSpec): void {
  const hashTicks = new HashTicks(spec);
  bus.on("tickDone", (report) => {
    const { tick, latenessMs } = report;
    const room = played.get(report.room.id);
    if (room === undefined) return;
    meter.ticked(tick, latenessMs, report);
    const [from, to] = hashTicks.dueAfter(tick);
    if (from < to) setImmediate(() => hash(room, tick, from, to));
  });
  bus.on("inputLate", ({ appliedTick }) => meter.inputLate(appliedTick));
}

/** What everyone sees, or where that differs, what each of these mirrors does: their rows have their numbers. */
function hash(room: RoomCore, tick: number, from: number, to: number): void {
  if (room.sight === undefined) {
    const seen = room.state.hash();
    for (let mirror = from; mirror < to; mirror++) meter.hashed(tick, seen, mirror);
    return;
  }
  const mirrors = new Map<Seat, number>();
  for (const seat of room.seats) {
    const number = seat.row?.number as number;
    if (number >= from && number < to) mirrors.set(seat, number);
  }
  const hashes = sightHashes(room.state, [...mirrors.keys()]);
  for (const [{ id }, number] of mirrors) meter.hashed(tick, hashes.get(id) ?? "", number);
}

function fail(error: unknown): void {
  tell({ type: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
