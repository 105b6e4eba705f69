import type { HttpResponse, TemplatedApp, us_listen_socket } from "uWebSockets.js";

/**
 * What Tickcast uses of uWebSockets.js, as it is at run time: the published types lack the exclusive port and
 * the form of `listen` that takes host, port and options.
 */
export interface Uws {
  App(): UwsApp;
  SSLApp(options: { readonly cert_file_name: string; readonly key_file_name: string }): UwsApp;
  us_listen_socket_close(socket: us_listen_socket): void;
  us_socket_local_port(socket: us_listen_socket): number;
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  readonly DISABLED: number;
}

export interface UwsApp extends Omit<TemplatedApp, "listen" | "ws" | "any" | "filter"> {
  listen(
    host: string,
    port: number,
    options: number,
    listening: (socket: us_listen_socket | false) => void,
  ): UwsApp;
  ws: TemplatedApp["ws"];
  any: TemplatedApp["any"];
  /** Told of each new connection (1) and of each that ended without becoming a WebSocket (-1). */
  filter(told: (response: HttpResponse, change: number) => void): UwsApp;
}
