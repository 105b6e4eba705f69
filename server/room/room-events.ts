import type { CommittedState, OutOfRangeWarning } from "../../shared/state/committed-state.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { EventLayout } from "../../shared/state/game-layout.ts";
import type { GroupName, Groups } from "../../shared/state/groups.ts";
import type { Point, SightGrid } from "../../shared/state/sight-grid.ts";
import { eventWire } from "./event-wire.ts";
import { isGroup } from "./following.ts";
import type { RoomPublisher } from "./room-publisher.ts";
import type { RoomTap } from "./room-tap.ts";
import type { Seat } from "./seat.ts";

type EventValue = Readonly<Record<string, unknown>>;

export interface RoomEventsParts {
  readonly game: string;
  readonly state: CommittedState;
  readonly publisher: RoomPublisher;
  /** Of rooms with interest. */
  readonly grid: SightGrid | undefined;
  readonly groups: Groups;
  readonly onOutOfRange: (warning: OutOfRangeWarning) => void;
  /** The tick that is running, or else the last one. */
  readonly tick: () => number;
  readonly tap: () => RoomTap | undefined;
}

/** The events that a room's author sends: quantised at once, sent with the tick that is running. */
export class RoomEvents {
  readonly #parts: RoomEventsParts;

  constructor(parts: RoomEventsParts) {
    this.#parts = parts;
  }

  toAll(event: string, value: EventValue): void {
    const layout = this.#layoutOf(event);
    const wire = this.#wire(layout, value);
    this.#parts.publisher.broadcast(this.#parts.tick(), layout.index, wire);
    this.#parts.tap()?.told({ to: "room" }, layout.index, wire);
  }

  /** To those in whose sight a point is; everyone, in rooms without interest. */
  toThoseNear(point: Point, event: string, value: EventValue): void {
    const { grid, publisher } = this.#parts;
    if (grid === undefined) {
      this.toAll(event, value);
      return;
    }
    const layout = this.#layoutOf(event);
    const { x, y } = point;
    const wire = this.#wire(layout, value);
    publisher.broadcastIn(
      this.#parts.tick(),
      { at: grid.at(x, y), isIn: (followed) => !isGroup(followed) && grid.covers(followed, x, y) },
      layout.index,
      wire,
    );
    this.#parts.tap()?.told({ to: "near", x, y }, layout.index, wire);
  }

  /** To the members of a group. */
  toGroup(name: GroupName, event: string, value: EventValue): void {
    const { groups, publisher } = this.#parts;
    const layout = this.#layoutOf(event);
    const group = groups.find(name);
    const wire = this.#wire(layout, value);
    publisher.broadcastIn(
      this.#parts.tick(),
      {
        at: group === undefined ? [] : [group],
        // By name: the group may be there from this tick on alone.
        isIn: (followed) => isGroup(followed) && followed.name === name,
      },
      layout.index,
      wire,
    );
    this.#parts.tap()?.told({ to: "group", name }, layout.index, wire);
  }

  toPlayer(seat: Seat, event: string, value: EventValue): void {
    const layout = this.#layoutOf(event);
    const wire = this.#wire(layout, value);
    this.#parts.publisher.send(seat, layout.index, wire);
    this.#parts.tap()?.told({ to: "player", player: seat.id }, layout.index, wire);
  }

  #layoutOf(name: string): EventLayout {
    const { state, game } = this.#parts;
    const event = state.layout.eventByName.get(name);
    if (event === undefined) throw new TypeError(`game "${game}" defines no event "${name}"`);
    return event;
  }

  #wire(layout: EventLayout, value: EventValue): Wire[] {
    const { state, onOutOfRange } = this.#parts;
    return eventWire(layout, value, (table, row) => state.mayName(table, row), onOutOfRange);
  }
}
