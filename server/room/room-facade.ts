import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Tick } from "../../shared/tick/tick.ts";
import type { EventExchange } from "../events/event-hub.ts";
import type { Audience, Player, Players, Room, RoomMetadata } from "./room.ts";
import type { RoomCore } from "./room-core.ts";

type EventValue = Readonly<Record<string, unknown>>;

/** What of a room its facade is made of. */
export interface RoomFacadeParts {
  readonly random: Random;
  readonly exchange?: EventExchange | undefined;
}

/**
 * What the author gets as `room`: the promised surface and no more. Classes, for their getters: V8 keeps an object
 * literal that has some as a hash table. What an author may take out of it as a function is one of its own.
 */
export class RoomFacade implements Room {
  readonly id: string;
  readonly state: Room["state"];
  readonly players: Room["players"];
  readonly options: unknown;
  readonly data: unknown;
  readonly random: Random;
  readonly #core: RoomCore;
  readonly #exchange: EventExchange | undefined;

  constructor(
    core: RoomCore,
    state: Readonly<Record<string, unknown>>,
    { random, exchange }: RoomFacadeParts,
  ) {
    this.id = core.name.id;
    this.state = state as Room["state"];
    this.players = new SeatedPlayers(core) as unknown as Room["players"];
    this.options = core.options;
    this.data = core.data;
    this.random = random;
    this.#core = core;
    this.#exchange = exchange;
    Object.freeze(this);
  }

  get tick(): Tick {
    return this.#core.tick;
  }

  get metadata(): RoomMetadata {
    return this.#core.metadata;
  }

  get hasBegun(): boolean {
    return this.#core.attendance.match?.hasBegun ?? true;
  }

  get locked(): boolean {
    return this.#core.locked;
  }

  get visibility(): "public" | "private" {
    return this.#core.visibility;
  }

  readonly setMetadata = (metadata: RoomMetadata): void => {
    this.#core.metadata = { ...metadata };
  };

  readonly broadcast = (event: string, value: EventValue): void => this.#core.events.toAll(event, value);

  readonly near = (x: number, y: number): Audience => ({
    broadcast: (event: string, value: EventValue) => this.#core.events.toThoseNear({ x, y }, event, value),
  });

  readonly group = (name: GroupName): Audience => ({
    broadcast: (event: string, value: EventValue) => this.#core.events.toGroup(name, event, value),
  });

  readonly rewind = (viewTick: number, look: (world: never) => unknown): never => {
    const { rewind, name } = this.#core;
    if (rewind !== undefined) return rewind.look(viewTick, look) as never;
    const option = `rewind: { tables: […] } in defineRoom`;
    throw new Error(`room of game "${name.game}" keeps no past to rewind to: it needs ${option}`);
  };

  readonly after: Room["after"] = (seconds, callback) => this.#core.after(seconds, callback);

  readonly run: Room["run"] = (change) => runInTick(this.#core, change);

  readonly publish: Room["publish"] = (events, name, value) => this.#exchange?.publish(events, name, value);

  readonly listen: Room["listen"] = (events, name, listener) =>
    this.#exchange?.listen(events, name, listener) ?? (() => {});

  readonly lock = (): void => {
    this.#core.locked = true;
  };

  readonly unlock = (): void => {
    this.#core.locked = false;
  };

  readonly setVisibility = (visibility: "public" | "private"): void => {
    this.#core.visibility = visibility;
  };

  readonly close = (reason: CloseName = "room-closed"): void => this.#core.close(reason);
}

class SeatedPlayers implements Players<never, unknown> {
  readonly #core: RoomCore;

  constructor(core: RoomCore) {
    this.#core = core;
  }

  get size(): number {
    return this.#core.seats.players.size;
  }

  get(id: number): Player<never> | undefined {
    return this.#core.seats.players.get(id) as Player<never> | undefined;
  }

  [Symbol.iterator](): IterableIterator<Player<never>> {
    return this.#core.seats.players.values() as IterableIterator<Player<never>>;
  }
}

function runInTick<Result>(core: RoomCore, change: () => Result): Promise<Result> {
  const result = new Promise<Result>((resolve, reject) => {
    const settle = (): void => {
      if (core.closedBy !== undefined) {
        reject(new Error("the room has closed"));
        return;
      }
      try {
        resolve(change());
      } catch (error) {
        core.containment.report({ hook: "run" }, error);
        reject(error);
      }
    };
    if (core.closedBy !== undefined) settle();
    else core.runInTick(settle);
  });
  // Nobody has to await it, and a rejection that nobody handles would end the process.
  result.catch(() => {});
  return result;
}
