/**
 * What the server of every peer has in common: it answers to the benchmark's parent, and measures itself as
 * Tickcast's server and the bare one do. The peers themselves, in JavaScript and with packages of their own,
 * are in the folders beside this file.
 */
import { CELL_BORDER } from "../../server/room/interest.ts";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, type PongFrame, ServerFrame, type WelcomeFrame } from "../../shared/protocol/frames.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { periodMs, tick as toTick } from "../../shared/tick/tick.ts";
import { frameType } from "../load/frame-head.ts";
import { serveParent, tell } from "../run/child-side.ts";
import type { RunSpec } from "../run/messages.ts";
import { CELL_SIZE, WIDTH as CROWD_WIDTH, goOn, placeOf, walkOf } from "../scenarios/crowd.ts";
import { fly, launch, ROWS, WIDTH } from "../scenarios/fanout.ts";
import { BENCH_SEED, benchRoom } from "../systems/bench-room.ts";
import { recordFrames } from "../systems/recorded-frames.ts";
import { ServerMeter, type TickParts } from "../systems/server-meter.ts";

/** What a peer's server is given. */
export class PeerHost {
  readonly spec: RunSpec;
  readonly periodMs: number;
  readonly #clock: Clock;
  readonly #meter: ServerMeter;
  #epoch = 0;
  #tick = 0;
  #begunAt = 0;

  constructor(spec: RunSpec, meter: ServerMeter, clock: Clock) {
    this.spec = spec;
    this.periodMs = periodMs(spec.hz);
    this.#meter = meter;
    this.#clock = clock;
  }

  /** Now, on the clock that all processes of a run read. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Runs `publish` in every tick, at its intended time, with the very bytes that Tickcast's room sends to
   * everyone in that tick: what is left to the peer is to deliver them.
   */
  publishFrames(publish: (frame: Uint8Array) => void): void {
    const frames = recordFrames(benchRoom(this.spec), BENCH_SEED, this.spec.maxTicks);
    this.runTicks((n) => {
      const frame = frames[n];
      if (frame === undefined) throw new Error(`the run has more than ${this.spec.maxTicks} ticks`);
      publish(frame);
      return undefined;
    });
  }

  /**
   * Runs `step` in every tick, at its intended time, by the scheduler that Tickcast's rooms run by. It may say
   * what its parts took.
   */
  runTicks(step: (tick: number) => TickParts | undefined): void {
    const schedule = new TickScheduler(this.#clock).add(
      {
        step: (n, { latenessMs }) => {
          this.#tick = n;
          this.#meter.ticked(n, latenessMs, step(n));
        },
        slipped: () => this.#meter.slipped(),
      },
      this.spec.hz,
      toTick(1),
    );
    this.#epoch = schedule.epoch;
  }

  /**
   * For a peer with a loop of its own, at the start of each of its steps. Such a loop promises no times, so
   * lateness is what a step began later than a period after the one before.
   *
   * @returns the step's number, and when it began
   */
  stepBegins(): { readonly tick: number; readonly begunAt: number } {
    const begunAt = this.now();
    this.#tick += 1;
    if (this.#tick === 1) this.#epoch = begunAt - this.periodMs;
    const latenessMs = this.#tick === 1 ? 0 : begunAt - this.#begunAt - this.periodMs;
    this.#begunAt = begunAt;
    this.#meter.ticked(this.#tick, Math.max(0, latenessMs));
    return { tick: this.#tick, begunAt };
  }

  /** What a newcomer is told, so that it can tell times: Tickcast's frame, as bytes. */
  welcome(): Uint8Array {
    const welcome: WelcomeFrame = [
      ServerFrame.welcome,
      0,
      this.#tick,
      this.#epoch,
      clockId() ?? null,
      1,
      0,
      1,
      "bench",
      null,
    ];
    return encode(welcome).slice();
  }

  /** What a client's ping is answered with, as bytes. */
  pong(): Uint8Array {
    const pong: PongFrame = [ServerFrame.pong, 1234.5, this.now()];
    return encode(pong).slice();
  }
}

/**
 * Runs a peer's server as a process of the benchmark.
 *
 * @param start listens on 127.0.0.1 and gives the port
 */
export function servePeer(start: (host: PeerHost) => Promise<number>): void {
  const clock = new NodeClock();
  const meter = new ServerMeter(clock);
  serveParent({
    async start(spec) {
      tell({ type: "ready", port: await start(new PeerHost(spec, meter, clock)) });
    },
    async measure(window) {
      tell({ type: "measured", figures: await meter.measure(window) });
    },
  });
}

/** What a client of Tickcast's wire sent. */
export function sentFrame(bytes: Uint8Array): "hello" | "ping" | "other" {
  const type = frameType(bytes, 0);
  return type === ClientFrame.hello ? "hello" : type === ClientFrame.ping ? "ping" : "other";
}

/** The units of the fan-out scenario for a peer that keeps state, as Tickcast's room of the same run has them. */
export const flight = {
  rows: ROWS,
  width: WIDTH,
  launcher: () => {
    const random = seededRandom(BENCH_SEED);
    return () => launch(random);
  },
  fly,
} as const;

/** The players of the crowd scenario, likewise, and the grid by which they see each other. */
export const crowdPlay = {
  width: CROWD_WIDTH,
  cellSize: CELL_SIZE,
  border: CELL_BORDER,
  walkOf,
  goOn,
  placeOf,
} as const;
