import type { InputFrame } from "../shared/protocol/frames.ts";
import type { Wire } from "../shared/state/field-codec.ts";
import { type InputSampler, leadTicks } from "./input-sampler.ts";
import { InputTimeline, type InputTimelineParts } from "./input-timeline.ts";

/** Told of one's own inputs, for prediction. */
export interface InputObserver {
  /**
   * The input for a tick, in wire form: for each tick of the timeline in turn, sent or not. A tick that is left out
   * (a timer was late, a clock jumped) is one without presses, in which held parts go on.
   */
  sampled(tick: number, values: readonly Wire[]): void;
  /** Something of the input for `inputTick` came too late and acted in `appliedTick`. Told before that tick applies. */
  tookEffect(inputTick: number, appliedTick: number): void;
}

export interface InputSenderParts extends Omit<InputTimelineParts, "sample" | "pass"> {
  readonly sampler: InputSampler;
  /**
   * What samples: the clock, at each tick of a timeline ahead of the server, for games that predict; or ticks as
   * they close, which needs no timers.
   */
  readonly sampledBy: "clock" | "ticks";
  /** The tick that the player sees, with a fraction. */
  readonly viewTick: () => number;
  readonly send: (frame: InputFrame) => void;
  readonly observer: InputObserver | undefined;
}

/** Decides when the player's input is sampled, and for which tick. */
export class InputSender {
  /** In games that predict. */
  readonly timeline: InputTimeline | undefined;
  readonly #parts: InputSenderParts;
  #late = 0;

  constructor(parts: InputSenderParts) {
    this.#parts = parts;
    if (parts.sampledBy === "clock")
      this.timeline = new InputTimeline({
        ...parts,
        sample: (tick) => this.#sample(tick, tick),
        pass: () => parts.sampler.pass(),
      });
  }

  /** Inputs of ours that took effect after their tick, as the server told. */
  get late(): number {
    return this.#late;
  }

  tickClosed(tick: number): void {
    if (this.timeline) this.timeline.wake();
    else {
      const { serverClock, periodMs } = this.#parts;
      this.#sample(tick, tick + 1 + leadTicks(serverClock.rttMs, periodMs));
    }
  }

  /** The room was restored: it knows no input, and its ticks may be lower ones. */
  restart(): void {
    this.#parts.sampler.restart();
    this.timeline?.restart();
  }

  /** @param late pairs of the tick that an input was for and the one that it acted in, flat */
  tookEffect(late: readonly number[]): void {
    for (let i = 0; i + 1 < late.length; i += 2) {
      this.#late += 1;
      this.#parts.observer?.tookEffect(late[i] as number, late[i + 1] as number);
    }
  }

  #sample(at: number, address: number): "sent" | "silent" {
    const { sampler, observer, send, viewTick, closedTick } = this.#parts;
    // A view may run ahead of what has closed, but a whole tick that has not closed must not be acknowledged.
    const view = Math.min(viewTick(), closedTick() + 0.999);
    const { values, frame } = sampler.sample(at, address, view);
    if (frame !== undefined) send(frame);
    if (this.timeline) observer?.sampled(address, values);
    return frame === undefined ? "silent" : "sent";
  }
}
