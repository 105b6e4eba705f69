import type { us_listen_socket } from "uWebSockets.js";
import type { ListenOptions } from "../transport.ts";
import type { Uws, UwsApp } from "./uws-binding.ts";

/**
 * uWebSockets.js lets 512 connections wait for one socket to accept them. One that finds no place is tried again by its
 * kernel a second later, so that a burst needs a second longer. Linux spreads connections over several sockets of one
 * port: at eight of them 4,096 can wait.
 */
const SOCKETS = process.platform === "linux" ? 8 : 1;
/** uWebSockets.js's default: whoever asks for the same shares the port. */
const SHARED = 0;

/** The sockets that wait for connections to one application, at one address that is ours alone. */
export class ListenSockets {
  readonly port: number;
  readonly #uws: Uws;
  readonly #sockets: readonly us_listen_socket[];

  private constructor(uws: Uws, port: number, sockets: readonly us_listen_socket[]) {
    this.port = port;
    this.#uws = uws;
    this.#sockets = sockets;
  }

  /**
   * Port 0 chooses a free one. `undefined` where the address cannot be had.
   *
   * A socket that shares its port would do so with another server in silence. So one that does not comes first, and
   * goes: it fails where anybody listens, another server of ours included.
   */
  static open(uws: Uws, app: UwsApp, { host, port }: ListenOptions): ListenSockets | undefined {
    const alone = listen(app, host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT);
    if (alone === undefined) return undefined;
    // Also where one is enough: what was chosen by the system cannot be listened on again while connections are open.
    const number = uws.us_socket_local_port(alone);
    uws.us_listen_socket_close(alone);
    const sockets: us_listen_socket[] = [];
    const options = SOCKETS > 1 ? SHARED : uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
    while (sockets.length < SOCKETS) {
      const socket = listen(app, host, number, options);
      if (socket === undefined) break;
      sockets.push(socket);
    }
    return sockets.length > 0 ? new ListenSockets(uws, number, sockets) : undefined;
  }

  /** Not after the application was closed, which closes them as well. */
  close(): void {
    for (const socket of this.#sockets) this.#uws.us_listen_socket_close(socket);
  }
}

function listen(app: UwsApp, host: string, port: number, options: number): us_listen_socket | undefined {
  let listening: us_listen_socket | undefined;
  app.listen(host, port, options, (socket) => {
    if (socket !== false) listening = socket;
  });
  return listening;
}
