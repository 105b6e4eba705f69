import type { Bus, RoomName } from "../bus.ts";
import type { AnyRoomConfig, HookPlace } from "./define-room.ts";
import type { Room } from "./room.ts";

/** Stands for the result of a hook that threw. */
export const FAILED = Symbol("failed");

/** Runs the author's code, so that what it throws reaches `onError` and the bus, and nothing else. */
export class Containment {
  readonly #bus: Bus;
  readonly #name: RoomName;
  readonly #config: AnyRoomConfig;
  readonly #room: () => Room;

  constructor(bus: Bus, name: RoomName, config: AnyRoomConfig, room: () => Room) {
    this.#bus = bus;
    this.#name = name;
    this.#config = config;
    this.#room = room;
  }

  run<Result>(where: HookPlace, hook: () => Result): Result | typeof FAILED {
    try {
      return hook();
    } catch (error) {
      this.report(where, error);
      return FAILED;
    }
  }

  report(where: HookPlace, error: unknown): void {
    this.#bus.emit("hookFailed", { room: this.#name, where, error });
    try {
      this.#config.onError?.(this.#room(), error, where);
    } catch (second) {
      this.#bus.emit("hookFailed", { room: this.#name, where, error: second });
    }
  }
}
