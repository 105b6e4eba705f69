import type { WebSocketBehavior } from "uWebSockets.js";
import { defaultLimits } from "../../server/limits.ts";
import type { loadUws } from "../../server/transport/uws/load-uws.ts";

type Uws = ReturnType<typeof loadUws>;
type UwsApp = ReturnType<Uws["App"]>;

/** What a bare server sets as Tickcast's transport does. */
export function bareBehaviour<Data = unknown>(uws: Uws): WebSocketBehavior<Data> {
  return {
    compression: uws.DISABLED,
    maxBackpressure: defaultLimits.maxBufferedBytes,
    idleTimeout: defaultLimits.idleTimeoutSeconds,
    sendPingsAutomatically: true,
  };
}

/** Listens on a free port of this machine. */
export function listenOnLoopback(app: UwsApp, uws: Uws): Promise<number> {
  return new Promise((resolve, reject) => {
    app.listen("127.0.0.1", 0, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
      if (socket === false) reject(new Error("no free port on 127.0.0.1"));
      else resolve(uws.us_socket_local_port(socket));
    });
  });
}
