import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import { defineRoom } from "../../server/room/define-room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { defineGame, held, i16, pressed, table, u16 } from "../../shared/game.ts";
import type { LinkConditions } from "../../shared/link/link-model.ts";
import { decodeTrusted } from "../../shared/protocol/codec.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import { DriftingClock } from "./drifting-clock.ts";
import { Hosted } from "./hosted.ts";
import { UnevenLine } from "./uneven-line.ts";

export const PERIOD_MS = 50;

/** A game that predicts, in which each press is a shot. */
export const range = defineGame({
  name: "range",
  tickRate: 1000 / PERIOD_MS,
  state: { players: table({ x: i16, shots: u16 }, { owner: "player" }) },
  input: { move: held(i16), fire: pressed() },
  predict: { table: "players", step: () => {} },
});

const rangeRoom = defineRoom(range, {
  tick(room) {
    for (const player of room.players) {
      player.row.x = player.input.move;
      if (player.input.fire) player.row.shots += 1;
    }
  },
});

/** An input as it arrived at the server. */
export interface Arrival {
  readonly tick: number;
  readonly viewTick: number;
  /** Of the run, from its start. */
  readonly atMs: number;
  /** How long before its tick was due; below 0: after it. */
  readonly marginMs: number;
  readonly isLate: boolean;
}

export interface RangeOptions {
  readonly up: Partial<LinkConditions>;
  readonly down: Partial<LinkConditions>;
  readonly seed?: number;
  readonly ppm?: number;
  /** The client knows that it reads the server's clock. */
  readonly reads?: "shared" | "another";
  readonly predict?: boolean;
}

/** How far apart presses are at least: two ticks, since two within one tick are one by rule. */
const BETWEEN_PRESSES_MS = 2 * PERIOD_MS;

/** A server, one client of the SDK that plays on it, and the line between them, all on one clock moved by hand. */
export class ShootingRange {
  readonly hosted = new Hosted([rangeRoom], { clockId: "server" });
  readonly clock = this.hosted.clock;
  readonly clientClock: DriftingClock;
  readonly arrivals: Arrival[] = [];
  presses = 0;
  /** How often the server slipped. */
  slips = 0;
  readonly #options: RangeOptions;
  readonly #random: () => number;
  #room: ClientRoom<typeof range.spec> | undefined;
  #line: UnevenLine | undefined;
  #epoch = 0;
  #isPlaying = true;

  constructor(options: RangeOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    const another = { ppm: options.ppm ?? 0, offsetMs: 123_456.7 };
    this.clientClock = new DriftingClock(this.clock, options.reads === "shared" ? {} : another);
    const { bus } = this.hosted.server;
    bus.on("tickDone", ({ tick, latenessMs }) => {
      this.#epoch = this.clock.now() - latenessMs - tick * PERIOD_MS;
    });
    bus.on("tickSlipped", () => {
      this.slips += 1;
    });
  }

  async start(): Promise<void> {
    await this.hosted.server.listen({ host: "memory", port: 0 });
    const { up, down, reads, predict } = this.#options;
    const { connect } = connectWith({
      clock: this.clientClock,
      clockId: reads === "shared" ? "server" : "client",
      random: this.#random,
      page: "ws://memory/",
      ...(predict !== undefined && { predict }),
      openSocket: (url, listener) => {
        const { clock, hosted } = this;
        const parts = { clock, random: this.#random, transport: hosted.transport, up, down };
        const arrived = (bytes: Uint8Array): void => this.#arrived(bytes);
        this.#line = new UnevenLine({ ...parts, path: new URL(url).pathname, arrived }, listener);
        return this.#line;
      },
    });
    const joining = connect(range, "/range");
    // The longest way there is in tests is three round trips of 3 s.
    for (let waited = 0; waited < 100 && this.#room === undefined; waited++) {
      await this.clock.run(100);
      this.#room = await Promise.race([joining, Promise.resolve(undefined)]);
    }
    this.#play();
  }

  get room(): ClientRoom<typeof range.spec> {
    if (this.#room === undefined) throw new Error("the range is not open yet");
    return this.#room;
  }

  get line(): UnevenLine {
    if (this.#line === undefined) throw new Error("there is no line yet");
    return this.#line;
  }

  get core(): RoomCore {
    return this.hosted.room();
  }

  get shots(): number {
    return (this.core.state.find("players", 1)?.shots as number | undefined) ?? 0;
  }

  /** The server's process is busy for so long. */
  busy(ms: number): void {
    this.clock.after(0, () => this.clock.block(ms));
  }

  /** Every `everyMs` the line stalls for `ms`, both ways, until the end. */
  stallEvery(everyMs: number, ms: number): void {
    this.clock.after(everyMs, () => {
      if (!this.#isPlaying) return;
      this.line.link.stall("both", ms);
      this.stallEvery(everyMs, ms);
    });
  }

  /** The player lets go; what is on its way arrives. */
  async cease(): Promise<void> {
    this.#isPlaying = false;
    await this.clock.run(3_000);
  }

  /** Ends everything; says what is left of it. */
  async stop(): ReturnType<Hosted["stop"]> {
    await this.cease();
    void this.room.leave();
    await this.clock.run(1_000);
    return this.hosted.stop();
  }

  /** Late inputs among those that arrived after `fromMs`. */
  lateRate(fromMs: number): number {
    const counted = this.arrivals.filter(({ atMs }) => atMs >= fromMs);
    return counted.filter(({ isLate }) => isLate).length / counted.length;
  }

  /** The mean margin of inputs that arrived between two times. */
  marginMs(fromMs: number, toMs: number): number {
    const counted = this.arrivals.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    return counted.reduce((sum, { marginMs }) => sum + marginMs, 0) / counted.length;
  }

  /** Now and then a press, and a way that changes: as a player does, at any time, not in step with ticks. */
  #play(): void {
    this.clock.after(BETWEEN_PRESSES_MS + this.#random() * 200, () => {
      if (!this.#isPlaying) {
        this.room.input({ move: 0 });
        return;
      }
      this.presses += 1;
      this.room.input({ fire: true, move: Math.floor(this.#random() * 100) - 50 });
      this.#play();
    });
  }

  #arrived(bytes: Uint8Array): void {
    const [type, tick, viewTick] = decodeTrusted(bytes) as readonly number[];
    if (type !== ClientFrame.input || tick === undefined || viewTick === undefined) return;
    const now = this.clock.now();
    this.arrivals.push({
      tick,
      viewTick,
      atMs: now,
      marginMs: dueAt(this.#epoch, tick, PERIOD_MS) - now,
      isLate: tick <= this.core.tick,
    });
  }
}
