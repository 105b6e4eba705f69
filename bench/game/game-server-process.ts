/** A process of the benchmark: somebody's own game, as Tickcast serves it. Rooms are made as players come. */
import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { roomId } from "../run/rooms.ts";
import { BENCH_SEED } from "../systems/bench-room.ts";
import { ServerMeter } from "../systems/server-meter.ts";
import { gameSpec } from "./game-spec.ts";
import { loadGame } from "./load-game.ts";

const clock = new NodeClock();
const meter = new ServerMeter(clock);

serveParent({
  async start(spec) {
    const { modules } = gameSpec(spec);
    const { room } = await loadGame({ room: new URL(modules.room), bot: new URL(modules.bot) });
    const id = clockId();
    const bus = new Bus();
    let made = 0;
    let players = 0;
    const server = new GameServer({
      rooms: [room],
      transport: new UwsTransport(),
      clock,
      ...(id !== undefined && { clockId: id }),
      bus,
      roomId: () => roomId(made++),
      secret: () => `player${players++}`,
      seed: () => BENCH_SEED,
    });
    bus.on("hookFailed", ({ where, error }) => fail(`the room's ${where.hook} failed: ${said(error)}`));
    bus.on("listenerFailed", ({ error }) => fail(said(error)));
    bus.on("transportFailed", ({ error }) => fail(said(error)));
    bus.on("tickSlipped", () => meter.slipped());
    bus.on("tickDone", (report) => meter.ticked(report.tick, report.latenessMs, report));
    bus.on("inputLate", ({ appliedTick }) => meter.inputLate(appliedTick));
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    tell({ type: "ready", port });
  },
  async measure(window) {
    tell({ type: "measured", figures: await meter.measure(window) });
  },
});

function fail(message: string): void {
  tell({ type: "failed", message });
}

const said = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
