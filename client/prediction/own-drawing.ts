import type { Wire } from "../../shared/state/field-codec.ts";
import type { InputLayout } from "../../shared/state/game-layout.ts";
import { shortWay } from "../../shared/state/turn.ts";
import type { PredictedField, PredictedRow } from "./predicted-field.ts";
import type { RowHistory } from "./row-history.ts";
import type { Stepper } from "./stepper.ts";

/** A correction is nearly gone, at a twentieth of its size, after so long. */
const FADE_MS = 100;

/** A jump by more than so many of the largest steps that a field ever made is shown as one, unless the game says. */
const JUMP_STEPS = 4;

/**
 * Where one's own row is drawn: from the newest predicted tick towards the one that the present input would give,
 * so that what the player does shows in the next frame. Where what was drawn turns out otherwise (the server says
 * so, or the input changed before its tick was over) the difference fades instead of jumping. Frames allocate nothing
 * but copies of lists and bytes, and those only where something happened.
 */
export class OwnDrawing {
  readonly #stepper: Stepper;
  readonly #history: RowHistory;
  readonly #inputs: readonly InputLayout[];
  readonly #periodMs: number;
  /** What is drawn: one object for the whole stay. */
  readonly #drawn: PredictedRow;
  /** The drawn tick's beginning and its end, should the present input stand. */
  readonly #from: PredictedRow;
  readonly #to: PredictedRow;
  readonly #beyond: PredictedRow;
  readonly #presentWires: Wire[];
  readonly #present: Record<string, unknown> = {};
  /** By field: what of past corrections is still to fade. */
  readonly #offset: Float64Array;
  readonly #shown: Float64Array;
  /** By field: an angle that the input sets outright, so there is nothing to wait for. */
  readonly #isSet: boolean[];
  /** The tick of `from`; `undefined`: nothing was drawn yet, or what was is no measure any more. */
  #tick: number | undefined;
  #isStale = true;
  /** At the last frame the row was shown at `from`, whatever the time. */
  #stands = false;
  #lastAt: number | undefined;

  constructor(
    stepper: Stepper,
    history: RowHistory,
    inputs: readonly InputLayout[],
    periodMs: number,
    id: number,
  ) {
    this.#stepper = stepper;
    this.#history = history;
    this.#inputs = inputs;
    this.#periodMs = periodMs;
    this.#drawn = stepper.blank(id);
    this.#from = stepper.blank(id);
    this.#to = stepper.blank(id);
    this.#beyond = stepper.blank(id);
    this.#presentWires = inputs.map(() => null);
    this.#offset = new Float64Array(stepper.fields.length);
    this.#shown = new Float64Array(stepper.fields.length);
    this.#isSet = stepper.fields.map(() => false);
  }

  /** The rows have changed: the next frame looks at them anew. */
  changed(): void {
    this.#isStale = true;
  }

  /** What was drawn has nothing to do with what comes. */
  reset(): void {
    this.#isStale = true;
    this.#tick = undefined;
    this.#stands = false;
    this.#offset.fill(0);
  }

