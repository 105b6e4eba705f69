import type { EventPart } from "../shared/protocol/frames.ts";
import type { RowLookup } from "../shared/state/field-codec.ts";
import type { EventLayout, GameLayout } from "../shared/state/game-layout.ts";
import type { Release } from "../shared/tick/clock.ts";
import { FrameFault } from "./frame-fault.ts";
import { Listeners, type ReportError } from "./listeners.ts";

type Event = Readonly<Record<string, unknown>>;

/** The game's events on their way from a closed tick to the listeners. */
export class GameEvents {
  readonly #layout: GameLayout;
  readonly #lookup: RowLookup;
  /** By the event's place in the definition. */
  readonly #listeners: readonly Listeners<[event: Event]>[];

  constructor(layout: GameLayout, lookup: RowLookup, report: ReportError) {
    this.#layout = layout;
    this.#lookup = lookup;
    this.#listeners = layout.events.map(() => new Listeners(report));
  }

  /** @throws RangeError for an event that the game does not have */
  on(name: string, listener: (event: Event) => void): Release {
    const listeners = this.#listeners[this.#layout.eventByName.get(name)?.index ?? -1];
    if (listeners === undefined) throw new RangeError(`the game has no event "${name}"`);
    return listeners.add(listener);
  }

  /** @throws FrameFault where an event is none of the game's; none was told then. */
  check(parts: readonly EventPart[]): void {
    for (const part of parts)
      if (this.#layout.events[part[1] as number] === undefined)
        throw new FrameFault(`there is no event ${String(part[1])}`);
  }

  /** Rows in the events are resolved now, while those that leave with this tick can still be found. */
  dispatch(parts: readonly EventPart[]): void {
    for (const part of parts) {
      const index = part[1] as number;
      const listeners = this.#listeners[index];
      if (listeners?.any) listeners.notify(this.#restore(this.#layout.events[index] as EventLayout, part));
    }
  }

  #restore({ fields }: EventLayout, part: EventPart): Event {
    const event: Record<string, unknown> = {};
    for (let field = 0; field < fields.length; field++) {
      const { name, codec } = fields[field] as (typeof fields)[number];
      const wire = part[field + 2];
      event[name] = wire === undefined ? undefined : codec.restore(wire, this.#lookup);
    }
    return event;
  }
}
