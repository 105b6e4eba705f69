import type {
  Connection,
  Listening,
  ListenOptions,
  TransportHandlers,
} from "../../server/transport/transport.ts";
import { UwsTransport } from "../../server/transport/uws/uws-transport.ts";

/** The transport of production, whose connections can all be cut at once. */
export class CuttableTransport extends UwsTransport {
  readonly #connections = new Set<Connection>();

  override listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    return super.listen(options, {
      handshake: (request) => handlers.handshake(request),
      http: (request, remoteAddress) => handlers.http(request, remoteAddress),
      connecting: (address) => handlers.connecting(address),
      limited: (limit, address) => handlers.limited(limit, address),
      failed: (error, where) => handlers.failed(error, where),
      open: (connection, request) => {
        const listener = handlers.open(connection, request);
        this.#connections.add(connection);
        return {
          message: (bytes) => listener.message(bytes),
          text: () => listener.text(),
          control: (bytes) => listener.control(bytes),
          drained: () => listener.drained(),
          dropped: () => listener.dropped(),
          closed: (code, reason) => {
            this.#connections.delete(connection);
            listener.closed(code, reason);
          },
        };
      },
    });
  }

  /** Cuts every connection without a close frame; how many there were. */
  cutAll(): number {
    const connections = [...this.#connections];
    for (const connection of connections) connection.terminate();
    return connections.length;
  }
}
