import { randomBytes } from "node:crypto";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type HelloFrame,
  PROTOCOL_VERSION,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import { HashTicks } from "../run/hash-ticks.ts";
import type { MeasuredWindow, RunSpec } from "../run/messages.ts";
import { roomOfClient, roomPath } from "../run/rooms.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { SteeringScript, TURN_STEPS } from "../scenarios/steering-script.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { maskedFrame } from "./client-bytes.ts";
import { LeanClient, type LeanClientSink } from "./lean-client.ts";
import { Mirror } from "./mirror.ts";
import { RoomRecorders } from "./room-recorders.ts";
import { type Steered, Steering } from "./steering.ts";
import { SteeringFrame } from "./steering-frame.ts";
import { Witness } from "./witness.ts";

const HOST = "127.0.0.1";
const BINARY = 2;

/** Clients that join at the same time: as many per tick are no burst that could make a room late. */
const JOINING_AT_ONCE = 50;
const JOIN_WITHIN_MS = 10_000;

/** Groups of clients that send at different moments of their common interval. */
const STAGGER = 50;
/** With many rooms a tick of one is due at nearly any time: fewer send at once, so that few wait for them. */
const STAGGER_OF_ROOMS = 500;

/** Mirrors with a shadow: a few find what is wrong, of more the load would have too much to do. */
const SHADOWED = 3;

/** How often it is looked which inputs are due. */
const STEERING_SLICE_MS = 2;

/** As much as the kernel hands over at once. */
const READ_BYTES = 64 * 1024;

/** What the first client was told. Rooms are made one right after the other, so their ticks count nearly alike. */
export interface Joined {
  readonly epoch: number;
  readonly clock: string | null;
  /** The last tick that arrived, of any room. */
  readonly tick: number;
}

/** All clients of a run: lean ones, and mirrors. They take what comes in the order of its arrival. */
export class Crowd {
  readonly clock = new NodeClock();
  readonly lean: LeanClient[] = [];
  readonly mirrors: Mirror[] = [];
  readonly witness = new Witness();
  readonly lost: string[] = [];
  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #scenario: Scenario;
  readonly #acknowledgements: Acknowledgements;
  readonly #hashTicks: HashTicks;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #hash: string | undefined;
  #welcome: WelcomeFrame | undefined;
  /** By room: when its tick 0 was to begin. */
  readonly #epochs: number[] = [];
  /** Where arrivals go; ticks before it is there are of no interest. */
  #recorders: RoomRecorders | undefined;
  #tick = 0;
  #inbound: NodeJS.Timeout | undefined;

