/**
 * A process of the benchmark: what uWebSockets.js alone costs for a room with interest. The room has been
 * played in memory by the same script; what it asked of its transport is done again, tick by tick and call by
 * call, with the same scheduler: the same frames published to the same topics, the same keyframes sent to the
 * same clients, the same subscriptions changed, in the same order.
 *
 * What is fair about it: the sizes, counts, targets and order of everything that leaves are those of the room,
 * and so are the messages that come in, as the same load sends them. What it saves is Tickcast's own work: it
 * keeps no state and compares nothing, it has every frame ready before play begins, it holds sockets by number,
 * and of a message it reads the type from the raw bytes and decodes nothing.
 */
import type { WebSocket } from "uWebSockets.js";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { loadUws } from "../../server/transport/uws/load-uws.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type HelloFrame,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { tick as toTick } from "../../shared/tick/tick.ts";
import { frameType } from "../load/frame-head.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { firstSteeredTick } from "../run/measured-window.ts";
import type { RunSpec } from "../run/messages.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";
import { SteeringScript } from "../scenarios/steering-script.ts";
import { bareBehaviour, listenOnLoopback } from "./bare-listen.ts";
import { BENCH_SEED, benchRoom } from "./bench-room.ts";
import { Preparation } from "./preparation.ts";
import { frameOfTick, type RecordedFrame } from "./recorded-frame.ts";
import { type RecordedPlay, recordPlay } from "./recorded-play.ts";
import { ServerMeter } from "./server-meter.ts";

/** Beyond the end of the window clients stay for so long at most. */
const TAIL_SECONDS = 3;

/** A call with its frame made for the tick it is replayed in. */
type Ready =
  | { readonly kind: "publish"; readonly topic: string; readonly bytes: Uint8Array }
  | { readonly kind: "send"; readonly client: number; readonly bytes: Uint8Array }
  | { readonly kind: "subscribe" | "unsubscribe"; readonly client: number; readonly topic: string };

interface Stage {
  readonly spec: RunSpec;
  readonly play: RecordedPlay;
  /** By tick; absent ticks are those in which everyone stands still. */
  readonly ready: Map<number, readonly Ready[]>;
}

const clock = new NodeClock();
const meter = new ServerMeter(clock);
let stage: Stage | undefined;

serveParent({
  async start(spec) {
    const { joinOf } = scenarioNamed(spec.scenario);
    const play = recordPlay({
      definition: benchRoom(spec),
      seed: BENCH_SEED,
      script: new SteeringScript(spec),
      joinOf: (client) => joinOf?.(client),
      ticks: Math.ceil((spec.warmupSeconds + spec.seconds + TAIL_SECONDS) * spec.hz),
    });
    const ready = new Map<number, readonly Ready[]>();
    stage = { spec, play, ready };
    const uws = loadUws();
    const app = uws.App();
    const sockets: (WebSocket<unknown> | undefined)[] = [];
    const numbers = new Map<WebSocket<unknown>, number>();
    let at = 0;

    const replay = (call: Ready): void => {
      switch (call.kind) {
        case "publish":
          app.publish(call.topic, call.bytes, true);
          return;
        case "send":
          sockets[call.client]?.send(call.bytes, true);
          return;
        case "subscribe":
          sockets[call.client]?.subscribe(call.topic);
          return;
        case "unsubscribe":
          sockets[call.client]?.unsubscribe(call.topic);
      }
    };
    const schedule = new TickScheduler(clock).add(
      {
        step(n, { latenessMs, publish }) {
          at = n;
          if (!publish) return;
          const began = clock.now();
          const calls = ready.get(n);
          if (calls !== undefined) for (const call of calls) replay(call);
          else app.publish(play.roomTopic, quietTick(n), true);
          meter.ticked(n, latenessMs, { stepMs: 0, commitMs: 0, publishMs: clock.now() - began });
        },
        slipped: () => meter.slipped(),
      },
      spec.hz,
      toTick(1),
    );

    const greet = (socket: WebSocket<unknown>, message: ArrayBuffer): void => {
      const [, , , join] = decodeTrusted(new Uint8Array(message)) as HelloFrame;
      const { number } = join as { readonly number: number };
      sockets[number] = socket;
      numbers.set(socket, number);
      const { epoch } = schedule;
      const id = clockId() ?? null;
      const welcome: WelcomeFrame = [ServerFrame.welcome, 0, at, epoch, id, 1, 0, 1, "bench", null];
      socket.send(encode(welcome), true);
      for (const topic of play.subscriptions[number] ?? []) socket.subscribe(topic);
    };

    app.ws("/*", {
      ...bareBehaviour(uws),
      message: (socket, message) => {
        if (frameType(new Uint8Array(message), 0) === ClientFrame.hello) greet(socket, message);
      },
      close: (socket) => {
        const number = numbers.get(socket);
        if (number !== undefined) sockets[number] = undefined;
      },
    });
    tell({ type: "ready", port: await listenOnLoopback(app, uws) });
  },
  async measure(window) {
    if (stage === undefined) throw new Error("there is nothing to replay");
    const preparation = prepare(stage, firstSteeredTick(window, stage.spec));
    const figures = await meter.measure(window);
    tell({ type: "measured", figures: { ...figures, framesMade: preparation.made(window) } });
  },
});

/**
 * Makes all frames for the ticks that they will be sent in: some ticks at a time, well ahead of the play, so that
 * no tick is late for it.
 */
function prepare({ play, ready }: Stage, firstTick: number): Preparation {
  return new Preparation(clock, play.ticks.length, (index) => {
    const n = firstTick + index;
    // What one call sends to many is one array here, too.
    const made = new Map<RecordedFrame, Uint8Array>();
    const bytesOf = (frame: RecordedFrame): Uint8Array => {
      const bytes = made.get(frame) ?? frameOfTick(frame, n);
      made.set(frame, bytes);
      return bytes;
    };
    ready.set(
      n,
      (play.ticks[index] ?? []).map((call): Ready => {
        switch (call.kind) {
          case "publish":
            return { kind: call.kind, topic: call.topic, bytes: bytesOf(call.frame) };
          case "send":
            return { kind: call.kind, client: call.client, bytes: bytesOf(call.frame) };
          default:
            return call;
        }
      }),
    );
  });
}

/** What closes a tick in which nothing happens. */
function quietTick(tick: number): Uint8Array {
  const frame: TickEndFrame = [ServerFrame.tickEnd, tick, tick - 1];
  return encode(frame);
}
