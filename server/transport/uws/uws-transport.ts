import type { HttpRequest, HttpResponse, us_listen_socket, us_socket_context_t } from "uWebSockets.js";
import type { Release } from "../../../shared/tick/clock.ts";
import { askForVerdict } from "../handshake-verdict.ts";
import {
  ListenError,
  type Listening,
  type ListenOptions,
  type Transport,
  type TransportHandlers,
  type TransportLimits,
} from "../transport.ts";
import { validTransportLimits } from "../transport-limits.ts";
import { asksForWebSocket, readHandshake, upgradeRequired } from "./handshake.ts";
import { answerNow, bridgeHttp } from "./http-bridge.ts";
import { explainListenFailure } from "./listen-failure.ts";
import { loadUws } from "./load-uws.ts";
import { remoteAddressText } from "./remote-address.ts";
import type { Uws, UwsApp } from "./uws-binding.ts";
import { UwsConnection, type UwsSocketData } from "./uws-connection.ts";

/**
 * uWebSockets.js cuts what exceeds its own limit without a close frame. Messages up to so much beyond ours
 * therefore still arrive, to be answered with 1009.
 */
const NATIVE_MESSAGE_MARGIN = 64 * 1024;

/**
 * The transport of production: WebSocket, topics and HTTP of uWebSockets.js. Any number of them may run in one
 * process; each has an application of its own, and topics are not shared.
 */
export class UwsTransport implements Transport {
  readonly #uws: Uws;
  readonly #limits: TransportLimits;
  #app: UwsApp | undefined;
  #listenSocket: us_listen_socket | undefined;
  #used = false;

  /** @throws UwsLoadError where the native part does not load, RangeError for a limit that makes no sense. */
  constructor(limits: Partial<TransportLimits> = {}) {
    this.#limits = validTransportLimits(limits);
    this.#uws = loadUws();
  }

  async listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    if (this.#used) throw new ListenError("This transport was started before: create another one.");
    this.#used = true;
    if (!(Number.isInteger(options.port) && options.port >= 0 && options.port <= 65_535)) {
      throw new ListenError(`${options.port} is no port: choose one from 0 to 65535 with --port.`);
    }
    const app = this.#createApp(handlers);
    const socket = this.#tryToListen(app, options);
    if (socket === undefined) {
      app.close();
      throw await explainListenFailure(options);
    }
    this.#app = app;
    this.#listenSocket = socket;
    return { host: options.host, port: this.#uws.us_socket_local_port(socket) };
  }

  publish(topic: string, frame: Uint8Array): void {
    this.#app?.publish(topic, frame, true);
  }

  /**
   * uWebSockets.js writes what was published right before the event loop polls, and once more right after it;
   * `setImmediate` comes next, on whatever occasion something was published.
   */
  afterFlush(callback: () => void): Release {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }

  stopListening(): void {
    const socket = this.#listenSocket;
    if (socket === undefined) return;
    this.#listenSocket = undefined;
    this.#uws.us_listen_socket_close(socket);
  }

  close(): void {
    const app = this.#app;
    this.#used = true;
    // Closing the application closes the listening socket as well, and it must not be closed twice.
    this.#app = undefined;
    this.#listenSocket = undefined;
    app?.close();
  }

  /** The port is ours alone: by default a second server would share it in silence. */
  #tryToListen(app: UwsApp, { host, port }: ListenOptions): us_listen_socket | undefined {
    let listening: us_listen_socket | undefined;
    app.listen(host, port, this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
      if (socket !== false) listening = socket;
    });
    return listening;
  }

  #createApp(handlers: TransportHandlers): UwsApp {
    const { maxMessageBytes, maxBodyBytes, maxBufferedBytes, idleTimeoutSeconds } = this.#limits;
    const app = this.#uws.App();
    app.ws<UwsSocketData>("/*", {
      compression: this.#uws.DISABLED,
      maxPayloadLength: maxMessageBytes + NATIVE_MESSAGE_MARGIN,
      maxBackpressure: maxBufferedBytes,
      closeOnBackpressureLimit: false,
      idleTimeout: idleTimeoutSeconds,
      sendPingsAutomatically: true,
      upgrade: (response, request, context) => upgrade(response, request, context, handlers),
      open: (socket) => {
        const data = socket.getUserData();
        const connection = new UwsConnection(socket, data.request.remoteAddress, handlers);
        data.connection = connection;
        try {
          connection.listener.forwardTo(handlers.open(connection, data.request));
        } catch (error) {
          handlers.failed(error, "open");
          connection.end(1011, "internal error");
        }
      },
      message: (socket, message, isBinary) => {
        const connection = socket.getUserData().connection;
        if (message.byteLength > maxMessageBytes && connection !== undefined) {
          connection.end(1009, `a message may have ${maxMessageBytes} bytes`);
          handlers.limited("maxMessageBytes", connection.remoteAddress);
        } else if (isBinary) connection?.listener.message(new Uint8Array(message));
        else connection?.listener.text();
      },
      ping: (socket, message) => socket.getUserData().connection?.listener.control(message.byteLength),
      pong: (socket, message) => socket.getUserData().connection?.listener.control(message.byteLength),
      drain: (socket) => {
        const connection = socket.getUserData().connection;
        if (connection?.bufferedBytes() === 0) connection.listener.drained();
      },
      dropped: (socket) => socket.getUserData().connection?.listener.dropped(),
      close: (socket, code, reason) => {
        socket.getUserData().connection?.closed(code, new TextDecoder().decode(reason));
      },
    });
    const connected = (response: HttpResponse, change: number): void => {
      // Of one that ended it is not said whose it was.
      if (change > 0 && !askToConnect(response, handlers)) response.close();
    };
    app.filter(connected);
    app.any("/*", (response, request) => {
      // Its key has the wrong length; with the right one, the route above would have it.
      if (asksForWebSocket(request)) answerNow(response, upgradeRequired("Malformed WebSocket key"));
      else bridgeHttp(response, request, handlers, maxBodyBytes);
    });
    return app;
  }
}

function askToConnect(response: HttpResponse, handlers: TransportHandlers): boolean {
  try {
    return handlers.connecting(remoteAddressText(response.getRemoteAddress()));
  } catch (error) {
    handlers.failed(error, "connecting");
    return true;
  }
}

function upgrade(
  response: HttpResponse,
  request: HttpRequest,
  context: us_socket_context_t,
  handlers: TransportHandlers,
): void {
  const handshake = readHandshake(response, request);
  if ("status" in handshake) {
    answerNow(response, handshake);
    return;
  }
  const verdict = askForVerdict(handlers, handshake.request);
  if (verdict.verdict === "refuse") {
    const { status, reason, retryAfterSeconds } = verdict;
    const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    answerNow(response, { status, reason, headers });
    return;
  }
  const data: UwsSocketData = { request: handshake.request, connection: undefined };
  // No subprotocol is ever chosen, and no extension either, as compression is off.
  response.upgrade(data, handshake.key, "", handshake.extensions, context);
}
