import { Bus } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import type { ConnectionListener } from "../../server/transport/transport.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, type HelloFrame, PROTOCOL_VERSION } from "../../shared/protocol/frames.ts";
import { type Random, seededRandom } from "../../shared/random/seeded-random.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { CountingTransport, type Traffic } from "./counting-transport.ts";
import { GATE_HZ, gateGame, gateRoom } from "./gate-game.ts";

const SEED = 20_250_615;
const PLAYERS = 60;
/** Steps of an `angle()`. */
const HEADINGS = 256;
/** A player changes direction now and then, fires now and then; the rest of the time it is silent. */
const TURNS_PER_TICK = 0.25;
const SHOTS_PER_TICK = 0.05;
/** A heading is heard of no more after 250 ms of silence: so often it is said again. */
const HEARTBEAT_TICKS = 3;
/** The first inputs come when the seat is taken for sure. */
const JOINED_AFTER_TICKS = 2;
/** So often a player says what it has, as the SDK does. */
const ACK_TICKS = GATE_HZ / 2;

/** The game so far. */
export interface GateCounts extends Traffic {
  ticks: number;
  encodes: number;
  encodedBytes: number;
}

/** A whole server with sixty players, in memory: what it does is the same at every run, to the byte. */
export class GatePlay {
  readonly counts: GateCounts;
  readonly #clock = new ManualClock();
  readonly #transport = new CountingTransport(this.#clock);
  readonly #random = seededRandom(SEED);
  readonly #players: Script[] = [];
  #secrets = 0;
  #failure: unknown;

  private constructor() {
    this.counts = Object.assign(this.#transport.traffic, { ticks: 0, encodes: 0, encodedBytes: 0 });
  }

  static async start(): Promise<GatePlay> {
    const play = new GatePlay();
    const bus = new Bus();
    bus.on("tickDone", ({ frames, bytes }) => {
      play.counts.ticks += 1;
      play.counts.encodes += frames;
      play.counts.encodedBytes += bytes;
    });
    const failed = ({ error }: { readonly error: unknown }): void => {
      play.#failure ??= error;
    };
    bus.on("hookFailed", failed);
    bus.on("listenerFailed", failed);
    bus.on("transportFailed", failed);
    const server = new GameServer({
      rooms: [gateRoom],
      transport: play.#transport,
      clock: play.#clock,
      clockId: "gate",
      bus,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => "gate",
      secret: () => `player${play.#secrets++}`,
      seed: () => SEED,
    });
    await server.listen({ host: "memory", port: 0 });
    await server.matchmaker.create({ game: gateGame.spec.name, options: undefined });
    for (let i = 0; i < PLAYERS; i++) {
      play.#players.push(new Script(play.#transport.connect("/gate/gate"), play.#random, play.counts.ticks));
      // Not all in one tick: joining is part of what is counted.
      if (i % 4 === 3) await play.#tick();
    }
    return play;
  }

  /** Plays on for so many ticks. */
  async run(ticks: number): Promise<void> {
    for (let i = 0; i < ticks; i++) await this.#tick();
  }

  async #tick(): Promise<void> {
    const { ticks } = this.counts;
    this.#players.forEach((player, i) => {
      player.act(ticks, i);
    });
    await this.#clock.run(1000 / GATE_HZ);
    if (this.#failure !== undefined) throw new Error("the gate's game failed", { cause: this.#failure });
    if (this.counts.ticks !== ticks + 1) throw new Error(`tick ${ticks + 1} did not run in its period`);
  }
}

/** One player by script. It reads nothing: in memory, it knows the tick. */
class Script {
  readonly #to: ConnectionListener;
  readonly #random: Random;
  #heading = 0;
  #saidAt = 0;

  constructor(to: ConnectionListener, random: Random, tick: number) {
    this.#to = to;
    this.#random = random;
    this.#saidAt = tick + JOINED_AFTER_TICKS;
    const hello: HelloFrame = [ClientFrame.hello, PROTOCOL_VERSION, gateGame.hash, null];
    to.message(encode(hello));
  }

  act(tick: number, index: number): void {
    if (tick < this.#saidAt) return;
    const turns = this.#random() < TURNS_PER_TICK;
    const fires = this.#random() < SHOTS_PER_TICK;
    if (turns) this.#heading = Math.floor(this.#random() * HEADINGS);
    if (turns || fires || tick - this.#saidAt >= HEARTBEAT_TICKS) {
      this.#saidAt = tick;
      this.#to.message(encode([ClientFrame.input, tick + 1, tick, this.#heading, fires]));
    }
    if (tick % ACK_TICKS === index % ACK_TICKS) this.#to.message(encode([ClientFrame.ack, tick]));
  }
}
