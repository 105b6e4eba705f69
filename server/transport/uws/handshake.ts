import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import type { ClientAddress } from "../../access/client-address.ts";
import { readRequestTarget } from "../request-target.ts";
import type { HandshakeRequest } from "../transport.ts";
import { headerLines } from "./header-lines.ts";
import { remoteAddressText } from "./remote-address.ts";

/** A peer's wish for a WebSocket, copied from what uWebSockets.js shows during its callback only. */
export interface Handshake {
  readonly request: HandshakeRequest;
  readonly key: string;
  readonly extensions: string;
}

/** Why a handshake is answered before the server is asked. */
export interface Malformed {
  readonly status: 400 | 426;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Says what would be accepted (RFC 9110, 15.5.22; RFC 6455, 4.4). */
export function upgradeRequired(reason: string): Malformed {
  return { status: 426, reason, headers: { upgrade: "websocket", "sec-websocket-version": "13" } };
}

/** Reads a handshake. uWebSockets.js itself looks at the length of the key and at nothing else. */
export function readHandshake(
  response: HttpResponse,
  request: HttpRequest,
  clientAddress: ClientAddress,
): Handshake | Malformed {
  if (!asksForWebSocket(request) || request.getHeader("sec-websocket-version") !== "13") {
    return upgradeRequired("This is WebSocket of version 13 without its headers");
  }
  const target = readRequestTarget(request.getUrl(), request.getQuery() ?? "");
  if (target === undefined) return { status: 400, reason: "Malformed path", headers: {} };
  return {
    request: {
      ...target,
      origin: request.getHeader("origin") || undefined,
      remoteAddress: clientAddress(remoteAddressText(response.getRemoteAddress()), headerLines(request)),
      userAgent: request.getHeader("user-agent") || undefined,
    },
    key: request.getHeader("sec-websocket-key"),
    extensions: request.getHeader("sec-websocket-extensions"),
  };
}

/** Whether a request has the header of a WebSocket handshake, whatever else it lacks. */
export function asksForWebSocket(request: HttpRequest): boolean {
  return request.getHeader("upgrade").toLowerCase() === "websocket";
}
