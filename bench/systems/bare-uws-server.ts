/**
 * A process of the benchmark: what uWebSockets.js alone costs. It publishes to one topic the very bytes that
 * Tickcast's room would, in the same ticks by the same scheduler, and takes the same messages; it keeps no
 * state, knows no players and judges nothing.
 */
import type { WebSocket } from "uWebSockets.js";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { loadUws } from "../../server/transport/uws/load-uws.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, type PongFrame, ServerFrame, type WelcomeFrame } from "../../shared/protocol/frames.ts";
import { tick as toTick } from "../../shared/tick/tick.ts";
import { frameType } from "../load/frame-head.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { bareBehaviour, listenOnLoopback } from "./bare-listen.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { recordFrames } from "./recorded-frames.ts";
import { ServerMeter } from "./server-meter.ts";

const TOPIC = "everyone";

const clock = new NodeClock();
const meter = new ServerMeter(clock);

serveParent({
  async start(spec) {
    const frames = recordFrames(benchRoom(spec), BENCH_SEED, spec.maxTicks);
    const uws = loadUws();
    const app = uws.App();
    const pong: PongFrame = [ServerFrame.pong, 1234.5, clock.now()];
    const pongBytes = encode(pong).slice();
    let at = 0;

    const schedule = new TickScheduler(clock).add(
      {
        step(n, { latenessMs, publish }) {
          at = n;
          const frame = frames[n];
          if (frame === undefined) throw new Error(`the run has more than ${spec.maxTicks} ticks`);
          if (!publish) return;
          app.publish(TOPIC, frame, true);
          meter.ticked(n, latenessMs);
        },
        slipped: () => meter.slipped(),
      },
      spec.hz,
      toTick(1),
    );

    const greet = (socket: WebSocket<unknown>): void => {
      const welcome: WelcomeFrame = [
        ServerFrame.welcome,
        0,
        at,
        schedule.epoch,
        clockId() ?? null,
        1,
        0,
        1,
        "bench",
        null,
      ];
      socket.send(encode(welcome), true);
      socket.subscribe(TOPIC);
    };

    app.ws("/*", {
      ...bareBehaviour(uws),
      message: (socket, message) => {
        switch (frameType(new Uint8Array(message), 0)) {
          case ClientFrame.hello:
            greet(socket);
            return;
          case ClientFrame.ping:
            socket.send(pongBytes, true);
        }
      },
    });
    tell({ type: "ready", port: await listenOnLoopback(app, uws) });
  },
  async measure(window) {
    tell({ type: "measured", figures: await meter.measure(window) });
  },
});