  /**
   * @param at the moment to draw, in ticks of the input timeline: it goes on to the next tick while none is sampled
   * @param present what would be sampled now
   * @param goesOn `false`: nothing is predicted beyond the newest tick, so the row stands
   */
  at(at: number, present: readonly Wire[], goesOn: boolean): PredictedRow {
    const { newest } = this.#history;
    if (this.#takePresent(present) || this.#isStale || newest !== this.#tick) this.#look(newest);
    this.#fade(at);
    this.#stands = !goesOn;
    const part = this.#stands ? 0 : partOf(at - newest);
    const { fields } = this.#stepper;
    const isApart = this.#isApart();
    for (let i = 0; i < fields.length; i++) {
      const { name } = fields[i] as PredictedField;
      this.#drawn[name] =
        isApart || !this.#glides(i) ? this.#from[name] : this.#between(i, part) + (this.#offset[i] as number);
    }
    return this.#drawn;
  }

  /**
   * Takes a new look at the rows. Where both looks say something, at the last frame or at the end of its tick, what
   * they differ by becomes an offset: so the row goes on from where it was seen, and at once.
   */
  #look(newest: number): void {
    const before = this.#tick;
    const isSameTick = before === newest || this.#stands;
    const joint = isSameTick || before === undefined ? undefined : this.#history.at(before + 1);
    const part = this.#stands ? 0 : isSameTick ? partOf((this.#lastAt ?? newest) - newest) : 1;
    for (let i = 0; i < this.#shown.length; i++)
      this.#shown[i] = this.#glides(i) ? this.#between(i, part) : Number.NaN;
    const stepper = this.#stepper;
    stepper.copy(this.#history.at(newest) as PredictedRow, this.#from);
    stepper.step(this.#from, this.#to, this.#present, newest + 1);
    stepper.step(this.#to, this.#beyond, this.#present, newest + 2);
    this.#tick = newest;
    this.#isStale = false;
    for (let i = 0; i < this.#isSet.length; i++) {
      const { name, glide } = stepper.fields[i] as PredictedField;
      this.#isSet[i] = glide === "round" && this.#to[name] === this.#beyond[name];
    }
    if (before !== undefined && (isSameTick || joint !== undefined)) this.#takeOver(part, joint);
    else this.#offset.fill(0);
  }

  #takeOver(part: number, joint: PredictedRow | undefined): void {
    const { fields } = this.#stepper;
    for (let i = 0; i < fields.length; i++) {
      const { name, glide, teleport } = fields[i] as PredictedField;
      const shown = this.#shown[i] as number;
      if (Number.isNaN(shown) || !this.#glides(i) || this.#isSet[i]) {
        this.#offset[i] = 0;
        continue;
      }
      const now = joint === undefined ? this.#between(i, part) : (joint[name] as number);
      const jump = glide === "round" ? shortWay(now, shown) : shown - now;
      const most = glide === "round" ? Math.PI : (teleport ?? JUMP_STEPS * this.#stepper.largest(i));
      if (Math.abs(jump) <= most) this.#offset[i] = (this.#offset[i] as number) + jump;
      // What no step moves is no movement of the row: it is as it is, and nothing else jumps with it.
      else if (teleport === undefined && !this.#stepper.writes(i)) this.#offset[i] = 0;
      else {
        this.#offset.fill(0);
        return;
      }
    }
  }

  #fade(at: number): void {
    const elapsedMs = Math.max(0, at - (this.#lastAt ?? at)) * this.#periodMs;
    this.#lastAt = at;
    // e^-3 is a twentieth.
    const rest = Math.exp((-3 * elapsedMs) / FADE_MS);
    for (let i = 0; i < this.#offset.length; i++) this.#offset[i] = (this.#offset[i] as number) * rest;
  }

  /** Whether the present input is another than at the last frame. */
  #takePresent(present: readonly Wire[]): boolean {
    let isNew = this.#tick === undefined;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { name, codec } = this.#inputs[i] as InputLayout;
      const wire = present[i] as Wire;
      if (this.#tick !== undefined && codec.same(wire, this.#presentWires[i] as Wire)) continue;
      isNew = true;
      this.#presentWires[i] = wire;
      this.#present[name] = codec.restore(wire, noRows);
    }
    return isNew;
  }

  #glides(i: number): boolean {
    const { name, glide } = this.#stepper.fields[i] as PredictedField;
    return glide !== "none" && typeof this.#from[name] === "number" && typeof this.#to[name] === "number";
  }

  #between(i: number, part: number): number {
    const { name, glide } = this.#stepper.fields[i] as PredictedField;
    const from = this.#from[name] as number;
    const to = this.#to[name] as number;
    if (this.#isSet[i]) return to;
    return from + (glide === "round" ? shortWay(from, to) : to - from) * part;
  }

  /** The step itself puts the row elsewhere: between the two places it is nowhere. */
  #isApart(): boolean {
    const { fields } = this.#stepper;
    for (let i = 0; i < fields.length; i++) {
      const { name, teleport } = fields[i] as PredictedField;
      if (teleport === undefined || !this.#glides(i)) continue;
      if (Math.abs((this.#to[name] as number) - (this.#from[name] as number)) > teleport) return true;
    }
    return false;
  }
}

/** How much of the tick is over. */
function partOf(ticks: number): number {
  return Math.min(Math.max(ticks, 0), 1);
}

/** Inputs hold no rows: the definition refuses it. */
const noRows = (): undefined => undefined;
