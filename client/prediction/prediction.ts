import type { GameDescription } from "../../shared/definition/description.ts";
import type { RowLookup, Wire } from "../../shared/state/field-codec.ts";
import type { GameLayout, TableLayout } from "../../shared/state/game-layout.ts";
import { periodMs, ticksIn } from "../../shared/tick/tick.ts";
import { InputHistory } from "./input-history.ts";
import { OwnDrawing } from "./own-drawing.ts";
import {
  type GlideMark,
  isAlike,
  type PredictedField,
  type PredictedRow,
  predictedFields,
} from "./predicted-field.ts";
import { RowHistory } from "./row-history.ts";
import { type Step, Stepper } from "./stepper.ts";

/**
 * So far beyond the last confirmed tick the own row is predicted, in milliseconds. It is more than a long way and a
 * stall take together; who hears nothing for longer has lost the server, and a row that goes on would only have to
 * come back.
 */
const MAX_AHEAD_MS = 1_500;

/** As the server's limits have it by default: see `inputSilenceMs`. */
const SILENCE_MS = 250;
const LEAST_SILENCE_TICKS = 4;

/** How a row of ours compares with the server's. */
type Verdict = "alike" | "only-the-server's" | "mispredicted";

export interface PredictionParts {
  readonly description: GameDescription;
  readonly layout: GameLayout;
  /** The game's own, of its definition. */
  readonly step: Step;
  /** The id of the player's own row. */
  readonly row: number;
  /** The mirror's tables and records, for steps to look at. */
  readonly state: unknown;
  readonly lookup: RowLookup;
  /** How the game draws fields of the own row; see {@link predictedFields}. */
  readonly marks?: ReadonlyMap<string, GlideMark>;
  /** Told of what a step throws; nothing is predicted after it. */
  readonly report: (error: unknown) => void;
}

/**
 * The player's own row, ahead of the server: every input moves it at once, by the game's own step, and what the
 * server says of a tick later is compared with what was made of that tick. Where they are alike, within one
 * quantised step, our row stands, fractions and all; else it is put right and all ticks since are stepped again.
 *
 * Knows no time and no connection: ticks, inputs and rows are told to it.
 */
export class Prediction {
  readonly #fields: readonly PredictedField[];
  readonly #stepper: Stepper;
  readonly #history: RowHistory;
  readonly #inputs: InputHistory;
  readonly #drawing: OwnDrawing;
  readonly #lookup: RowLookup;
  readonly #report: (error: unknown) => void;
  /** The newest row as it was before a correction, to measure that by. */
  readonly #corrected: PredictedRow;
  readonly #position: TableLayout["position"];
  #hasFailed = false;
  #mispredictions = 0;
  #lastCorrection = 0;

  constructor({ description, layout, step, row, state, lookup, marks, report }: PredictionParts) {
    const table = layout.ownerTable as TableLayout;
    const period = periodMs(description.tickRate);
    const capacity = 1 + Math.max(2, ticksIn(MAX_AHEAD_MS, description.tickRate));
    const silence = Math.max(LEAST_SILENCE_TICKS, ticksIn(SILENCE_MS, description.tickRate));
    this.#fields = predictedFields(table, description.tables[table.index]?.fields ?? [], marks ?? new Map());
    this.#stepper = new Stepper(step, this.#fields, period / 1000, state);
    this.#history = new RowHistory(this.#stepper, row, capacity);
    this.#inputs = new InputHistory(layout.inputs, silence, 2 * capacity);
    this.#drawing = new OwnDrawing(this.#stepper, this.#history, layout.inputs, period, row);
    this.#corrected = this.#stepper.blank(row);
    this.#lookup = lookup;
    this.#position = table.position;
    this.#report = report;
  }

  /** Ticks that the server told otherwise, in fields that the game's step moves. */
  get mispredictions(): number {
    return this.#mispredictions;
  }

  /** How far the last correction moved the newest predicted row, in units of its position; 0 before the first. */
  get lastCorrection(): number {
    return this.#lastCorrection;
  }

  /**
   * The input for a tick, in wire values in the order of the definition, whether it is sent or not. Ticks come in
   * order; where one is left out the last input stands, as it does on the server.
   */
  sampled(tick: number, values: readonly Wire[]): void {
    this.#inputs.sampled(tick, values);
    this.#attempt(() => this.#goOn());
  }

