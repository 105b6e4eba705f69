import type { HandshakeRequest, HandshakeVerdict } from "../transport/transport.ts";
import { problem } from "./json.ts";

/** Asked as for a handshake: pages that may not connect get neither a seat nor a room. */
export type Gate = (request: HandshakeRequest) => HandshakeVerdict | undefined;

/** The refusal of a gate, if it refuses. */
export function askGate(gate: Gate, request: Request, url: URL, remoteAddress: string): Response | undefined {
  const origin = request.headers.get("origin") ?? undefined;
  const asked = { path: url.pathname, query: url.searchParams, origin, remoteAddress, userAgent: undefined };
  const verdict = gate(asked);
  return verdict?.verdict === "refuse" ? problem(verdict.status, "not-allowed", verdict.reason) : undefined;
}
