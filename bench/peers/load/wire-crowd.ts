import { randomBytes } from "node:crypto";
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import type { WelcomeFrame } from "../../../shared/protocol/frames.ts";
import { dueAt, periodMs } from "../../../shared/tick/tick.ts";
import { maskedFrame } from "../../load/client-bytes.ts";
import { type Steered, Steering } from "../../load/steering.ts";
import type { TickRecorder } from "../../load/tick-recorder.ts";
import type { MeasuredWindow, RunSpec } from "../../run/messages.ts";
import { scenarioNamed } from "../../scenarios/catalogue.ts";
import { SteeringScript } from "../../scenarios/steering-script.ts";
import type { Voice, Wire } from "./wire.ts";
import { WireClient } from "./wire-client.ts";

const HOST = "127.0.0.1";
const BINARY = 2;

/** As the clients of Tickcast and the bare server do it. */
const JOINING_AT_ONCE = 50;
const JOIN_WITHIN_MS = 10_000;
const STAGGER = 50;
const READ_BYTES = 64 * 1024;
const STEERING_SLICE_MS = 2;

/** What is known when all have joined. */
export interface Joined {
  readonly epoch: number;
  readonly clock: string | null;
  /** The last tick that arrived. */
  readonly tick: number;
}

/** All clients of a run against a peer. */
export class WireCrowd {
  readonly clock = new NodeClock();
  readonly clients: WireClient[] = [];
  messagesSent = 0;
  readonly lost: string[] = [];
  readonly #wire: Wire;
  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #measured: { readonly recorder: TickRecorder; readonly window: MeasuredWindow } | undefined;
  #welcome: WelcomeFrame | undefined;
  #tick = 0;
  #begunAt: number | undefined;
  #inbound: NodeJS.Timeout | undefined;

  constructor(wire: Wire, spec: RunSpec, port: number) {
    this.#wire = wire;
    this.#spec = spec;
    this.#port = port;
  }

  bytesReceived(): number {
    return this.clients.reduce((sum, client) => sum + client.bytesReceived, 0);
  }

  /** Everyone joins, some at a time. Rejects at the first who cannot. */
  async join(progress: (joined: number) => void): Promise<Joined> {
    const { clients, hz } = this.#spec;
    let started = 0;
    let joined = 0;
    const joinOneByOne = async (): Promise<void> => {
      while (started < clients) {
        await this.#join(started++);
        progress(++joined);
      }
    };
    await Promise.all(Array.from({ length: Math.min(JOINING_AT_ONCE, clients) }, joinOneByOne));
    if (this.#welcome === undefined) throw new Error("no client was welcomed");
    const [, , , epoch, clock] = this.#welcome;
    const tick = this.#tick;
    // A peer with a loop of its own drifts from where it began: what counts is where it is now.
    const since = this.#begunAt === undefined ? epoch : this.#begunAt - tick * periodMs(hz);
    return { epoch: since, clock: clock ?? null, tick };
  }

  /** From now on every client sends the wire's message in the scenario's interval. */
  startSending(): void {
    const { inbound } = scenarioNamed(this.#spec.scenario);
    if (inbound.kind !== "repeated") return;
    const bytes = maskedFrame(BINARY, this.#wire.inbound, randomBytes(4));
    let turn = 0;
    this.#inbound = setInterval(() => {
      for (let i = turn; i < this.clients.length; i += STAGGER) {
        this.clients[i]?.send(bytes);
        this.messagesSent += 1;
      }
      turn = (turn + 1) % STAGGER;
    }, inbound.everyMs / STAGGER);
  }

  /** Where the scenario is steered, all clients play by the script, see {@link Steering}. */
  startSteering(epoch: number, firstTick: number): void {
    if (scenarioNamed(this.#spec.scenario).inbound.kind !== "steered") return;
    const { steering } = this.#wire;
    if (steering === undefined) throw new Error(`this peer cannot play ${this.#spec.scenario}`);
    const mask = randomBytes(4);
    const steered = this.clients.map(
      (client): Steered => ({
        steer: (_tick, heading) => {
          client.send(maskedFrame(BINARY, steering(heading), mask));
          this.messagesSent += 1;
        },
      }),
    );
    const script = new Steering(new SteeringScript(this.#spec), firstTick, (number) => steered[number]);
    const period = periodMs(this.#spec.hz);
    this.#inbound = setInterval(() => {
      script.sendUntil((this.clock.now() - epoch) / period);
    }, STEERING_SLICE_MS);
  }

  /** From now on arrivals are recorded. */
  record(recorder: TickRecorder, window: MeasuredWindow): void {
    this.#measured = { recorder, window };
  }

  end(): void {
    clearInterval(this.#inbound);
    for (const client of this.clients) client.end();
  }

  async #join(number: number): Promise<void> {
    const { scenario } = this.#spec;
    const join = scenarioNamed(scenario).joinOf?.(number);
    const path = await this.#wire.seat(`http://${HOST}:${this.#port}`, scenario, join);
    await new Promise<void>((resolve, reject) => {
      const tooLate = setTimeout(
        () => reject(new Error(`a client had not joined after ${JOIN_WITHIN_MS / 1000} s`)),
        JOIN_WITHIN_MS,
      );
      const { text } = this.#wire;
      let last = 0;
      let bytesBefore = 0;
      const voice: Voice = {
        sendBinary: (payload) => client.sendBinary(payload),
        sendText: (said) => client.sendText(said),
        welcomed: (welcome) => {
          this.#welcome ??= welcome;
        },
        ticked: (tick, begunAt) => {
          this.#arrived(tick, last, begunAt, client.bytesReceived - bytesBefore);
          bytesBefore = client.bytesReceived;
          if (last === 0) {
            clearTimeout(tooLate);
            resolve();
          }
          last = tick;
        },
        lost: (why) => client.lose(why),
      };
      const client = new WireClient(
        { host: HOST, port: this.#port, path, buffer: this.#buffer },
        {
          binary: (bytes, at, length) => this.#wire.binary(bytes, at, length, voice),
          ...(text !== undefined && { text: (said: string) => text(said, voice) }),
          lost: (why) => {
            clearTimeout(tooLate);
            this.lost.push(why);
            reject(new Error(`a client could not join: ${why}`));
          },
        },
      );
      this.clients[number] = client;
    });
  }

  #arrived(tick: number, previous: number, begunAt: number | undefined, bytes: number): void {
    if (tick > this.#tick) {
      this.#tick = tick;
      this.#begunAt = begunAt;
    }
    if (this.#measured === undefined) return;
    const { recorder, window } = this.#measured;
    const now = this.clock.now();
    // Where a frame says when its tick began, its latency counts from that.
    const delayedMs = begunAt === undefined ? 0 : begunAt - dueAt(window.epoch, tick, window.periodMs);
    recorder.received(tick, previous, now - delayedMs, bytes);
  }
}
