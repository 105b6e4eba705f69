import type { HttpRequest, HttpResponse, us_socket_context_t } from "uWebSockets.js";
import type { Release } from "../../../shared/tick/clock.ts";
import type { ClientAddress } from "../../access/client-address.ts";
import { type CertificateFiles, checkCertificate } from "../../tls/certificate.ts";
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
import { ListenSockets } from "./listen-sockets.ts";
import { loadUws } from "./load-uws.ts";
import { remoteAddressText } from "./remote-address.ts";
import type { Uws, UwsApp } from "./uws-binding.ts";
import { UwsConnection, type UwsSocketData } from "./uws-connection.ts";

/**
 * uWebSockets.js cuts what exceeds its own limit without a close frame. Messages up to so much beyond ours
 * therefore still arrive, to be answered with 1009.
 */
const NATIVE_MESSAGE_MARGIN = 64 * 1024;

/** What a transport does besides its limits. */
export interface UwsOptions {
  /** Who a peer is. Default: the other end of the connection, whatever it says. */
  readonly clientAddress?: ClientAddress;
  /** Whose connections are of many clients: nobody is asked whether such a peer may connect. */
  readonly isProxy?: (peer: string) => boolean;
  /** Serves over TLS alone: `wss:` and `https:`. */
  readonly tls?: CertificateFiles;
}

/** One application of uWebSockets.js, with the certificate that it was made with. */
interface Served {
  readonly app: UwsApp;
  connections: number;
}

const peerItself: ClientAddress = (peer) => peer;

/**
 * The transport of production: WebSocket, topics and HTTP of uWebSockets.js. Any number of them may run in one
 * process; each has an application of its own, and topics are not shared.
 */
export class UwsTransport implements Transport {
  readonly #uws: Uws;
  readonly #limits: TransportLimits;
  readonly #clientAddress: ClientAddress;
  readonly #isProxy: (peer: string) => boolean;
  readonly #tls: CertificateFiles | undefined;
  /** The last one listens. Those before it have connections from before a certificate was renewed. */
  #served: Served[] = [];
  #listening: { readonly at: Listening; readonly handlers: TransportHandlers } | undefined;
  #sockets: ListenSockets | undefined;
  #used = false;

  /** @throws UwsLoadError where the native part does not load, RangeError for a limit that makes no sense. */
  constructor(
    limits: Partial<TransportLimits> = {},
    { clientAddress = peerItself, isProxy = () => false, tls }: UwsOptions = {},
  ) {
    this.#limits = validTransportLimits(limits);
    this.#clientAddress = clientAddress;
    this.#isProxy = isProxy;
    this.#tls = tls;
    this.#uws = loadUws();
  }

  async listen(options: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    if (this.#used) throw new ListenError("This transport was started before: create another one.");
    this.#used = true;
    if (!(Number.isInteger(options.port) && options.port >= 0 && options.port <= 65_535)) {
      throw new ListenError(`${options.port} is no port: choose one from 0 to 65535 with --port.`);
    }
    if (this.#tls !== undefined) checkCertificate(this.#tls);
    const served = this.#serve(handlers);
    const sockets = ListenSockets.open(this.#uws, served.app, options);
    if (sockets === undefined) {
      served.app.close();
      throw await explainListenFailure(options);
    }
    this.#served = [served];
    this.#sockets = sockets;
    const at = { host: options.host, port: sockets.port };
    this.#listening = { at, handlers };
    return at;
  }

  publish(topic: string, frame: Uint8Array): void {
    for (const { app } of this.#served) app.publish(topic, frame, true);
  }

  /**
   * Reads the certificate's files again: who connects from now on gets the new one, and connections that are there
   * stay. uWebSockets.js cannot change a certificate in place, so another application takes the port over.
   *
   * @returns until when it is valid
   * @throws CertificateError where the files cannot be used, ListenError where the port could not be taken over;
   * then everything stays as it was
   */
  renewCertificate(): { readonly validTo: string } {
    const [tls, listening, sockets, current] = [
      this.#tls,
      this.#listening,
      this.#sockets,
      this.#served.at(-1),
    ];
    if (!tls || !listening || !sockets || !current)
      throw new ListenError("This transport does not listen with TLS.");
    const validity = checkCertificate(tls);
    const next = this.#serve(listening.handlers);
    sockets.close();
    this.#sockets = ListenSockets.open(this.#uws, next.app, listening.at);
    if (this.#sockets === undefined) {
      this.#sockets = ListenSockets.open(this.#uws, current.app, listening.at);
      next.app.close();
      throw new ListenError(`Port ${listening.at.port} could not be taken over with the new certificate.`);
    }
    // The one that listened until now may be answering requests: if nobody stays, it goes with the next renewal.
    const isIdle = (served: Served): boolean => served !== current && served.connections === 0;
    for (const served of this.#served) if (isIdle(served)) served.app.close();
    this.#served = [...this.#served.filter((served) => !isIdle(served)), next];
    return validity;
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
    this.#sockets?.close();
    this.#sockets = undefined;
  }

  close(): void {
    const served = this.#served;
    this.#used = true;
    // Closing the application closes its listening sockets as well, and none must be closed twice.
    this.#served = [];
    this.#listening = undefined;
    this.#sockets = undefined;
    for (const { app } of served) app.close();
  }

  #serve(handlers: TransportHandlers): Served {
    const { maxMessageBytes, maxBodyBytes, maxBufferedBytes, idleTimeoutSeconds } = this.#limits;
    const clientAddress = this.#clientAddress;
    const tls = this.#tls;
    const app =
      tls === undefined
        ? this.#uws.App()
        : this.#uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile });
    const served: Served = { app, connections: 0 };
    app.ws<UwsSocketData>("/*", {
      compression: this.#uws.DISABLED,
      maxPayloadLength: maxMessageBytes + NATIVE_MESSAGE_MARGIN,
      maxBackpressure: maxBufferedBytes,
      closeOnBackpressureLimit: false,
      idleTimeout: idleTimeoutSeconds,
      sendPingsAutomatically: true,
      upgrade: (response, request, context) => upgrade(response, request, context, handlers, clientAddress),
      open: (socket) => {
        served.connections += 1;
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
        served.connections -= 1;
        socket.getUserData().connection?.closed(code, new TextDecoder().decode(reason));
      },
    });
    const connected = (response: HttpResponse, change: number): void => {
      // Of one that ended it is not said whose it was.
      if (change > 0 && !askToConnect(response, handlers, this.#isProxy)) response.close();
    };
    app.filter(connected);
    app.any("/*", (response, request) => {
      // Its key has the wrong length; with the right one, the route above would have it.
      if (asksForWebSocket(request)) answerNow(response, upgradeRequired("Malformed WebSocket key"));
      else bridgeHttp(response, request, handlers, maxBodyBytes, clientAddress);
    });
    return served;
  }
}

function askToConnect(
  response: HttpResponse,
  handlers: TransportHandlers,
  isProxy: (peer: string) => boolean,
): boolean {
  try {
    const peer = remoteAddressText(response.getRemoteAddress());
    return isProxy(peer) || handlers.connecting(peer);
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
  clientAddress: ClientAddress,
): void {
  const handshake = readHandshake(response, request, clientAddress);
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
