import { copyValue, type PredictedField, type PredictedRow, sameValue } from "./predicted-field.ts";

/** A game's step, as one calls it who does not know its types. */
export type Step = (
  row: PredictedRow,
  input: Readonly<Record<string, unknown>>,
  dt: number,
  world: { readonly tick: number; readonly state: unknown },
) => void;

/** Runs a game's step, and learns from what it does which fields are its own to say. */
export class Stepper {
  readonly fields: readonly PredictedField[];
  readonly #step: Step;
  readonly #dt: number;
  /** One object for all steps. */
  readonly #world: { tick: number; readonly state: unknown };
  readonly #writes: boolean[];
  readonly #largest: number[];

  /** @param state the read-only tables and records that steps may look at */
  constructor(step: Step, fields: readonly PredictedField[], dt: number, state: unknown) {
    this.#step = step;
    this.fields = fields;
    this.#dt = dt;
    this.#world = { tick: 0, state };
    this.#writes = fields.map(() => false);
    this.#largest = fields.map(() => 0);
  }

  /**
   * Whether a step has ever changed the field. What it never changed the server alone changes, so a new value of it
   * is news and no misprediction.
   */
  writes(field: number): boolean {
    return this.#writes[field] === true;
  }

  /** The most that a step changed the field by, where it is a number. */
  largest(field: number): number {
    return this.#largest[field] ?? 0;
  }

  /** A row with room for all fields, in their order. */
  blank(id: number): PredictedRow {
    const row: PredictedRow = { id };
    for (const { name } of this.fields) row[name] = undefined;
    return row;
  }

  copy(from: PredictedRow, to: PredictedRow): void {
    for (const { name } of this.fields) to[name] = copyValue(from[name]);
  }

  /** Makes `to` what `from` is at tick `tick`, one tick later. What the step throws is the caller's to tell. */
  step(from: PredictedRow, to: PredictedRow, input: Readonly<Record<string, unknown>>, tick: number): void {
    this.copy(from, to);
    this.#world.tick = tick;
    this.#step(to, input, this.#dt, this.#world);
    for (let i = 0; i < this.fields.length; i++) {
      const { name } = this.fields[i] as PredictedField;
      const before = from[name];
      const after = to[name];
      if (!this.#writes[i] && !sameValue(before, after)) this.#writes[i] = true;
      if (typeof before === "number" && typeof after === "number")
        this.#largest[i] = Math.max(this.#largest[i] as number, Math.abs(after - before));
    }
  }
}
