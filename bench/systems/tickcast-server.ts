/** A process of the benchmark: Tickcast as it serves in production, on a port of this machine. */
import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import { defaultLimits } from "../../server/limits.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { HashTicks } from "../run/hash-ticks.ts";
import type { RunSpec } from "../run/messages.ts";
import { roomId, roomOfClient } from "../run/rooms.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { burnCpu } from "./burn-cpu.ts";
import { CuttableTransport } from "./cuttable-transport.ts";
import { ServerMeter } from "./server-meter.ts";
import { sightHashes } from "./sight-hashes.ts";
import type { Watch } from "./watch.ts";
import { watchOf } from "./watches.ts";

/** A room that clients play in, and which of them it is. */
interface Played {
  readonly room: RoomCore;
  readonly index: number;
}

const clock = new NodeClock();
const meter = new ServerMeter(clock);
/** What the run's scenario looks at beside what all do. */
let watch: Watch | undefined;

serveParent({
  async start(spec) {
    const bus = new Bus();
    const id = clockId();
    const definition = benchRoom(spec);
    let made = 0;
    let players = 0;
    // Its listeners are one call longer: only where it is to cut.
    const cuttable = spec.cuts === undefined ? undefined : new CuttableTransport();
    const server = new GameServer({
      rooms: [definition],
      transport: cuttable ?? new UwsTransport(),
      clock,
      ...(id !== undefined && { clockId: id }),
      bus,
      roomId: () => roomId(made++),
      secret: () => `player${players++}`,
      seed: () => BENCH_SEED,
      limits: { maxRooms: Math.max(defaultLimits.maxRooms, spec.rooms) },
    });
    bus.on("hookFailed", ({ error }) => fail(error));
    bus.on("listenerFailed", ({ error }) => fail(error));
    bus.on("transportFailed", ({ error }) => fail(error));
    bus.on("tickSlipped", ({ skippedMs }) => meter.slipped(skippedMs));
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    const played = new Map<string, Played>();
    while (played.size < spec.rooms) {
      const room = await server.matchmaker.create({ game: definition.game.spec.name, options: undefined });
      if ("refused" in room) throw new Error(`the room was refused: ${room.refused}`);
      played.set(room.name.id, { room, index: played.size });
    }
    observe(bus, played, spec);
    const [first] = played.values();
    if (first !== undefined) {
      const { room } = first;
      watch = watchOf({ bus, room, clock, spec, cutAll: () => cuttable?.cutAll() ?? 0 });
    }
    if (spec.slowDown !== undefined && spec.slowDown > 0) burnCpu(bus, spec.slowDown);
    tell({ type: "ready", port });
  },
  async measure(window) {
    watch?.begin(window);
    const figures = await meter.measure(window);
    tell({ type: "measured", figures: { ...figures, ...watch?.figures() } });
  },
});

/**
 * Watches the rooms that are played in, and no others. Where mirrors compare it, hashes their state in a few
 * ticks, after their frames have gone out, so that no latency has it in it.
 */
function observe(bus: Bus, played: ReadonlyMap<string, Played>, spec: RunSpec): void {
  const hashTicks = new HashTicks(spec);
  bus.on("tickDone", (report) => {
    const { tick, latenessMs } = report;
    const there = played.get(report.room.id);
    if (there === undefined) return;
    meter.ticked(tick, latenessMs, report);
    const [from, to] = hashTicks.dueAfter(tick);
    const due: number[] = [];
    for (let mirror = from; mirror < to; mirror++)
      if (roomOfClient(spec, mirror) === there.index) due.push(mirror);
    if (due.length > 0) setImmediate(() => hash(there.room, tick, due));
  });
  bus.on("inputLate", ({ appliedTick }) => meter.inputLate(appliedTick));
}

/** What everyone sees, or where that differs, what each of these mirrors does: their rows have their numbers. */
function hash(room: RoomCore, tick: number, due: readonly number[]): void {
  // Where a tick is so late that the next one is due behind it, that one follows at once.
  if (room.state.committedTick !== tick) {
    for (const mirror of due) meter.hashed(tick, null, mirror);
    return;
  }
  if (room.sight === undefined) {
    const seen = room.state.hash();
    for (const mirror of due) meter.hashed(tick, seen, mirror);
    return;
  }
  const mirrors = new Map<Seat, number>();
  for (const seat of room.seats) {
    const number = seat.row?.number as number;
    if (due.includes(number)) mirrors.set(seat, number);
  }
  const hashes = sightHashes(room.state, [...mirrors.keys()]);
  for (const [{ id }, number] of mirrors) meter.hashed(tick, hashes.get(id) ?? "", number);
}

function fail(error: unknown): void {
  tell({ type: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