  /** The server told that something of the input for `inputTick` acted in `appliedTick`. Before that is confirmed. */
  tookEffect(inputTick: number, appliedTick: number): void {
    this.#inputs.tookEffect(inputTick, appliedTick);
    if (this.#history.isEmpty) return;
    this.#attempt(() => {
      this.#keepNewest();
      this.#replayFrom(inputTick);
    });
  }

  /**
   * A tick has closed: the own row's wire values as of then, by field, `undefined` where one is not seen; or
   * `undefined` where the row is not there. Without it, or its position, there is nothing to predict.
   */
  confirmed(tick: number, values: readonly (Wire | undefined)[] | undefined): void {
    // Whoever looks elsewhere does not see where they are themselves: there is nothing to step from.
    if (values === undefined || this.#position?.some((field) => values[field] === undefined)) {
      this.#forget();
      return;
    }
    this.#attempt(() => this.#confirm(tick, values));
  }

  /** The room was restored: its ticks may be lower ones, and nothing that was predicted for it will be confirmed. */
  restart(): void {
    this.#forget();
    this.#inputs.restart();
  }

  /**
   * The own row as it is drawn at a moment of the input timeline, in ticks with a fraction; `present` is the input
   * that would be sampled now, in wire values. The same object every time. `undefined` where nothing is predicted:
   * then the mirror's row is all there is.
   */
  ownAt(at: number, present: readonly Wire[]): Readonly<PredictedRow> | undefined {
    if (this.#history.isEmpty || this.#hasFailed) return undefined;
    try {
      return this.#drawing.at(at, present, !this.#history.isFull);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #forget(): void {
    this.#history.clear();
    this.#drawing.reset();
  }

  #confirm(tick: number, values: readonly (Wire | undefined)[]): void {
    const history = this.#history;
    if (!history.isEmpty && tick <= history.oldest) return;
    // Where no input was sampled for the tick yet, what stands is what acted.
    if (!history.isEmpty) this.#stepTo(tick);
    const row = history.at(tick);
    if (row === undefined) {
      const isFirst = history.isEmpty;
      const begun = history.begin(tick);
      this.#fields.forEach((field, i) => {
        begun[field.name] = this.#restored(field, values[i]);
      });
      if (!isFirst) this.#drawing.reset();
    } else {
      this.#keepNewest();
      const verdict = this.#takeOver(row, values);
      history.forgetBefore(tick);
      if (verdict === "mispredicted") this.#mispredictions += 1;
      if (verdict !== "alike") this.#replayFrom(tick + 1);
    }
    this.#inputs.settled(tick);
    this.#goOn();
    this.#drawing.changed();
  }

  /** Puts right what is not alike; fields that are keep their fractions. */
  #takeOver(row: PredictedRow, values: readonly (Wire | undefined)[]): Verdict {
    let verdict: Verdict = "alike";
    for (let i = 0; i < this.#fields.length; i++) {
      const field = this.#fields[i] as PredictedField;
      const wire = values[i];
      const own = row[field.name];
      // What is undefined is not seen, or refers to nobody, or is optional: there is nothing to quantise.
      const isSame =
        wire === undefined || own === undefined
          ? own === this.#restored(field, wire)
          : isAlike(field, wire, own);
      if (isSame) continue;
      row[field.name] = this.#restored(field, wire);
      if (this.#stepper.writes(i)) verdict = "mispredicted";
      else if (verdict === "alike") verdict = "only-the-server's";
    }
    return verdict;
  }

  #restored({ codec }: PredictedField, wire: Wire | undefined): unknown {
    return wire === undefined ? undefined : codec.restore(wire, this.#lookup);
  }

  /** Steps on to the newest input. */
  #goOn(): void {
    if (!this.#history.isEmpty) this.#stepTo(this.#inputs.newest);
  }

  #stepTo(tick: number): void {
    const history = this.#history;
    while (history.newest < tick && !history.isFull) {
      const before = history.at(history.newest) as PredictedRow;
      const row = history.append();
      this.#stepper.step(before, row, this.#inputs.actingIn(history.newest), history.newest);
    }
  }

  /** Before a correction, to measure it by. */
  #keepNewest(): void {
    this.#stepper.copy(this.#history.at(this.#history.newest) as PredictedRow, this.#corrected);
  }

  /** Steps all ticks from this one on anew. */
  #replayFrom(from: number): void {
    const history = this.#history;
    for (let tick = Math.max(from, history.oldest + 1); tick <= history.newest; tick++)
      this.#stepper.step(
        history.at(tick - 1) as PredictedRow,
        history.at(tick) as PredictedRow,
        this.#inputs.actingIn(tick),
        tick,
      );
    const moved = this.#distance(this.#corrected, history.at(history.newest) as PredictedRow);
    if (moved > 0) this.#lastCorrection = moved;
    this.#drawing.changed();
  }

  #distance(from: PredictedRow, to: PredictedRow): number {
    let squares = 0;
    for (const { name, measured } of this.#fields) {
      const [a, b] = [from[name], to[name]];
      if (measured && typeof a === "number" && typeof b === "number") squares += (b - a) ** 2;
    }
    return Math.sqrt(squares);
  }

  /** The game's step is code of its author's: where it fails, the mirror is what is left, and the session goes on. */
  #attempt(work: () => void): void {
    if (this.#hasFailed) return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#report(error);
  }
}
