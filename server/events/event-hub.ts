import type { Clock, Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { ClusterEventOf, ClusterEventSpec, ClusterEvents, HeardEventOf } from "./cluster-events.ts";

/** What carries events to other servers: a cluster's bus. */
export interface EventUplink {
  publish(channel: string, message: string): "sent" | "dropped";
  subscribe(channel: string, listener: (message: string) => void): { readonly release: Release };
}

export interface EventHubParts {
  readonly clock: Clock;
  readonly bus: Bus;
  /** Absent: there are no other servers. */
  readonly uplink: EventUplink | undefined;
  /** Different for each server. */
  readonly id: string;
}

/** Why an event was not heard: the bus is out of reach or full, it was not understood, or a listener has too many waiting. */
export type EventDrop = "unsent" | "not-understood" | "too-many";

/** Tells and hears {@link ClusterEvents}; of a server, or of a room, whose listeners run in its ticks. */
export interface EventExchange {
  /**
   * At most once, to those who listen now, this server's own listeners included. It returns at once.
   *
   * @throws TypeError for what the event cannot carry, RangeError for an event that is not declared, or beyond 64 kB
   */
  publish<Spec extends ClusterEventSpec, Name extends keyof Spec & string>(
    events: ClusterEvents<Spec>,
    name: Name,
    value: ClusterEventOf<Spec, Name>,
  ): void;
  /** Until the release. */
  listen<Spec extends ClusterEventSpec, Name extends keyof Spec & string>(
    events: ClusterEvents<Spec>,
    name: Name,
    listener: (value: HeardEventOf<Spec, Name>) => undefined,
  ): Release;
}

interface Channel {
  readonly listeners: Set<(name: string, value: unknown) => void>;
  readonly release: Release;
}

type Envelope = readonly [from: string, name: string, value: string];

/** The exchange of one server. Its own listeners hear without the bus, so that one server alone needs none. */
export class EventHub implements EventExchange {
  readonly #parts: EventHubParts;
  readonly #channels = new Map<string, Channel>();

  constructor(parts: EventHubParts) {
    this.#parts = parts;
  }

  publish(events: ClusterEvents, name: string, value: unknown): void {
    const written = codecOf(events, name).write(value);
    const { clock, uplink, id } = this.#parts;
    const message = JSON.stringify([id, name, written] satisfies Envelope);
    // Behind whatever runs now: a listener never runs within the call that publishes.
    clock.soon(() => this.#tell(events, name, written));
    if (uplink?.publish(channelOf(events), message) === "dropped") this.dropped(events, name, "unsent");
  }

  listen(events: ClusterEvents, name: string, listener: (value: never) => undefined): Release {
    codecOf(events, name);
    const channel = this.#channels.get(events.name) ?? this.#open(events);
    const own = (heard: string, value: unknown): void => {
      if (heard === name) listener(value as never);
    };
    channel.listeners.add(own);
    return () => {
      if (!channel.listeners.delete(own) || channel.listeners.size > 0) return;
      channel.release();
      this.#channels.delete(events.name);
    };
  }

  dropped({ name: declaration }: ClusterEvents, event: string, why: EventDrop): void {
    this.#parts.bus.emit("clusterEventDropped", { declaration, event, why });
  }

  #open(events: ClusterEvents): Channel {
    const heard = this.#parts.uplink?.subscribe(channelOf(events), (message) => this.#heard(events, message));
    const channel: Channel = { listeners: new Set(), release: heard?.release ?? (() => {}) };
    this.#channels.set(events.name, channel);
    return channel;
  }

  #heard(events: ClusterEvents, message: string): void {
    const [from, name, written] = JSON.parse(message) as Envelope;
    if (from !== this.#parts.id) this.#tell(events, name, written);
  }

  #tell(events: ClusterEvents, name: string, written: string): void {
    const channel = this.#channels.get(events.name);
    if (channel === undefined) return;
    const read = events.codecs.get(name)?.read(written);
    if (read === undefined) {
      this.dropped(events, name, "not-understood");
      return;
    }
    for (const listener of [...channel.listeners]) {
      try {
        listener(name, read.value);
      } catch (error) {
        this.#parts.bus.emit("listenerFailed", { event: `${events.name}.${name}`, error });
      }
    }
  }
}

const channelOf = ({ name }: ClusterEvents): string => `events.${name}`;

function codecOf(events: ClusterEvents, name: string) {
  const codec = events.codecs.get(name);
  if (codec === undefined) throw new RangeError(`"${events.name}" declares no event "${name}"`);
  return codec;
}
