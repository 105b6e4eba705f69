import type { Wire } from "../../shared/state/field-codec.ts";
import type { GameLayout, InputLayout } from "../../shared/state/game-layout.ts";

/** How an input frame was taken; `repeated` is also one that is older than what has acted already. */
export type InputVerdict = "queued" | "late" | "too-far" | "repeated" | "malformed";

export interface InputQueueOptions {
  /** Inputs further ahead of the next tick are ignored. */
  readonly maxLeadTicks: number;
  /** After so many ticks without an input the player's input is neutral. */
  readonly silenceTicks: number;
  readonly latePresses: "apply" | "drop";
}

/** An input that missed its tick, and the one it took effect in. */
export interface LateInput {
  readonly inputTick: number;
  readonly appliedTick: number;
}

/**
 * One player's inputs, addressed to ticks. Held parts stand until they change, presses act in exactly one
 * tick. What comes too late takes effect in the next tick, and is told.
 */
export class InputQueue {
  readonly #inputs: readonly InputLayout[];
  readonly #options: InputQueueOptions;
  readonly #waiting = new Map<number, readonly Wire[]>();
  readonly #neutral: readonly unknown[];
  /** The input of the running tick, by name; one object for the player's whole stay. */
  readonly #current: Record<string, unknown> = {};
  #late: { latest: number; held: readonly Wire[]; pressed: boolean[] } | undefined;
  /** From here on silence counts: an input that waits for its tick is a sign of life until then. */
  #heardUntil = Number.NEGATIVE_INFINITY;
  /** The newest input that has taken effect. */
  #newest = Number.NEGATIVE_INFINITY;
  #neutralised = true;
  /** Something is pressed in the running tick, to be released with the next. */
  #isPressed = false;
  /** Before this tick nothing changes by itself. */
  #wakeAt = Number.NEGATIVE_INFINITY;

  constructor(layout: GameLayout, options: InputQueueOptions) {
    this.#inputs = layout.inputs;
    this.#options = options;
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
      this.#receiveLate(tick, values);
      this.#wakeAt = Number.NEGATIVE_INFINITY;
      return "late";
    }
    this.#waiting.set(tick, values);
    this.#wakeAt = Math.min(this.#wakeAt, tick);
    return "queued";
  }

  /** Moves on to a tick: {@link current} is its input. Ticks come in order. */
  advance(tick: number): LateInput | undefined {
    // Most ticks change nothing: of many players' queues they then touch this one number.
    if (tick < this.#wakeAt) return undefined;
    const late = this.#take(tick);
    const goesOn = this.#waiting.size > 0 || this.#isPressed;
    if (goesOn) this.#wakeAt = tick + 1;
    else if (this.#neutralised) this.#wakeAt = Number.POSITIVE_INFINITY;
    else this.#wakeAt = this.#heardUntil + this.#options.silenceTicks;
    return late;
  }

  #take(tick: number): LateInput | undefined {
    const due = this.#waiting.get(tick);
    this.#waiting.delete(tick);
    const late = this.#late;
    this.#late = undefined;

    if (due === undefined && late === undefined) {
      if (tick - this.#heardUntil >= this.#options.silenceTicks) this.#neutralise();
      else this.#releasePresses();
      this.#isPressed = false;
      return undefined;
    }
    this.#neutralised = false;
    this.#isPressed = false;
    this.#newest = due !== undefined ? tick : (late?.latest ?? this.#newest);
    for (let i = 0; i < this.#inputs.length; i++) {
      const { name, kind, codec } = this.#inputs[i] as InputLayout;
      if (kind === "pressed") {
        const isPressed =
          due?.[i] === true || (this.#options.latePresses === "apply" && late?.pressed[i] === true);
        this.#current[name] = isPressed;
        this.#isPressed ||= isPressed;
      } else {
        this.#current[name] = codec.restore((due ?? late?.held)?.[i] as Wire, noRows);
      }
    }
    return late && { inputTick: late.latest, appliedTick: tick };
  }

  #wellFormed(values: readonly unknown[]): values is readonly Wire[] {
    return (
      values.length === this.#inputs.length && this.#inputs.every(({ codec }, i) => codec.accepts(values[i]))
    );
  }

  /** Held parts of the latest count, presses of all. */
  #receiveLate(tick: number, values: readonly Wire[]): void {
    const known = this.#late;
    this.#late = {
      latest: Math.max(tick, known?.latest ?? tick),
      held: known !== undefined && known.latest > tick ? known.held : values,
      pressed: this.#inputs.map(
        ({ kind }, i) => kind === "pressed" && (values[i] === true || known?.pressed[i] === true),
      ),
    };
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
