import type {
  Connection,
  ConnectionListener,
  Listening,
  ListenOptions,
  Transport,
  TransportHandlers,
} from "../../server/transport/transport.ts";
import type { Clock, Release } from "../../shared/tick/clock.ts";

/** What went through a transport. */
export interface Traffic {
  /** Frames given to a topic, whoever listens. */
  publishes: number;
  publishedBytes: number;
  /** Frames given to one connection. */
  sends: number;
  sentBytes: number;
  /** Frames that reach a connection, one by one or by a topic. */
  deliveries: number;
  deliveredBytes: number;
}

/** A transport that delivers nothing and allocates next to nothing: what it is given is only counted. */
export class CountingTransport implements Transport {
  readonly traffic: Traffic = {
    publishes: 0,
    publishedBytes: 0,
    sends: 0,
    sentBytes: 0,
    deliveries: 0,
    deliveredBytes: 0,
  };
  readonly #topics = new Map<string, number>();
  readonly #clock: Clock;
  #handlers: TransportHandlers | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async listen({ host, port }: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    this.#handlers = handlers;
    return { host, port: port || 1 };
  }

  /** A peer that the server takes for connected: what it sends goes to the returned listener. */
  connect(path: string): ConnectionListener {
    if (this.#handlers === undefined) throw new Error("nobody listens");
    const request = {
      path,
      query: new URLSearchParams(),
      origin: undefined,
      remoteAddress: "127.0.0.1",
      userAgent: undefined,
    };
    return this.#handlers.open(this.#connection(), request);
  }

  publish(topic: string, { length }: Uint8Array): void {
    const { traffic } = this;
    const subscribers = this.#topics.get(topic) ?? 0;
    traffic.publishes += 1;
    traffic.publishedBytes += length;
    traffic.deliveries += subscribers;
    traffic.deliveredBytes += subscribers * length;
  }

  afterFlush(callback: () => void): Release {
    return this.#clock.soon(callback);
  }

  stopListening(): void {}

  close(): void {}

  #connection(): Connection {
    const { traffic } = this;
    const held = new Set<string>();
    const count = (topic: string, by: number): void => {
      this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + by);
    };
    return {
      remoteAddress: "127.0.0.1",
      open: true,
      send({ length }) {
        traffic.sends += 1;
        traffic.sentBytes += length;
        traffic.deliveries += 1;
        traffic.deliveredBytes += length;
      },
      subscribe(topic) {
        if (held.has(topic)) return;
        held.add(topic);
        count(topic, 1);
      },
      unsubscribe(topic) {
        if (held.delete(topic)) count(topic, -1);
      },
      bufferedBytes: () => 0,
      end(code) {
        throw new Error(`the server ended a connection with code ${code}`);
      },
      terminate() {
        throw new Error("the server cut a connection");
      },
    };
  }
}
