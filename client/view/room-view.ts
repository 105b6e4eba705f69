import type { StateDefinition } from "../../shared/definition/game.ts";
import type { GameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Mirror } from "../mirror.ts";
import { Arrivals } from "./arrivals.ts";
import { drawnFields } from "./drawn-fields.ts";
import { DrawnTick } from "./drawn-tick.ts";
import { likeOthers, type OwnRow } from "./own-row.ts";
import { type Moment, ViewRows } from "./view-rows.ts";

/** More of the past than this is never drawn, in milliseconds; nor is the way over ticks that were missed. */
const KEPT_MS = 1_000;
const LONGEST_WAY_MS = 500;

/** Beyond this a guess is none. */
export const MOST_EXTRAPOLATION_MS = 250;

export interface RoomViewParts {
  readonly clock: Clock;
  readonly periodMs: number;
  readonly layout: GameLayout;
  readonly mirror: Mirror;
  /** The state as the client's own definition has it: its marks count. Undefined: nothing is interpolated. */
  readonly known: StateDefinition | undefined;
  readonly rowId: number;
  /** How far a row is drawn beyond its last tick, in milliseconds, at most {@link MOST_EXTRAPOLATION_MS}. */
  readonly extrapolateMs: number;
  readonly own?: OwnRow | undefined;
  /** The last tick that closed. */
  readonly tick: number;
}

interface LivePicture {
  tick: number;
  me: object | undefined;
  readonly state: Readonly<Record<string, object>>;
}

type MutableMoment = { -readonly [Key in keyof Moment]: Moment[Key] };

/** What a game draws: the ticks that close, unevenly, turned into a picture that moves evenly. */
export class RoomView {
  readonly #parts: RoomViewParts;
  readonly #own: OwnRow;
  #arrivals: Arrivals;
  readonly #drawn: DrawnTick;
  readonly #moment: MutableMoment;
  readonly #rows: ViewRows[] = [];
  readonly #ownRows: { get(id: number): object | undefined } | undefined;
  /** The one object that the game gets. */
  readonly #picture: LivePicture;

  constructor(parts: RoomViewParts) {
    const { clock, periodMs, layout, mirror, known, tick, own = likeOthers } = parts;
    this.#parts = parts;
    this.#own = own;
    this.#arrivals = new Arrivals(periodMs);
    this.#arrivals.guess(tick, clock.now());
    this.#drawn = new DrawnTick(periodMs);
    this.#moment = { closed: tick, before: tick, isCut: false, drawn: Number.NEGATIVE_INFINITY };
    const mostSamples = Math.ceil(KEPT_MS / periodMs) + 2;
    const state: Record<string, object> = { ...mirror.state };
    for (const table of layout.tables) {
      const fields = known && drawnFields(table, known);
      if (fields === undefined) continue;
      const rows = new ViewRows(table, fields, this.#moment, mostSamples);
      mirror.watch(table, rows);
      this.#rows.push(rows);
      state[table.name] = table.kind === "record" ? (rows.first as object) : rows;
    }
    const { ownerTable } = layout;
    this.#ownRows = ownerTable && (state[ownerTable.name] as { get(id: number): object | undefined });
    this.#picture = { tick, me: undefined, state: Object.freeze(state) };
  }

  /** The tick that was drawn last. */
  get tick(): number {
    return this.#drawn.tick;
  }

  /** How far what is drawn is behind ticks that arrive as usual, in milliseconds. */
  get delayMs(): number {
    const { clock, periodMs } = this.#parts;
    return (this.#arrivals.usualTickAt(clock.now()) - this.#drawn.tick) * periodMs;
  }

  /** The room was restored: `tick` is about to close, which may be lower than all before. No way leads there. */
  restart(tick: number): void {
    this.#arrivals = new Arrivals(this.#parts.periodMs);
    this.#moment.closed = Number.NEGATIVE_INFINITY;
    if (tick <= this.#drawn.tick) this.#drawn.restart(tick - 1);
    for (const rows of this.#rows) rows.restart(tick);
  }

  /** A tick is about to close: the mirror changes next. */
  closing(tick: number): void {
    const moment = this.#moment;
    moment.before = moment.closed;
    moment.closed = tick;
    moment.isCut = (tick - moment.before) * this.#parts.periodMs > LONGEST_WAY_MS && tick > moment.before + 1;
    this.#arrivals.arrived(tick, this.#parts.clock.now());
  }

  /** @param hears whether ticks can arrive: else nothing is guessed */
  frame(hears: boolean): LivePicture {
    const { clock, periodMs, extrapolateMs, rowId } = this.#parts;
    const now = clock.now();
    const moment = this.#moment;
    const beyond = hears ? extrapolateMs / periodMs : 0;
    // One tick behind the last that has surely arrived, so that there are two to be between.
    this.#drawn.move(now, this.#arrivals.safeTickAt(now) - 1, moment.closed + beyond);
    moment.drawn = this.#drawn.tick;
    for (const rows of this.#rows) rows.draw();
    const picture = this.#picture;
    picture.tick = moment.drawn;
    picture.me = this.#own.at(now, this.#ownRows?.get(rowId));
    return picture;
  }
}
