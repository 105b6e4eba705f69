import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import { isWithin, readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, RunSpec } from "../run/messages.ts";
import type { JoinersFigures } from "../run/trial-messages.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";
import { joinEach, LeanPlayers } from "./lean-players.ts";
import { readUse, useBetween } from "./load-use.ts";
import { TickRecorder } from "./tick-recorder.ts";

/** All who join connect within so long. */
const STORM_MS = 1000;

/** Players who are there all the time, and are timed; and those who join them. */
export class JoinStorm {
  readonly #spec: RunSpec;
  readonly #clock: Clock;
  readonly #lean: LeanPlayers;
  #window: MeasuredWindow | undefined;
  #recorder: TickRecorder | undefined;
  #gapMs = new LatencyHistogram();

  constructor(spec: RunSpec, port: number, clock: Clock) {
    this.#spec = spec;
    this.#clock = clock;
    this.#lean = new LeanPlayers(spec, port, clock);
  }

  async join(progress: (joined: number) => void) {
    await joinEach(this.#spec.clients, (number) => this.#joinEarly(number), progress);
    if (this.#lean.welcome === undefined) throw new Error("no client was welcomed");
    const [, , , epoch, clock] = this.#lean.welcome;
    return { epoch, clock, tick: this.#lean.tick };
  }

  /** @param joiners who connect within the window's first second */
  async measure(window: MeasuredWindow, joiners: number): Promise<JoinersFigures> {
    const recorder = new TickRecorder(window);
    this.#recorder = recorder;
    this.#window = window;
    this.#gapMs = new LatencyHistogram();
    const storm = new Storm(joiners, this.#clock, (number) =>
      this.#lean.join(this.#spec.clients + number, () => {}),
    );
    this.#clock.after(dueAt(window.epoch, window.fromTick, window.periodMs) - this.#clock.now(), () =>
      storm.begin(),
    );
    const { before, after, wallMs } = await readAround(window, this.#clock, () => readUse(this.#spec.cores));
    return {
      ...useBetween(before, after, wallMs),
      gapMs: this.#gapMs.percentiles(),
      latencyMs: recorder.latencies().all,
      delivered: recorder.delivered,
      gaps: recorder.gaps,
      ...storm.figures,
      lost: [...this.#lean.lost],
    };
  }

  async #joinEarly(number: number): Promise<void> {
    let previousAt = 0;
    await this.#lean.join(number, (tick, previous) => {
      const now = this.#clock.now();
      if (this.#window !== undefined && isWithin(this.#window, now)) this.#gapMs.record(now - previousAt);
      previousAt = now;
      this.#recorder?.received(tick, previous, now);
    });
  }
}

/** Connections that begin evenly over a second, however late a timer is. */
class Storm {
  readonly #count: number;
  readonly #clock: Clock;
  readonly #join: (number: number) => Promise<unknown>;
  readonly #joinMs = new LatencyHistogram();
  #started = 0;
  #joined = 0;
  #beganAt = 0;
  #lastStartedAt = 0;
  #lastInAt = 0;

  constructor(count: number, clock: Clock, join: (number: number) => Promise<unknown>) {
    this.#count = count;
    this.#clock = clock;
    this.#join = join;
  }

  begin(): void {
    this.#beganAt = this.#clock.now();
    this.#lastStartedAt = this.#beganAt;
    this.#lastInAt = this.#beganAt;
    this.#go();
  }

  get figures(): Pick<JoinersFigures, "joined" | "joinMs" | "lastInMs" | "connectingMs"> {
    return {
      joined: this.#joined,
      joinMs: this.#joinMs.percentiles(),
      lastInMs: this.#lastInAt - this.#beganAt,
      connectingMs: this.#lastStartedAt - this.#beganAt,
    };
  }

  #go(): void {
    const now = this.#clock.now();
    const due = Math.min(this.#count, Math.ceil(((now - this.#beganAt) / STORM_MS) * this.#count));
    while (this.#started < due) this.#start(this.#started++);
    if (this.#started < this.#count) this.#clock.after(1, () => this.#go());
  }

  #start(number: number): void {
    const startedAt = this.#clock.now();
    this.#lastStartedAt = startedAt;
    this.#join(number).then(
      () => {
        this.#joined += 1;
        this.#lastInAt = this.#clock.now();
        this.#joinMs.record(this.#lastInAt - startedAt);
      },
      // Who could not join is among the lost.
      () => {},
    );
  }
}
