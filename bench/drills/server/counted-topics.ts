import type {
  Connection,
  ConnectionListener,
  HandshakeRequest,
  Listening,
  ListenOptions,
  TransportHandlers,
} from "../../../server/transport/transport.ts";
import { UwsTransport } from "../../../server/transport/uws/uws-transport.ts";

/** The transport of production, which also says how many topics anybody holds, and can cut connections. */
export class CountedTopicsTransport extends UwsTransport {
  readonly #holders = new Map<string, number>();
  readonly #connections = new Map<Connection, string>();

  /** Topics with a subscriber. */
  get topics(): number {
    return this.#holders.size;
  }

  /** Over all topics. */
  get subscriptions(): number {
    let sum = 0;
    for (const holders of this.#holders.values()) sum += holders;
    return sum;
  }

  get connections(): number {
    return this.#connections.size;
  }

  override listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    return super.listen(options, {
      handshake: (request) => handlers.handshake(request),
      http: (request, remoteAddress) => handlers.http(request, remoteAddress),
      connecting: (address) => handlers.connecting(address),
      limited: (limit, address) => handlers.limited(limit, address),
      failed: (error, where) => handlers.failed(error, where),
      open: (connection, request) => this.#open(connection, request, handlers),
    });
  }

  /** Cuts, without a close frame, all connections to paths that begin so; how many there were. */
  cut(pathBegin: string): number {
    const chosen = [...this.#connections].filter(([, path]) => path.startsWith(pathBegin));
    for (const [connection] of chosen) connection.terminate();
    return chosen.length;
  }

  #open(native: Connection, request: HandshakeRequest, handlers: TransportHandlers): ConnectionListener {
    const held = new Set<string>();
    const count = (topic: string, by: number): void => {
      const holders = (this.#holders.get(topic) ?? 0) + by;
      if (holders === 0) this.#holders.delete(topic);
      else this.#holders.set(topic, holders);
    };
    const connection: Connection = {
      remoteAddress: native.remoteAddress,
      get open() {
        return native.open;
      },
      send: (frame) => native.send(frame),
      subscribe(topic) {
        // As the native one, it does nothing once the connection has closed.
        if (native.open && !held.has(topic)) {
          held.add(topic);
          count(topic, 1);
        }
        native.subscribe(topic);
      },
      unsubscribe(topic) {
        if (held.delete(topic)) count(topic, -1);
        native.unsubscribe(topic);
      },
      bufferedBytes: () => native.bufferedBytes(),
      end: (code, reason) => native.end(code, reason),
      terminate: () => native.terminate(),
    };
    this.#connections.set(connection, request.path);
    const listener = handlers.open(connection, request);
    return {
      message: (bytes) => listener.message(bytes),
      text: () => listener.text(),
      control: (bytes) => listener.control(bytes),
      drained: () => listener.drained(),
      dropped: () => listener.dropped(),
      closed: (code, reason) => {
        for (const topic of held) count(topic, -1);
        this.#connections.delete(connection);
        listener.closed(code, reason);
      },
    };
  }
}
