import type { Wire } from "../../shared/state/field-codec.ts";
import type { GameLayout, InputLayout } from "../../shared/state/game-layout.ts";
import { FOR_EVER } from "../../shared/tick/tick.ts";
import { LateInputs } from "./late-inputs.ts";
import { WaitingInputs } from "./waiting-inputs.ts";

/** How an input frame was taken; `repeated` is also one that is older than what has acted already. */
export type InputVerdict = "queued" | "late" | "too-far" | "repeated" | "malformed";

export interface InputQueueOptions {
  /** Inputs further ahead of the next tick are ignored. */
  readonly maxLeadTicks: number;
  /** After so many ticks without an input the player's input is neutral. */
  readonly silenceTicks: number;
  readonly latePresses: "apply" | "drop";
}

/** An input that missed its tick, and one that it took effect in: its held part in the next, its presses there or later. */
export interface LateInput {
  readonly inputTick: number;
  readonly appliedTick: number;
}

/**
 * One player's inputs, addressed to ticks. Held parts stand until they change, presses act in exactly one
 * tick. What comes too late takes effect in the next tick, and is told. At most `maxLeadTicks` inputs wait for their
 * tick, and as many late ones.
 */
export class InputQueue {
  readonly #inputs: readonly InputLayout[];
  readonly #options: InputQueueOptions;
  readonly #waiting = new WaitingInputs();
  readonly #neutral: readonly unknown[];
  /** The input of the running tick, by name; one object for the player's whole stay. */
  readonly #current: Record<string, unknown> = {};
  readonly #late: LateInputs;
  /** From here on silence counts: an input that waits for its tick is a sign of life until then. */
  #heardUntil = -FOR_EVER;
  /** The newest input that has taken effect. */
  #newest = -FOR_EVER;
  #neutralised = true;
  /** Something is pressed in the running tick, to be released with the next. */
  #isPressed = false;
  /** Before this tick nothing changes by itself. */
  #wakeAt = -FOR_EVER;

  constructor(layout: GameLayout, options: InputQueueOptions) {
    this.#inputs = layout.inputs;
    this.#options = options;
    this.#late = new LateInputs(layout.inputs, options.latePresses, options.maxLeadTicks);
    this.#neutral = layout.inputs.map(({ codec }) => codec.initial());
    this.#neutralise();
  }

  get current(): Readonly<Record<string, unknown>> {
    return this.#current;
  }

  /**
   * Takes the values of an input frame.
   *
   * @param next the tick that runs next
   */
  receive(tick: number, values: readonly unknown[], next: number): InputVerdict {
    if (!this.#wellFormed(values)) return "malformed";
    // A game without inputs: nothing would ever take them.
    if (this.#inputs.length === 0) return "repeated";
    if (tick >= next + this.#options.maxLeadTicks) return "too-far";
    this.#heardUntil = Math.max(this.#heardUntil, tick, next);
    // A connection keeps the order, so an older input was here before: its presses must not act twice.
    if (tick <= this.#newest || this.#waiting.has(tick)) return "repeated";
    if (tick < next) {
      this.#wakeAt = -FOR_EVER;
      return this.#late.add(tick, values);
    }
    this.#waiting.add(tick, values);
    this.#wakeAt = Math.min(this.#wakeAt, tick);
    return "queued";
  }

  /** Moves on to a tick: {@link current} is its input. Ticks come in order. Tells what of late inputs acts in it. */
  advance(tick: number): readonly LateInput[] | undefined {
    // Most ticks change nothing: of many players' queues they then touch this one number.
    if (tick < this.#wakeAt) return undefined;
    const late = this.#take(tick);
    const goesOn = !this.#waiting.isEmpty || this.#isPressed || this.#late.hasPresses;
    if (goesOn) this.#wakeAt = tick + 1;
    else if (this.#neutralised) this.#wakeAt = FOR_EVER;
    else this.#wakeAt = this.#heardUntil + this.#options.silenceTicks;
    return late;
  }

  #take(tick: number): readonly LateInput[] | undefined {
    const due = this.#waiting.take(tick);
    if (due === undefined && this.#late.isEmpty) {
      if (tick - this.#heardUntil >= this.#options.silenceTicks) this.#neutralise();
      else this.#releasePresses();
      this.#isPressed = false;
      return undefined;
    }
    const late = this.#late.takeNewest();
    const told = late === undefined ? [] : [late.tick];
    const values = due ?? late?.values;
    this.#newest = due !== undefined ? tick : (late?.tick ?? this.#newest);
    if (values === undefined && tick - this.#heardUntil >= this.#options.silenceTicks) this.#neutralise();
    this.#neutralised = false;
    this.#isPressed = false;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { name, kind, codec } = this.#inputs[i] as InputLayout;
      if (kind === "held") {
        if (values !== undefined) this.#current[name] = codec.restore(values[i] as Wire, noRows);
        continue;
      }
      // The tick's own press is its own: a late one waits, so that the two stay two.
      const pressedFor = due?.[i] === true ? tick : this.#late.takePress(i);
      this.#current[name] = pressedFor !== undefined;
      this.#isPressed ||= pressedFor !== undefined;
      if (pressedFor !== undefined && pressedFor !== tick && !told.includes(pressedFor))
        told.push(pressedFor);
    }
    if (told.length === 0) return undefined;
    return told.sort((a, b) => a - b).map((inputTick) => ({ inputTick, appliedTick: tick }));
  }

  #wellFormed(values: readonly unknown[]): values is readonly Wire[] {
    return (
      values.length === this.#inputs.length && this.#inputs.every(({ codec }, i) => codec.accepts(values[i]))
    );
  }

  #neutralise(): void {
    if (this.#neutralised && Object.keys(this.#current).length === this.#inputs.length) return;
    this.#neutralised = true;
    this.#inputs.forEach(({ name }, i) => {
      this.#current[name] = this.#neutral[i];
    });
  }

  #releasePresses(): void {
    for (const { name, kind } of this.#inputs) if (kind === "pressed") this.#current[name] = false;
  }
}

/** Inputs hold no rows: the definition refuses it. */
const noRows = (): undefined => undefined;
