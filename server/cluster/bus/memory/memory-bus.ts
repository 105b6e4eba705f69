import type { Clock, Release } from "../../../../shared/tick/clock.ts";
import { ChannelListeners } from "../channel-listeners.ts";
import { type ClusterBus, type Sent, validateMessage } from "../cluster-bus.ts";

/** Connects the buses of several nodes in this process. */
export class MemoryBusHub {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #buses = new Set<MemoryBus>();

  constructor(clock: Clock, onError: (error: unknown) => void = () => {}) {
    this.#clock = clock;
    this.#onError = onError;
  }

  connect(): MemoryBus {
    const bus = new MemoryBus(this.#clock, this.#onError, {
      send: (channel, message) => {
        for (const other of this.#buses) other.arrived(channel, message);
      },
      leave: () => void this.#buses.delete(bus),
    });
    this.#buses.add(bus);
    return bus;
  }
}

interface HubLine {
  send(channel: string, message: string): void;
  leave(): void;
}

/** One node's bus, which a test may cut. A message takes a turn of the clock. */
export class MemoryBus implements ClusterBus {
  readonly #clock: Clock;
  readonly #line: HubLine;
  readonly #listeners: ChannelListeners;
  #isCut = false;

  constructor(clock: Clock, onError: (error: unknown) => void, line: HubLine) {
    this.#clock = clock;
    this.#line = line;
    this.#listeners = new ChannelListeners(onError);
  }

  publish(channel: string, message: string): Sent {
    validateMessage(channel, message);
    if (this.#isCut) return "dropped";
    this.#clock.soon(() => this.#line.send(channel, message));
    return "sent";
  }

  subscribe(channel: string, listener: (message: string) => void) {
    const own = (message: string): void => listener(message);
    this.#listeners.add(channel, own);
    return { ready: Promise.resolve(), release: () => void this.#listeners.remove(channel, own) };
  }

  /** Nothing comes and goes until the release. */
  cut(): Release {
    this.#isCut = true;
    return () => {
      this.#isCut = false;
    };
  }

  /** For the hub. */
  arrived(channel: string, message: string): void {
    if (!this.#isCut) this.#listeners.tell(channel, message);
  }

  async close(): Promise<void> {
    this.#isCut = true;
    this.#listeners.clear();
    this.#line.leave();
  }
}
