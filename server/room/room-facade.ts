import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { Random } from "../../shared/random/seeded-random.ts";
import type { Player, Players, Room, RoomMetadata } from "./room.ts";
import type { RoomCore } from "./room-core.ts";

/** What the author gets as `room`: the promised surface and no more. */
export function roomFacade(core: RoomCore, state: Readonly<Record<string, unknown>>, random: Random): Room {
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
    broadcast: (event: string, value: Readonly<Record<string, unknown>>) => core.broadcast(event, value),
    after: (seconds, callback) => core.after(seconds, callback),
    random,
    run: (change) =>
      new Promise((resolve, reject) => {
        if (core.closed) {
          reject(new Error("the room has closed"));
          return;
        }
        core.runInTick(() => {
          if (core.closed) reject(new Error("the room has closed"));
          else settle(change, resolve, reject);
        });
      }),
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

function settle<Result>(
  change: () => Result,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(change());
  } catch (error) {
    reject(error);
  }
}
