import type { Game, GameSpec } from "../../shared/definition/game.ts";
import { SystemClock } from "../../shared/platform/system-clock.ts";
import type { RecordingHeader } from "../../shared/recording/format.ts";
import type { Recording } from "../../shared/recording/recording.ts";
import type { Clock, Release } from "../../shared/tick/clock.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { ClientRoom } from "../client-room.ts";
import { connectWith } from "../connect.ts";
import { Listeners, throwLater } from "../listeners.ts";
import { ReplayClock } from "./replay-clock.ts";
import { REPLAY_CLOCK_ID } from "./replay-frames.ts";
import { ReplaySocket } from "./replay-socket.ts";

/** How a replay goes on. */
export type ReplayState =
  | { readonly state: "playing" }
  | { readonly state: "paused" }
  /** At the last tick. */
  | { readonly state: "ended" }
  | { readonly state: "failed"; readonly error: unknown };

/** As fast, and as slow, as a replay may be told to go. */
export const FASTEST = 8;
export const SLOWEST = 0.25;

export interface ReplayOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: paused at the first tick. */
  readonly state?: "playing" | "paused";
}

/**
 * Plays a recording: its rooms are the SDK's own, seen by a spectator who sees everything, and their time is the
 * replay's, which is paused, goes faster and slower, and is at any tick at once. A room shows one stretch of it: after
 * {@link seek} there is another.
 *
 * @example
 * const replay = new Replay(await fetchRecording("/recording/"));
 * replay.onRoom(arena, (room) => { field = new Playfield(room); });
 * replay.play();
 * replay.seek(replay.firstTick + 20 * 60);
 */
export class Replay {
  readonly header: RecordingHeader;
  readonly firstTick: number;
  readonly lastTick: number;
  readonly #recording: Recording;
  readonly #base: Clock;
  readonly #periodMs: number;
  readonly #changed = new Listeners<[ReplayState]>(throwLater);
  #clock: ReplayClock;
  #speed = 1;
  #state: ReplayState;
  #room: ClientRoom | undefined;
  #game: Game | undefined;
  #show: ((room: ClientRoom) => void) | undefined;
  /** Counts seeks: what an older one brings is not shown any more. */
  #seeks = 0;
  /** The last seek has brought its room. */
  #isShown = false;

  constructor(recording: Recording, { clock = new SystemClock(), state = "paused" }: ReplayOptions = {}) {
    this.#recording = recording;
    this.header = recording.header;
    this.firstTick = recording.firstTick;
    this.lastTick = recording.lastTick;
    this.#base = clock;
    this.#periodMs = periodMs(recording.header.tickRate);
    this.#state = { state };
    this.#clock = this.#clockAt(this.firstTick);
  }

  get state(): ReplayState {
    return this.#state;
  }

  get speed(): number {
    return this.#speed;
  }

  /** With a fraction. */
  get tick(): number {
    return Math.min(this.#clock.now() / this.#periodMs, this.lastTick);
  }

  /** Told of every change of the state. */
  onChange(listener: (state: ReplayState) => void): Release {
    return this.#changed.add(listener);
  }

  /**
   * Shows the replay: `show` gets a room now, and another after each seek.
   *
   * @throws ConnectError where the game's definition is not one that can read the recording
   */
  async onRoom<G extends GameSpec>(game: Game<G>, show: (room: ClientRoom<G>) => void): Promise<void> {
    this.#game = game as unknown as Game;
    this.#show = show as unknown as (room: ClientRoom) => void;
    await this.#enter(this.tick);
  }

  /** At the end it begins again. */
  play(): void {
    if (this.#state.state === "ended") {
      this.#become({ state: "playing" });
      void this.seek(this.firstTick);
      return;
    }
    if (this.#state.state !== "paused") return;
    this.#become({ state: "playing" });
    if (this.#isShown) this.#clock.setRate(this.#speed);
  }

  pause(): void {
    if (this.#state.state !== "playing") return;
    this.#become({ state: "paused" });
    this.#clock.setRate(0);
  }

  /**
   * @param speed 1 is as it was
   * @throws RangeError beyond 0.25 and 8
   */
  setSpeed(speed: number): void {
    if (!(speed >= SLOWEST && speed <= FASTEST))
      throw new RangeError(`the speed is ${speed}; it must be from ${SLOWEST} to ${FASTEST}`);
    this.#speed = speed;
    if (this.#state.state === "playing" && this.#isShown) this.#clock.setRate(speed);
  }

  /** Goes to a tick, playing or not as before; beyond the ends to these. Resolves when its room is shown. */
  async seek(tick: number): Promise<void> {
    const to = Math.min(Math.max(tick, this.firstTick), this.lastTick);
    if (this.#state.state === "ended") this.#become({ state: "paused" });
    await this.#enter(to);
  }

  /** Nothing plays any more. */
  close(): void {
    this.#seeks += 1;
    this.#clock.stop();
    void this.#room?.leave();
  }

  async #enter(tick: number): Promise<void> {
    const seek = ++this.#seeks;
    this.#isShown = false;
    const before = { clock: this.#clock, room: this.#room };
    this.#clock = this.#clockAt(tick);
    // What is there stands still, and is seen, until what comes is there.
    before.clock.setRate(0);
    const game = this.#game;
    if (game === undefined) return;
    const clock = this.#clock;
    const { connect } = connectWith({
      clock,
      clockId: REPLAY_CLOCK_ID,
      reconnectWithinMs: 0,
      predict: false,
      openSocket: (_url, listener) =>
        new ReplaySocket(
          {
            recording: this.#recording,
            clock,
            fromTick: Math.floor(tick),
            onEnd: () => this.#ended(clock),
            onFault: (error) => this.#failed(clock, error),
          },
          listener,
        ),
    });
    // Its own join would be asked for what a player says; a spectator says nothing.
    const room = (await connect(game, "ws://recording/", undefined as never)) as unknown as ClientRoom;
    if (seek !== this.#seeks) {
      void room.leave();
      return;
    }
    before.clock.stop();
    void before.room?.leave();
    this.#room = room;
    this.#isShown = true;
    this.#show?.(room);
    if (this.#state.state === "playing") clock.setRate(this.#speed);
  }

  #clockAt(tick: number): ReplayClock {
    // It runs when there is something to see.
    return new ReplayClock(this.#base, tick * this.#periodMs, 0);
  }

  #ended(clock: ReplayClock): void {
    if (clock !== this.#clock) return;
    clock.haltAt(this.lastTick * this.#periodMs);
    this.#become({ state: "ended" });
  }

  #failed(clock: ReplayClock, error: unknown): void {
    if (clock !== this.#clock) return;
    clock.setRate(0);
    this.#become({ state: "failed", error });
  }

  #become(state: ReplayState): void {
    this.#state = state;
    this.#changed.notify(state);
  }
}
