/**
 * The peer Colyseus 0.18, written as its documentation does: a `schema()` with `t.*` fields, the positions
 * quantised, a map of units, a room with `messages`, and clients that come by seat reservation.
 *
 * "default" is a room as the documentation has it: one interval for the simulation, another one for patches.
 * "aligned" has neither: each tick runs at its intended time and sends its patch at its end.
 */
import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { flight, servePeer } from "../../../dist/bench/peers/serve-peer.js";

const Unit = schema(
  {
    name: t.string(),
    x: t.quantized({ min: 0, max: flight.width }),
    y: t.quantized({ min: 0, max: flight.width }),
    heading: t.angle(),
    hp: t.uint8(),
  },
  "Unit",
);

// The first two stand at the beginning of every patch, where a lean client finds them.
const FanoutState = schema({ tick: t.uint32(), begunAt: t.float64(), units: t.map(Unit) }, "FanoutState");

function fanoutRoom(host, loop) {
  return class FanoutRoom extends Room {
    maxClients = host.spec.clients;
    autoDispose = false;
    state = new FanoutState();
    messages = {
      ping: (client) => client.sendBytes("pong", host.pong()),
    };

    onCreate() {
      const launch = flight.launcher();
      const flying = Array.from({ length: flight.rows }, (_, i) => {
        const { unit, motion } = launch();
        const row = new Unit().assign({ name: `unit ${i}`, ...unit, hp: 100 });
        this.state.units.set(String(i), row);
        return { row, motion };
      });
      const step = (tick, dt) => {
        this.state.tick = tick;
        for (const { row, motion } of flying) flight.fly(row, motion, dt);
      };
      const { periodMs } = host;
      if (loop === "aligned") {
        this.patchRate = null;
        host.runTicks((tick) => {
          step(tick, periodMs / 1000);
          this.broadcastPatch();
          return undefined;
        });
      } else {
        this.patchRate = periodMs;
        this.setTimestep((deltaMs) => {
          const { tick, begunAt } = host.stepBegins();
          this.state.begunAt = begunAt;
          step(tick, deltaMs / 1000);
        }, periodMs);
      }
    }

    onJoin(client) {
      client.sendBytes("welcome", host.welcome());
    }
  };
}

/**
 * @param {object} options
 * @param {() => import("@colyseus/core").Transport} options.transport
 * @param {(transport: import("@colyseus/core").Transport) => number} options.port that it listens on
 * @param {"default" | "aligned"} options.loop
 */
export function serveColyseus({ loop, ...over }) {
  serveRoom("fanout", (host) => fanoutRoom(host, loop), over);
}

/** Serves rooms of one class, which is made once the benchmark has said what is played. */
export function serveRoom(name, roomFor, { transport, port }) {
  servePeer(async (host) => {
    const way = transport();
    const server = new Server({ transport: way, greet: false, gracefullyShutdown: false });
    server.define(name, roomFor(host));
    await server.listen(0, "127.0.0.1");
    return port(way);
  });
}
