import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { EventExchange } from "../events/event-hub.ts";
import type { Player, Players, Room, RoomMetadata } from "./room.ts";
import type { RoomCore } from "./room-core.ts";

/** What the author gets as `room`: the promised surface and no more. */
export function roomFacade(
  core: RoomCore,
  state: Readonly<Record<string, unknown>>,
  { random, exchange }: { readonly random: Random; readonly exchange?: EventExchange | undefined },
): Room {
  const players: Players<never, unknown> = {
    get size() {
      return core.seats.players.size;
    },
    get: (id: number) => core.seats.players.get(id) as Player<never> | undefined,
    [Symbol.iterator]: () => core.seats.players.values() as IterableIterator<Player<never>>,
  };
  const room: Room = {
    id: core.name.id,
    get tick() {
      return core.tick;
    },
    state: state as Room["state"],
    players: players as unknown as Room["players"],
    options: core.options,
    data: core.data,
    get metadata() {
      return core.metadata;
    },
    setMetadata: (metadata: RoomMetadata) => {
      core.metadata = { ...metadata };
    },
    broadcast: (event: string, value: Readonly<Record<string, unknown>>) => core.events.toAll(event, value),
    near: (x, y) => ({
      broadcast: (event: string, value: Readonly<Record<string, unknown>>) =>
        core.events.toThoseNear({ x, y }, event, value),
    }),
    group: (name) => ({
      broadcast: (event: string, value: Readonly<Record<string, unknown>>) =>
        core.events.toGroup(name, event, value),
    }),
    rewind: (viewTick: number, look: (world: never) => unknown) => {
      if (core.rewind !== undefined) return core.rewind.look(viewTick, look);
      const option = `rewind: { tables: […] } in defineRoom`;
      throw new Error(`room of game "${core.name.game}" keeps no past to rewind to: it needs ${option}`);
    },
    after: (seconds, callback) => core.after(seconds, callback),
    random,
    run: (change) => runInTick(core, change),
    publish: (events, name, value) => exchange?.publish(events, name, value),
    listen: (events, name, listener) => exchange?.listen(events, name, listener) ?? (() => {}),
    get hasBegun() {
      return core.attendance.match?.hasBegun ?? true;
    },
    get locked() {
      return core.locked;
    },
    lock: () => {
      core.locked = true;
    },
    unlock: () => {
      core.locked = false;
    },
    get visibility() {
      return core.visibility;
    },
    setVisibility: (visibility) => {
      core.visibility = visibility;
    },
    close: (reason: CloseName = "room-closed") => core.close(reason),
  };
  return Object.freeze(room);
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
