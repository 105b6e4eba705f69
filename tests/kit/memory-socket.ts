import type { OpenSocket } from "../../client/socket.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";

/**
 * Opens the SDK's sockets on a transport in memory. `onOpen` gets each connection, in the order of opening;
 * `received` every frame that reaches the client, before the client does.
 */
export function openMemorySocket(
  transport: MemoryTransport,
  onOpen: (socket: MemorySocket) => void = () => {},
  received: (bytes: Uint8Array) => void = () => {},
): OpenSocket {
  return (url, listener) => {
    const { pathname, search } = new URL(url);
    const socket = transport.connect(`${pathname}${search}`, {
      opened: () => listener.opened(),
      received: (bytes) => {
        received(bytes);
        listener.received(bytes);
      },
      closed: (code, reason) => listener.closed(code, reason),
    });
    onOpen(socket);
    return {
      send: (bytes) => socket.send(bytes),
      close: (code, reason) => socket.close(code, reason),
      bufferedBytes: 0,
    };
  };
}
