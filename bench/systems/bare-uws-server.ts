/**
 * A process of the benchmark: what uWebSockets.js alone costs. It publishes to a topic for each room the very
 * bytes that Tickcast's would, in the same ticks by the same scheduler, and takes the same messages; it keeps no
 * state, knows no players and judges nothing.
 */
import type { WebSocket } from "uWebSockets.js";
import { type ScheduledTask, TickScheduler, type TickTask } from "../../server/tick/tick-scheduler.ts";
import { loadUws } from "../../server/transport/uws/load-uws.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, type PongFrame, ServerFrame, type WelcomeFrame } from "../../shared/protocol/frames.ts";
import { tick as toTick } from "../../shared/tick/tick.ts";
import { frameType } from "../load/frame-head.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { roomAt, roomId } from "../run/rooms.ts";
import { bareBehaviour, listenOnLoopback } from "./bare-listen.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { recordFrames } from "./recorded-frames.ts";
import { ServerMeter } from "./server-meter.ts";

/** What everyone in a room hears: its topic, where in its ticks it is, and when they began. */
interface Stage {
  readonly topic: string;
  at: number;
  readonly schedule: ScheduledTask;
}

const clock = new NodeClock();
const meter = new ServerMeter(clock);

serveParent({
  async start(spec) {
    const frames = recordFrames(benchRoom(spec), BENCH_SEED, spec.maxTicks);
    const uws = loadUws();
    const app = uws.App();
    const pong: PongFrame = [ServerFrame.pong, 1234.5, clock.now()];
    const pongBytes = encode(pong).slice();
    const scheduler = new TickScheduler(clock);

    const stages = Array.from({ length: spec.rooms }, (_, index): Stage => {
      const topic = roomId(index);
      const task: TickTask = {
        step(n, { latenessMs, publish }) {
          stage.at = n;
          const frame = frames[n];
          if (frame === undefined) throw new Error(`the run has more than ${spec.maxTicks} ticks`);
          if (!publish) return;
          app.publish(topic, frame, true);
          meter.ticked(n, latenessMs);
        },
        slipped: () => meter.slipped(),
      };
      const stage: Stage = { topic, at: 0, schedule: scheduler.add(task, spec.hz, toTick(1)) };
      return stage;
    });

    const greet = (socket: WebSocket<Stage>): void => {
      const { at, schedule, topic } = socket.getUserData();
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
      socket.subscribe(topic);
    };

    app.ws<Stage>("/*", {
      ...bareBehaviour<Stage>(uws),
      upgrade: (response, request, context) => {
        const stage = stages[roomAt(request.getUrl())];
        const header = (name: string): string => request.getHeader(`sec-websocket-${name}`);
        if (stage === undefined) response.writeStatus("404").end();
        else response.upgrade(stage, header("key"), header("protocol"), header("extensions"), context);
      },
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
