import { type MaintenanceFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import type { SeatLink } from "./seat-link.ts";

/**
 * Tells a room's players in how long the server closes: everybody at once by the room's topic, and whoever begins to
 * follow the room later by themselves, with what is left by then.
 */
export class MaintenanceNotice {
  #closesInMs: (() => number) | undefined;
  #isNews = false;
  /** Those who began to follow in the tick that runs. */
  #newcomers: SeatLink[] = [];

  /** Goes out with the next tick. */
  announce(closesInMs: () => number): void {
    this.#closesInMs = closesInMs;
    this.#isNews = true;
  }

  /** Somebody gets every tick from the one that runs on. */
  follows(link: SeatLink): void {
    if (this.#closesInMs !== undefined) this.#newcomers.push(link);
  }

  /** Behind the close of a tick, because nobody listens before the first one has closed. */
  send(encode: (frame: MaintenanceFrame) => Uint8Array, publish: (bytes: Uint8Array) => void): void {
    if (this.#closesInMs === undefined || !(this.#isNews || this.#newcomers.length > 0)) return;
    const bytes = encode([ServerFrame.maintenance, Math.max(0, Math.round(this.#closesInMs()))]);
    if (this.#isNews) publish(bytes);
    else for (const link of this.#newcomers) link.send(bytes);
    this.#isNews = false;
    this.#newcomers = [];
  }
}
