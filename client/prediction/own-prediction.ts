import type { GameDescription } from "../../shared/definition/description.ts";
import type { Game } from "../../shared/definition/game.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { GameLayout, TableLayout } from "../../shared/state/game-layout.ts";
import type { Replica } from "../../shared/state/replica.ts";
import type { MonotonicMs } from "../../shared/tick/clock.ts";
import type { InputSampler } from "../input-sampler.ts";
import type { InputObserver } from "../input-sender.ts";
import type { Mirror } from "../mirror.ts";
import type { OwnRow } from "../view/own-row.ts";
import type { GlideMark } from "./predicted-field.ts";
import { Prediction } from "./prediction.ts";
import type { Step } from "./stepper.ts";

export interface OwnPredictionParts {
  /** The game as this client knows it: it has the step. */
  readonly known: Game;
  readonly description: GameDescription;
  readonly layout: GameLayout;
  readonly replica: Replica;
  readonly mirror: Mirror;
  readonly sampler: InputSampler;
  readonly rowId: number;
  /** The moment that is being played here, in ticks. Undefined while it is not known. */
  readonly tickAt: (now: MonotonicMs) => number | undefined;
  readonly report: (error: unknown) => void;
}

/** A seat's prediction: hears of its inputs and of the ticks that close, and gives its view one's own row. */
export class OwnPrediction implements InputObserver, OwnRow {
  readonly #parts: OwnPredictionParts;
  readonly #prediction: Prediction;

  constructor(parts: OwnPredictionParts) {
    const { known, description, layout, mirror, rowId, report } = parts;
    this.#parts = parts;
    this.#prediction = new Prediction({
      description,
      layout,
      step: known.spec.predict?.step as unknown as Step,
      row: rowId,
      state: mirror.state,
      lookup: mirror.lookup,
      marks: marksOf(known),
      report,
    });
  }

  get mispredictions(): number {
    return this.#prediction.mispredictions;
  }

  get lastCorrection(): number {
    return this.#prediction.lastCorrection;
  }

  sampled(tick: number, values: readonly Wire[]): void {
    this.#prediction.sampled(tick, values);
  }

  tookEffect(inputTick: number, appliedTick: number): void {
    this.#prediction.tookEffect(inputTick, appliedTick);
  }

  /** The mirror is as of this tick now. */
  closed(tick: number): void {
    const { layout, replica, rowId } = this.#parts;
    this.#prediction.confirmed(tick, replica.rows(layout.ownerTable as TableLayout).get(rowId)?.values);
  }

  /** The room was restored: nothing that was predicted for it will be confirmed. */
  restart(): void {
    this.#prediction.restart();
  }

  at(now: MonotonicMs, drawn: object | undefined): object | undefined {
    const tick = this.#parts.tickAt(now);
    if (tick === undefined || drawn === undefined) return drawn;
    return this.#prediction.ownAt(tick, this.#parts.sampler.present()) ?? drawn;
  }
}

/** How the game draws the fields of players' rows. */
function marksOf({ spec: { predict, state } }: Game): ReadonlyMap<string, GlideMark> {
  const marks = new Map<string, GlideMark>();
  const fields = predict && state[predict.table]?.fields;
  for (const [name, { interpolated }] of Object.entries(fields ?? {}))
    if (interpolated !== undefined) marks.set(name, interpolated);
  return marks;
}
