import type { OpenSocket } from "../../client/socket.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";

/** What a test can do to a client's connection. */
export type LinkControl = Pick<MemorySocket, "cut" | "pauseReading" | "resumeReading">;

/**
 * Opens the SDK's sockets on a transport in memory. `onOpen` gets each connection's controls, in the order of
 * opening.
 */
export function openMemorySocket(
  transport: MemoryTransport,
  onOpen: (control: LinkControl) => void = () => {},
): OpenSocket {
  return (url, listener) => {
    const { pathname, search } = new URL(url);
    const socket = transport.connect(`${pathname}${search}`, {
      opened: () => listener.opened(),
      received: (bytes) => listener.received(bytes),
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
