import type { OpenSocket } from "../../client/socket.ts";
import { assertClientCode } from "../../server/transport/memory/memory-peer.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { DuplexLink } from "../../shared/link/duplex-link.ts";
import type { LinkParts } from "../../shared/link/link-model.ts";

type Task = () => void;

/**
 * Opens the SDK's sockets on a transport in memory, over links with latency and stalls: whatever either end does
 * happens at the other end when it arrives. `onOpen` gets each link, in the order of opening.
 */
export function openLinkedSocket(
  transport: MemoryTransport,
  parts: LinkParts,
  onOpen: (link: DuplexLink<Task, Task>) => void,
): OpenSocket {
  return (url, listener) => {
    const link = new DuplexLink<Task, Task>(parts, {
      up: (act) => act(),
      down: (act) => act(),
      cut: () => {},
    });
    const socket = transport.connect(new URL(url).pathname, {
      opened: () => link.down.push(() => listener.opened(), 0),
      received: (bytes) => link.down.push(() => listener.received(bytes), bytes.length),
      closed: (code, reason) => link.down.push(() => listener.closed(code, reason), 0),
    });
    onOpen(link);
    return {
      send: (bytes) => link.up.push(() => socket.send(bytes), bytes.length),
      close: (code, reason) => {
        assertClientCode(code);
        link.up.push(() => socket.close(code, reason), 0);
      },
      bufferedBytes: 0,
    };
  };
}
