import { ClientFrame, type InputFrame } from "../shared/protocol/frames.ts";
import type { QuantiseContext, Wire } from "../shared/state/field-codec.ts";
import type { InputLayout } from "../shared/state/game-layout.ts";
import { ticksIn } from "../shared/tick/tick.ts";

/** An input that stands is repeated this often: well within the 250 ms of silence that make it neutral. */
const HEARTBEAT_MS = 150;

/** An input is for no tick further ahead: a second at 20 ticks a second, whatever the network says. */
const MAX_LEAD_TICKS = 20;

/** Presses that wait for a sample of their own; more count as one with the last. */
const MOST_KEPT = 20;

/** Values are clamped to what the input holds, and inputs refer to no rows. */
const clamping: QuantiseContext = { outOfRange: () => {}, holds: () => false };

/** For how many ticks ahead an input must be addressed, so that it is there before its tick. */
export function leadTicks(rttMs: number | undefined, periodMs: number): number {
  return Math.min(Math.ceil((rttMs ?? 0) / periodMs), MAX_LEAD_TICKS);
}

/** The input of a tick. */
export interface InputSample {
  /** Whether they are sent or not. */
  readonly values: readonly Wire[];
  /** Undefined where the server knows it already. */
  readonly frame: InputFrame | undefined;
}

/**
 * Gathers a player's input between ticks and says once a tick what is to be sent of it: a change, a press, now
 * and then a repetition of what stands, and nothing while the player does nothing.
 */
export class InputSampler {
  readonly #inputs: readonly InputLayout[];
  readonly #heartbeatTicks: number;
  readonly #neutral: readonly Wire[];
  /** By input: what is held, or whether it was pressed since the last sample. */
  readonly #current: Wire[];
  /** By input: presses of ticks without a sample, each of which waits for one. */
  readonly #kept: number[];
  readonly #present: Wire[];
  /** What the server knows. */
  #sent: readonly Wire[];
  #sentAt = 0;
  /** The tick that the last input was for: each is for a later one, until {@link restart}. */
  #address = 0;
  /** The last tick passed without a sample, so that the lead shrinks. */
  #hasWaited = false;

  constructor(inputs: readonly InputLayout[], tickRate: number) {
    this.#inputs = inputs;
    this.#heartbeatTicks = Math.max(1, ticksIn(HEARTBEAT_MS, tickRate));
    this.#neutral = inputs.map(({ codec }) => codec.quantise(codec.initial(), clamping));
    this.#sent = this.#neutral;
    this.#current = [...this.#neutral];
    this.#kept = inputs.map(() => 0);
    this.#present = [...this.#neutral];
  }

  /**
   * Changes the named inputs, or none where one of them is wrong.
   *
   * @throws RangeError for an input that the game does not have, TypeError for a value that it cannot hold
   */
  set(values: Readonly<Record<string, unknown>>): void {
    const changes = Object.entries(values).map(([name, value]) => {
      const index = this.#inputs.findIndex((input) => input.name === name);
      const input = this.#inputs[index];
      if (input === undefined) throw new RangeError(`the game has no input "${name}"`);
      return { index, kind: input.kind, wire: quantise(input, value) };
    });
    for (const { index, kind, wire } of changes)
      if (kind === "held" || wire === true) this.#current[index] = wire;
  }

  /**
   * Takes a sample, and makes the frame to send of it, if any. Where inputs are further ahead than they have to be, every
   * other tick passes without a sample: addresses go on one by one, so what is too far ahead is less by a tick in two.
   *
   * @param at the tick by which heartbeats are counted
   * @param address the tick that the input is to be for, if no later one had an input already
   * @param viewTick what the player saw
   */
  sample(at: number, address: number, viewTick: number): InputSample {
    this.#hasWaited = !this.#hasWaited && address <= this.#address;
    if (this.#hasWaited) {
      this.pass();
      return { values: [...this.#current], frame: undefined };
    }
    const values = [...this.#current];
    this.#inputs.forEach(({ kind }, index) => {
      if (kind !== "pressed") return;
      const kept = this.#kept[index] ?? 0;
      if (values[index] === false && kept > 0) {
        values[index] = true;
        this.#kept[index] = kept - 1;
      }
      this.#current[index] = false;
    });
    // A press that was sent is over: the next one differs from it again.
    const differs = this.#differs(values, this.#sent);
    const isDue = at - this.#sentAt >= this.#heartbeatTicks && this.#differs(values, this.#neutral);
    if (!differs && !isDue) return { values, frame: undefined };
    this.#sent = [...this.#current];
    this.#sentAt = at;
    this.#address = Math.max(address, this.#address + 1);
    return { values, frame: [ClientFrame.input, this.#address, viewTick, ...values] };
  }

  /** What a sample would be now. The same array every time. */
  present(): readonly Wire[] {
    for (let i = 0; i < this.#present.length; i++)
      this.#present[i] = (this.#kept[i] ?? 0) > 0 ? true : (this.#current[i] as Wire);
    return this.#present;
  }

  /** A tick's time passes without a sample. What was pressed in it has a later one to itself. */
  pass(): void {
    this.#inputs.forEach(({ kind }, index) => {
      if (kind !== "pressed" || this.#current[index] === false) return;
      this.#current[index] = false;
      this.#kept[index] = Math.min((this.#kept[index] ?? 0) + 1, MOST_KEPT);
    });
  }

  /** The room was restored: its ticks may be lower ones, and it knows no input. What was pressed still waits. */
  restart(): void {
    this.#sent = this.#neutral;
    this.#sentAt = 0;
    this.#address = 0;
    this.#hasWaited = false;
  }

  #differs(a: readonly Wire[], b: readonly Wire[]): boolean {
    return this.#inputs.some(({ codec }, index) => !codec.same(a[index] as Wire, b[index] as Wire));
  }
}

function quantise({ name, codec }: InputLayout, value: unknown): Wire {
  try {
    return codec.quantise(value, clamping);
  } catch (cause) {
    throw new TypeError(`input "${name}": ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
