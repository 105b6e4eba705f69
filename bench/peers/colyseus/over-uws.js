import { createRequire } from "node:module";
import { loadUws } from "../../../dist/server/transport/uws/load-uws.js";

// Where the C library is older than uWebSockets.js asks for, it loads as an adapted copy alone. Put where
// `import` looks for it, that copy is what the transport gets; it is the same release.
const path = createRequire(import.meta.resolve("@colyseus/uwebsockets-transport")).resolve("uWebSockets.js");
const uws = loadUws();
const { cache } = createRequire(import.meta.url);
cache[path] ??= { id: path, filename: path, loaded: true, exports: uws, children: [], paths: [] };

const { uWebSocketsTransport } = await import("@colyseus/uwebsockets-transport");

let listening;

/** Colyseus over uWebSockets.js. It would listen on every interface: its app is told on which. */
export const overUws = {
  transport: () => {
    const transport = new uWebSocketsTransport();
    const { app } = transport;
    const listen = app.listen.bind(app);
    app.listen = (port, done) =>
      listen("127.0.0.1", port, (socket) => {
        listening = socket;
        done(socket);
      });
    return transport;
  },
  port: () => uws.us_socket_local_port(listening),
};
