import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import { readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, RunSpec } from "../run/messages.ts";
import { roomPath } from "../run/rooms.ts";
import type { ReconnectFigures } from "../run/trial-messages.ts";
import { cutsOf, MESSAGES_PER_SECOND, REQUESTS_PER_SECOND, settlesAt } from "../scenarios/reconnect-storm.ts";
import { LatencyHistogram } from "../statistics/latency-histogram.ts";
import { HOST, joinEach } from "./lean-players.ts";
import { readUse, useBetween } from "./load-use.ts";
import { Survivor } from "./survivor.ts";

/** Clients say something at so many different moments of a second, in turn. */
const SLOTS_PER_SECOND = 50;

/** All clients of the scenario. */
export class ReconnectStorm {
  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #survivors: Survivor[] = [];

  constructor(spec: RunSpec, port: number, clock: Clock) {
    this.#spec = spec;
    this.#port = port;
    this.#clock = clock;
  }

  async join(progress: (joined: number) => void) {
    const url = `ws://${HOST}:${this.#port}${roomPath(this.#spec, 0)}`;
    await joinEach(
      this.#spec.clients,
      async (number) => void this.#survivors.push(await Survivor.join(number, url, this.#clock)),
      progress,
    );
    const beginning = this.#survivors[0]?.beginning;
    if (beginning === undefined) throw new Error("no client knows when the room began");
    return {
      epoch: beginning.at,
      sameClock: beginning.clock === "shared",
      tick: Math.max(...this.#survivors.map(({ tick }) => tick)),
    };
  }

  async measure(window: MeasuredWindow): Promise<ReconnectFigures> {
    const { epoch, periodMs, fromTick } = window;
    let cut = 0;
    for (const { at, by } of cutsOf(window, this.#spec.cuts ?? 0))
      this.#clock.after(at - this.#clock.now(), () => {
        for (const survivor of this.#survivors) survivor.cut(by);
        if (by === "clients") cut += this.#survivors.length;
      });
    const speaking = this.#speak(dueAt(epoch, fromTick, periodMs), dueAt(epoch, settlesAt(window), periodMs));
    const { before, after, wallMs } = await readAround(window, this.#clock, () => readUse(this.#spec.cores));
    clearInterval(speaking);
    const returns = new LatencyHistogram();
    for (const { returnsMs } of this.#survivors) for (const ms of returnsMs) returns.record(ms);
    return {
      ...useBetween(before, after, wallMs),
      survivors: this.#survivors.map(({ figures }) => figures),
      cut,
      returnMs: returns.percentiles(),
    };
  }

  /** Between two moments every client sends messages and requests at its own times of a second. */
  #speak(fromMs: number, toMs: number): NodeJS.Timeout {
    let slot = 0;
    const due = (perSecond: number): Survivor[] => {
      const turns = SLOTS_PER_SECOND / perSecond;
      return this.#survivors.filter(({ number }) => number % turns === slot % turns);
    };
    const slots = Math.floor(((toMs - fromMs) / 1000) * SLOTS_PER_SECOND);
    return setInterval(() => {
      const reached = Math.floor(((this.#clock.now() - fromMs) / 1000) * SLOTS_PER_SECOND);
      for (; slot < Math.min(reached, slots); slot++) {
        for (const survivor of due(MESSAGES_PER_SECOND)) survivor.say();
        for (const survivor of due(REQUESTS_PER_SECOND)) survivor.ask();
      }
    }, 1000 / SLOTS_PER_SECOND);
  }
}
