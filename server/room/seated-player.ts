import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { SourceRow } from "../../shared/state/committed-row.ts";
import type { InputQueue } from "./input-queue.ts";
import type { Focus } from "./interest.ts";
import type { ViewTicks } from "./rewind/view-ticks.ts";
import type { Player } from "./room.ts";
import type { PlayerGroups } from "./seat-groups.ts";

/** What of a seat its player is made of. */
export interface SeatedPlayerParts {
  readonly id: number;
  readonly row: SourceRow | undefined;
  readonly data: unknown;
  readonly inputs: InputQueue;
  /** In rooms with `rewind`. */
  readonly views: ViewTicks | undefined;
  /** The tick that is running. */
  readonly tick: () => number;
  readonly groups: PlayerGroups;
  readonly isAway: () => boolean;
  readonly send: (event: string, value: Readonly<Record<string, unknown>>) => void;
  readonly lookAt: (focus: Focus) => void;
  readonly close: (reason: CloseName) => void;
}

/**
 * A seat as the room's author sees it. A class, for its getters: V8 keeps an object literal that has some as a hash
 * table, and games read thousands of players in every tick.
 */
export class SeatedPlayer implements Player {
  readonly id: number;
  readonly row: never;
  readonly input: never;
  readonly data: unknown;
  readonly groups: PlayerGroups;
  readonly send: (event: string, value: Readonly<Record<string, unknown>>) => void;
  readonly lookAt: (focus: Focus) => void;
  readonly close: (reason?: CloseName) => void;
  readonly #views: ViewTicks | undefined;
  readonly #tick: () => number;
  readonly #isAway: () => boolean;

  constructor({
    id,
    row,
    data,
    inputs,
    views,
    tick,
    groups,
    isAway,
    send,
    lookAt,
    close,
  }: SeatedPlayerParts) {
    this.id = id;
    this.row = row as never;
    this.input = inputs.current as never;
    this.data = data;
    this.groups = groups;
    this.send = send;
    this.lookAt = lookAt;
    // By way of a variable: V8 puts a function that is written straight into a property where only a major collection
    // looks, and whatever it refers to (the room, in the end) is kept until then.
    const orKicked: Player["close"] = (reason = "kicked") => close(reason);
    this.close = orKicked;
    this.#views = views;
    this.#tick = tick;
    this.#isAway = isAway;
  }

  get viewTick(): number {
    return this.#views?.at(this.#tick()) ?? this.#tick();
  }

  get away(): boolean {
    return this.#isAway();
  }
}
