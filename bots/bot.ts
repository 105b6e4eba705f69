import type { ClientRoom, ConnectionState } from "../client/client-room.ts";
import { ConnectError } from "../client/connect-error.ts";
import type { ReportError } from "../client/listeners.ts";
import type { Game } from "../shared/definition/game.ts";
import { type NetworkConditions, perfectNetwork } from "../shared/link/network-conditions.ts";
import { type Random, seededRandom } from "../shared/random/seeded-random.ts";
import type { Clock } from "../shared/tick/clock.ts";
import type { BotDefinition, BotSelf } from "./define-bot.ts";
import type { Measurements } from "./measurements.ts";
import { patienceMs } from "./patience.ts";
import { type Slips, TickMeter } from "./tick-meter.ts";
import { TrafficMeter } from "./traffic-meter.ts";

/** The SDK's `connect`, for one bot: errors of the listeners that its behaviour adds go to `report`. */
export type ConnectBot = (game: Game, url: string, join: unknown, report: ReportError) => Promise<ClientRoom>;

/** What the bots of a swarm have in common. */
export interface BotContext {
  readonly definition: BotDefinition;
  readonly url: string;
  readonly seed: number;
  readonly connect: ConnectBot;
  readonly clock: Clock;
  /** What `connect` lets each bot play through. Default: nothing. */
  readonly network?: NetworkConditions;
}

/** Told what becomes of a bot. After `refused`, `disconnected`, `failed` and `left` nothing more comes. */
export interface BotListener {
  joined(room: ClientRoom): void;
  refused(reason: string, message: string): void;
  disconnected(reason: string, message: string): void;
  /** It was lost, and has its seat again. */
  returned(): void;
  /** The bot's own code threw. The bot leaves. */
  failed(error: unknown): void;
  /** Its behaviour left the room: the end of that bot, and no fault. */
  left(): void;
}

type BotState =
  | { readonly state: "waiting" }
  | { readonly state: "connecting" }
  | { readonly state: "playing"; readonly playing: Playing }
  | { readonly state: "over" };

interface Playing {
  readonly room: ClientRoom;
  readonly self: BotSelf<unknown>;
  readonly ticks: TickMeter;
  started: boolean;
  measuring: { readonly into: Measurements; readonly traffic: TrafficMeter } | undefined;
}

/** One headless player: joins, plays as its behaviour says, is measured, and leaves. */
export class Bot {
  readonly #index: number;
  readonly #context: BotContext;
  readonly #listener: BotListener;
  readonly #random: Random;
  #state: BotState = { state: "waiting" };
  #room: ClientRoom | undefined;
  #ticks: TickMeter | undefined;
  #overdueTicks = 0;

  constructor(index: number, context: BotContext, listener: BotListener) {
    this.#index = index;
    this.#context = context;
    this.#listener = listener;
    // Seed and index stand in different halves: no two bots of a swarm, nor of two swarms, share their numbers.
    this.#random = seededRandom(index * 0x1_0000_0000 + context.seed);
  }

  get isPlaying(): boolean {
    return this.#state.state === "playing";
  }

  /** By the SDK's count, also when the bot has left. */
  get missedTicks(): number {
    return this.#room?.statistics.ticksMissed ?? 0;
  }

  /** How often its room slipped under it, and the room's id; also when the bot has left. */
  get slips(): (Slips & { readonly room: string }) | undefined {
    return this.#room && this.#ticks && { room: this.#room.id, ...this.#ticks.slips };
  }

  /** Ticks that were due when the swarm let it leave, and had not come: see {@link patienceMs}. */
  get overdueTicks(): number {
    return this.#overdueTicks;
  }

  /** Settles when the bot plays, or was refused, or failed. Never rejects. */
  async join(): Promise<void> {
    if (this.#state.state !== "waiting") return;
    this.#state = { state: "connecting" };
    const { definition, url, connect } = this.#context;
    const { game, behaviour } = definition;
    const chance = { index: this.#index, random: this.#random };
    try {
      const join = behaviour.join(chance);
      const self = { ...chance, memory: behaviour.memory?.(chance) };
      const room = await connect(game, url, join, (error) => this.#fail(error));
      if (this.#isOver()) await room.leave();
      else this.#play(room, self);
    } catch (error) {
      if (this.#isOver()) return;
      this.#state = { state: "over" };
      if (error instanceof ConnectError) this.#listener.refused(error.close.name, error.message);
      else this.#listener.failed(error);
    }
  }

  /** From here on what the bot sees is added to `into`. */
  measure(into: Measurements): void {
    if (this.#state.state !== "playing") return;
    const { playing } = this.#state;
    const traffic = new TrafficMeter(this.#context.clock.now(), playing.room.statistics);
    playing.measuring = { into, traffic };
  }

  /** The bot's last act, in whatever state it is: settles when it is out of the room. */
  async leave(): Promise<void> {
    if (this.#state.state === "playing") {
      const { clock, network = perfectNetwork } = this.#context;
      this.#overdueTicks = this.#state.playing.ticks.overdueTicks(clock.now(), patienceMs(network));
    }
    await this.#end()?.leave();
  }

  #play(room: ClientRoom, self: BotSelf<unknown>): void {
    const playing: Playing = {
      room,
      self,
      ticks: new TickMeter(room),
      started: false,
      measuring: undefined,
    };
    this.#room = room;
    this.#ticks = playing.ticks;
    this.#state = { state: "playing", playing };
    room.onTick((tick) => this.#tick(tick, playing));
    room.onConnection((connection) => this.#connectionChanged(connection));
    this.#listener.joined(room);
  }

  #tick(tick: number, playing: Playing): void {
    if (this.#isOver()) return;
    const { room, self, ticks, measuring } = playing;
    ticks.closed(tick, this.#context.clock.now(), measuring?.into);
    const { behaviour } = this.#context.definition;
    try {
      if (!playing.started) {
        playing.started = true;
        behaviour.start?.(room, self);
      }
      behaviour.tick?.(room, self);
    } catch (error) {
      this.#fail(error);
    }
  }

  #connectionChanged(connection: ConnectionState): void {
    if (connection.state === "joined") this.#listener.returned();
    if (connection.state !== "closed" || this.#end() === undefined) return;
    const { close, message } = connection;
    if (close.name === "left") this.#listener.left();
    else this.#listener.disconnected(close.name, message);
  }

  #fail(error: unknown): void {
    // What goes wrong earlier makes `connect` reject; a bot that is out has nobody left to disturb.
    if (this.#state.state !== "playing") return;
    const { room } = this.#state.playing;
    this.#end();
    this.#listener.failed(error);
    void room.leave();
  }

  /** The one way out: closes the measuring and returns the room, where there was one. */
  #end(): ClientRoom | undefined {
    const state = this.#state;
    this.#state = { state: "over" };
    if (state.state !== "playing") return undefined;
    const { room, ticks, measuring } = state.playing;
    if (measuring) {
      const now = this.#context.clock.now();
      ticks.overdue(now, measuring.into);
      measuring.traffic.addTo(measuring.into, now, room.statistics);
    }
    return room;
  }

  #isOver(): boolean {
    return this.#state.state === "over";
  }
}
