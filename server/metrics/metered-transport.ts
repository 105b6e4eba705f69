import type { Release } from "../../shared/tick/clock.ts";
import type {
  Connection,
  ConnectionListener,
  Listening,
  ListenOptions,
  Transport,
  TransportHandlers,
} from "../transport/transport.ts";
import { countOf, noTraffic, type Traffic } from "./traffic.ts";

/**
 * A transport whose traffic is counted, around any other. What is published counts once for each subscriber, so it
 * knows how many a topic has: asking uWebSockets.js at every publish would cost more than the counting here.
 */
export class MeteredTransport implements Transport {
  readonly traffic: Traffic = noTraffic();
  readonly #transport: Transport;
  readonly #subscribers = new Map<string, number>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    const { traffic } = this;
    return this.#transport.listen(options, {
      connecting: (address) => handlers.connecting(address),
      limited: (limit, address) => handlers.limited(limit, address),
      handshake: (request) => {
        const verdict = handlers.handshake(request);
        if (verdict.verdict === "refuse") countOf(traffic.refused, verdict.status);
        return verdict;
      },
      open: (connection, request) => {
        const metered = new MeteredConnection(connection, traffic, this.#subscribers);
        traffic.connections += 1;
        traffic.connected += 1;
        try {
          return metered.listenWith(handlers.open(metered, request));
        } catch (error) {
          // Its transport ends it now, with nobody to tell of it.
          metered.ended();
          throw error;
        }
      },
      http: async (request, remoteAddress) => {
        try {
          const response = await handlers.http(request, remoteAddress);
          countOf(traffic.requests, response.status);
          return response;
        } catch (error) {
          countOf(traffic.requests, 500);
          throw error;
        }
      },
      failed: (error, where) => handlers.failed(error, where),
    });
  }

  publish(topic: string, frame: Uint8Array): void {
    const { traffic } = this;
    const subscribers = this.#subscribers.get(topic) ?? 0;
    traffic.framesSent += subscribers;
    traffic.bytesSent += subscribers * frame.length;
    this.#transport.publish(topic, frame);
  }

  afterFlush(callback: () => void): Release {
    return this.#transport.afterFlush(callback);
  }

  stopListening(): void {
    this.#transport.stopListening();
  }

  close(): void {
    this.#transport.close();
  }
}

class MeteredConnection implements Connection {
  readonly #connection: Connection;
  readonly #traffic: Traffic;
  readonly #subscribers: Map<string, number>;
  readonly #topics = new Set<string>();

  constructor(connection: Connection, traffic: Traffic, subscribers: Map<string, number>) {
    this.#connection = connection;
    this.#traffic = traffic;
    this.#subscribers = subscribers;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  get open(): boolean {
    return this.#connection.open;
  }

  send(frame: Uint8Array): void {
    if (this.open) {
      this.#traffic.framesSent += 1;
      this.#traffic.bytesSent += frame.length;
    }
    this.#connection.send(frame);
  }

  subscribe(topic: string): void {
    if (this.open && !this.#topics.has(topic)) {
      this.#topics.add(topic);
      countOf(this.#subscribers, topic);
    }
    this.#connection.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    if (this.#topics.delete(topic)) this.#oneLess(topic);
    this.#connection.unsubscribe(topic);
  }

  bufferedBytes(): number {
    return this.#connection.bufferedBytes();
  }

  end(code: number, reason: string): void {
    this.#leaveTopics();
    this.#connection.end(code, reason);
  }

  terminate(): void {
    this.#leaveTopics();
    this.#connection.terminate();
  }

  listenWith(listener: ConnectionListener): ConnectionListener {
    const traffic = this.#traffic;
    return {
      message: (bytes) => {
        traffic.messagesReceived += 1;
        traffic.bytesReceived += bytes.length;
        listener.message(bytes);
      },
      text: () => {
        traffic.messagesReceived += 1;
        listener.text();
      },
      control: (bytes) => listener.control(bytes),
      drained: () => listener.drained(),
      dropped: () => listener.dropped(),
      closed: (code, reason) => {
        this.ended();
        listener.closed(code, reason);
      },
    };
  }

  /** The connection is over. */
  ended(): void {
    this.#traffic.connections -= 1;
    this.#leaveTopics();
  }

  #leaveTopics(): void {
    for (const topic of this.#topics) this.#oneLess(topic);
    this.#topics.clear();
  }

  #oneLess(topic: string): void {
    const left = (this.#subscribers.get(topic) ?? 1) - 1;
    if (left === 0) this.#subscribers.delete(topic);
    else this.#subscribers.set(topic, left);
  }
}
