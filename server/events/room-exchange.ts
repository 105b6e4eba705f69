import type { Release } from "../../shared/tick/clock.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { ClusterEvents } from "./cluster-events.ts";
import type { EventExchange, EventHub } from "./event-hub.ts";

/** Events that wait for the next tick of a listener. Beyond: those that come are dropped, and told as such. */
const MOST_WAITING = 256;

/** What a room hears and tells: its listeners run in its ticks, like all of its code, and end with it. */
export class RoomExchange implements EventExchange {
  readonly #room: () => RoomCore;
  readonly #hub: EventHub;
  readonly #releases = new Set<Release>();

  constructor(room: () => RoomCore, hub: EventHub) {
    this.#room = room;
    this.#hub = hub;
  }

  publish(events: ClusterEvents, name: string, value: unknown): void {
    this.#hub.publish(events, name, value as never);
  }

  listen(events: ClusterEvents, name: string, listener: (value: never) => undefined): Release {
    const room = this.#room();
    let waiting: unknown[] = [];
    const run = (): void => {
      const values = waiting;
      waiting = [];
      if (room.closedBy !== undefined) return;
      for (const value of values)
        room.containment.run({ hook: "listen", name }, () => listener(value as never));
    };
    const stop = this.#hub.listen(events, name, (value: unknown) => {
      if (waiting.length >= MOST_WAITING) this.#hub.dropped(events, name, "too-many");
      else if (waiting.push(value) === 1) room.runInTick(run);
      return undefined;
    });
    const release = (): void => {
      waiting = [];
      stop();
      this.#releases.delete(release);
    };
    this.#releases.add(release);
    return release;
  }

  /** The room has closed. */
  release(): void {
    for (const release of [...this.#releases]) release();
  }
}
