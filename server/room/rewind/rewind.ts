import type { GameDescription, TableDescription } from "../../../shared/definition/description.ts";
import type { StateDefinition } from "../../../shared/definition/game.ts";
import type { CommittedState } from "../../../shared/state/committed-state.ts";
import type { TableLayout } from "../../../shared/state/game-layout.ts";
import { periodMs } from "../../../shared/tick/tick.ts";
import { KeptTable } from "./kept-table.ts";
import type { Look, Moment } from "./moment.ts";
import { type RewindOptions, rewindDefaults } from "./rewind-options.ts";

export interface RewindParts {
  readonly description: GameDescription;
  /** Its marks say which fields are between two ticks. */
  readonly definition: StateDefinition;
  readonly state: CommittedState;
  readonly options: RewindOptions;
  /** The tick that is running. */
  readonly tick: () => number;
}

/**
 * The near past of a room. After each tick that is committed it copies the numbers of some tables, so what players
 * see and what is kept is the same; fields marked `interpolated` go in a straight line between two ticks, all others
 * are as of the tick before. (Screens round corners: what is drawn is some tenths of a unit beside that.)
 */
export class Rewind {
  /** How far back it reaches, in ticks; not always a whole number. */
  readonly maxTicks: number;
  readonly #tick: () => number;
  readonly #tables: readonly KeptTable[];
  /** A ring, oldest overwritten first. */
  readonly #moments: Moment[] = [];
  readonly #most: number;
  #newest = -1;
  /** Prototype of all worlds: a getter by table, also for those that are not kept, to say so. */
  readonly #world: object;

  constructor({ description, definition, state, options, tick }: RewindParts) {
    const { tables, maxMs } = { ...rewindDefaults, ...options };
    this.maxTicks = maxMs / periodMs(description.tickRate);
    // The running tick is no moment yet; the one before the farthest is needed where that is between two ticks.
    this.#most = Math.ceil(this.maxTicks) + 1;
    this.#tick = tick;
    this.#tables = [...new Set(tables)].map((name, index) => {
      const layout = state.layout.tableByName.get(name) as TableLayout;
      const table = description.tables[layout.index] as TableDescription;
      const fields = definition[name]?.fields ?? {};
      return new KeptTable(index, layout, table, fields, new PresentRows(state, layout));
    });
    this.#world = worldPrototype(description, this.#tables);
  }

  /** Keeps what has just been committed. */
  record(tick: number): void {
    this.#newest = (this.#newest + 1) % this.#most;
    const fresh = (): Moment => ({ tick, tables: this.#tables.map((table) => table.snapshot()) });
    const moment = this.#moments[this.#newest] ?? fresh();
    moment.tick = tick;
    this.#moments[this.#newest] = moment;
    for (const [index, snapshot] of moment.tables.entries()) this.#tables[index]?.record(snapshot);
  }

  /**
   * Calls back with the world as it was at a tick with a fraction, and returns what that returns. Older ticks than
   * are kept are the oldest, later ones the present.
   *
   * @throws TypeError where the tick is no number
   */
  look<Result>(viewTick: number, callback: (world: never) => Result): Result {
    const look = this.#lookAt(viewTick);
    const world = Object.create(this.#world) as { [LOOK]: Look };
    world[LOOK] = look;
    try {
      return callback(world as never);
    } finally {
      look.isOpen = false;
    }
  }

  #lookAt(viewTick: number): Look {
    if (Number.isNaN(viewTick)) throw new TypeError("room.rewind is asked for tick NaN");
    const present = this.#tick();
    const now: Look = { before: undefined, after: undefined, part: 0, ticks: 0, isOpen: true };
    const wanted = Math.max(viewTick, present - this.maxTicks);
    if (wanted >= present) return now;
    let after: Moment | undefined;
    for (let age = 0; age < this.#moments.length; age++) {
      const before = this.#moments[(this.#newest - age + this.#most) % this.#most] as Moment;
      if (before.tick <= wanted) {
        const ticks = (after?.tick ?? present) - before.tick;
        return { ...now, before, after, ticks, part: (wanted - before.tick) / ticks };
      }
      after = before;
    }
    // Older than the oldest, in a young room: that is it.
    return after === undefined ? now : { ...now, before: after };
  }
}

/** How a world knows its look. No table is called that. */
const LOOK = Symbol("look");

function worldPrototype({ name, tables }: GameDescription, kept: readonly KeptTable[]): object {
  const names = kept.map((table) => table.name);
  return Object.create(
    null,
    Object.fromEntries(
      tables.map((each) => {
        const table = kept.find((candidate) => candidate.name === each.name);
        const get = function (this: { readonly [LOOK]: Look }) {
          if (table !== undefined) return table.at(this[LOOK]);
          throw new Error(
            `the past of "${each.name}" is not kept: room of game "${name}" names ${names.join(", ")} in rewind.tables`,
          );
        };
        return [each.name, { get, enumerable: true }];
      }),
    ),
  );
}

/** The rows of a table as they are now. */
class PresentRows {
  readonly #state: CommittedState;
  readonly #table: TableLayout;

  constructor(state: CommittedState, table: TableLayout) {
    this.#state = state;
    this.#table = table;
  }

  get size(): number {
    return this.#state.size(this.#table);
  }

  find(id: number) {
    return this.#state.committed(this.#table, id);
  }

  [Symbol.iterator]() {
    return this.#state.rows(this.#table);
  }
}
