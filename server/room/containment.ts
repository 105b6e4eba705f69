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
      const result = hook();
      if (!(result instanceof Promise)) return result;
      // The types refuse it, plain JavaScript does not; its rejection would end the process.
      result.catch((error: unknown) => this.report(where, error));
      throw new TypeError(
        `${where.hook} returned a promise, but runs inside a tick: use room.run after an await`,
      );
    } catch (error) {
      this.report(where, error);
      return FAILED;
    }
  }

  /** The same for code outside of a tick, which may take its time. */
  async settle<Result>(
    where: HookPlace,
    job: () => Result | Promise<Result>,
  ): Promise<Result | typeof FAILED> {
    try {
      return await job();
    } catch (error) {
      this.report(where, error);
      return FAILED;
    }
  }

  report(where: HookPlace, error: unknown): void {
    this.#bus.emit("hookFailed", { room: this.#name, where, error });
    const failedItself = (second: unknown): void =>
      this.#bus.emit("hookFailed", { room: this.#name, where, error: second });
    try {
      const result: unknown = this.#config.onError?.(this.#room(), error, where);
      if (result instanceof Promise) result.catch(failedItself);
    } catch (second) {
      failedItself(second);
    }
  }
}