  constructor(spec: RunSpec, port: number) {
    this.#spec = spec;
    this.#port = port;
    this.#scenario = scenarioNamed(spec.scenario);
    this.#hashTicks = new HashTicks(spec);
    this.#acknowledgements = new Acknowledgements(spec.hz, (write) => {
      // In the middle of the period of a room, or of the time from the tick of one to that of the next.
      this.clock.after(periodMs(spec.hz) / 2 / spec.rooms, write);
    });
  }

  /** Bytes that lean clients received so far. */
  leanBytes(): number {
    return this.lean.reduce((sum, client) => sum + client.bytesReceived, 0);
  }

  /** Messages that lean clients received and sent so far. */
  leanFrames(): { readonly received: number; readonly sent: number } {
    const sum = (of: (client: LeanClient) => number): number =>
      this.lean.reduce((total, client) => total + of(client), 0);
    return {
      received: sum(({ framesReceived }) => framesReceived),
      sent: sum(({ framesSent }) => framesSent),
    };
  }

  /** Everyone joins, some at a time. Rejects at the first who cannot. */
  async join(progress: (joined: number) => void): Promise<Joined> {
    const { clients, mirrors } = this.#spec;
    let started = 0;
    let joined = 0;
    const joinOneByOne = async (): Promise<void> => {
      while (started < clients) {
        const index = started++;
        await (index < mirrors ? this.#joinMirror(index) : this.#joinLean(index));
        progress(++joined);
      }
    };
    await Promise.all(Array.from({ length: Math.min(JOINING_AT_ONCE, clients) }, joinOneByOne));
    const [, , , epoch, clock] = this.#welcome ?? fail("no lean client was welcomed");
    return { epoch, clock, tick: this.#tick };
  }

  /** From now on arrivals are recorded, by the times of each client's room. */
  record(window: MeasuredWindow): RoomRecorders {
    const { rooms } = this.#spec;
    const epochs = Array.from(
      { length: rooms },
      (_, room) => this.#epochs[room] ?? fail("a room has no client"),
    );
    this.#recorders = new RoomRecorders(window, epochs);
    return this.#recorders;
  }

  /** From now on every client sends the scenario's frame in its interval, where it has one. */
  startSending(): void {
    const { inbound } = this.#scenario;
    if (inbound.kind !== "repeated") return;
    const { frame, everyMs } = inbound;
    const bytes = maskedFrame(BINARY, encode(frame), randomBytes(4));
    const groups = this.#spec.rooms > 1 ? STAGGER_OF_ROOMS : STAGGER;
    let turn = 0;
    this.#inbound = setInterval(() => {
      for (let i = turn; i < this.lean.length; i += groups) this.lean[i]?.send(bytes);
      turn = (turn + 1) % groups;
    }, everyMs / groups);
  }

  /** Where the scenario is steered, all clients play by the script: from `firstTick` on, by the room's epoch. */
  startSteering(epoch: number, firstTick: number): void {
    if (this.#scenario.inbound.kind !== "steered") return;
    const { mirrors, hz } = this.#spec;
    const script = new SteeringScript(this.#spec);
    this.mirrors.forEach((mirror) => {
      mirror.steer((tick) => {
        const change = script.changeAt(mirror.number, tick - firstTick);
        if (change === undefined) return undefined;
        return (script.headingOf(mirror.number, change) / TURN_STEPS) * 2 * Math.PI;
      });
    });
    const steered = this.lean.map((client): Steered => {
      const frame = new SteeringFrame(randomBytes(4));
      return {
        steer: (tick, heading) => {
          client.acknowledged = client.tick;
          client.sendReused(frame.with(tick, client.tick, heading));
        },
      };
    });
    // Mirrors have the first numbers, lean clients the others, in their order.
    const steering = new Steering(script, firstTick, (number) => steered[number - mirrors]);
    const period = periodMs(hz);
    this.#inbound = setInterval(() => {
      steering.sendUntil((this.clock.now() - epoch) / period);
    }, STEERING_SLICE_MS);
  }

  end(): void {
    clearInterval(this.#inbound);
    for (const client of this.lean) client.end();
    for (const mirror of this.mirrors) mirror.end();
  }

  #path(index: number): string {
    return roomPath(this.#spec, roomOfClient(this.#spec, index));
  }

  #joinLean(index: number): Promise<void> {
    const { witness } = this;
    const isWitness = index === this.#spec.mirrors;
    const room = roomOfClient(this.#spec, index);
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(timeoutSentence)), JOIN_WITHIN_MS);
      const settle = (): void => {
        clearTimeout(tooLate);
        resolve();
      };
      let bytesBefore = 0;
      const sink: LeanClientSink = {
        welcomed: (welcome) => {
          this.#welcome ??= welcome;
          this.#epochs[room] ??= welcome[3];
        },
        ticked: (tick, previous) => {
          const recorders = this.#recorders;
          if (recorders !== undefined) {
            const bytes = client.bytesReceived - bytesBefore;
            recorders.received(room, tick, previous, this.clock.now(), bytes);
          }
          bytesBefore = client.bytesReceived;
          if (isWitness) witness.ticked(tick);
          this.#acknowledgements.closed(client, tick);
          if (previous !== 0) return;
          this.#tick = Math.max(this.#tick, tick);
          settle();
        },
        lost: (why) => {
          clearTimeout(tooLate);
          this.lost.push(why);
          reject(new Error(`a client could not join: ${why}`));
        },
        ...(isWitness && { piece: witness.piece.bind(witness) }),
      };
      const hello = this.#hello(index);
      const client = new LeanClient(
        { host: HOST, port: this.#port, path: this.#path(index), hello, buffer: this.#buffer },
        sink,
      );
      this.lean.push(client);
    });
  }

  #hello(index: number): Uint8Array {
    const { game, joinOf } = this.#scenario;
    this.#hash ??= game(this.#spec.hz).hash;
    const frame: HelloFrame = [ClientFrame.hello, PROTOCOL_VERSION, this.#hash, joinOf?.(index) ?? null];
    return encode(frame).slice();
  }

  async #joinMirror(index: number): Promise<void> {
    const { game, joinOf } = this.#scenario;
    const room = roomOfClient(this.#spec, index);
    const url = `ws://${HOST}:${this.#port}${this.#path(index)}`;
    const join = joinOf?.(index);
    const check = index < SHADOWED ? "shadow" : "room";
    const mirror = await Mirror.join(
      game(this.#spec.hz),
      url,
      { number: index, join, check },
      {
        isHashed: (tick) => this.#hashTicks.isDue(index, tick),
        ticked: (tick, previous) => void this.#recorders?.counted(room, tick, previous),
        lost: (why) => this.lost.push(`a mirror: ${why}`),
      },
    );
    this.mirrors.push(mirror);
  }
}

const timeoutSentence = `a client had not joined after ${JOIN_WITHIN_MS / 1000} s`;

function fail(message: string): never {
  throw new Error(message);
}
