import type { HandshakeRequest, HandshakeVerdict, TransportHandlers } from "./transport.ts";

/** Asks the server about a handshake; if it throws, that is reported and the peer sees 500. */
export function askForVerdict(handlers: TransportHandlers, request: HandshakeRequest): HandshakeVerdict {
  try {
    return handlers.handshake(request);
  } catch (error) {
    handlers.failed(error, "handshake");
    return { verdict: "refuse", status: 500, reason: "Internal server error" };
  }
}
