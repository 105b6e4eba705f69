import { ClientFrame } from "./frames.ts";

/** A client's frame, checked in its shape; payloads and input values are still to be judged by the game. */
export type ParsedClientFrame =
  | {
      readonly type: "hello";
      readonly protocol: number;
      readonly hash: string;
      readonly join: unknown;
      readonly ticket: string | undefined;
      readonly token: string | undefined;
      /** The last closed tick of one who returns with its state. */
      readonly tick: number | undefined;
      /** Counts the connections of one client. */
      readonly attempt: number | undefined;
      /** The one of that tick. */
      readonly timeline: number | undefined;
    }
  | {
      readonly type: "input";
      readonly tick: number;
      readonly viewTick: number;
      readonly values: readonly unknown[];
    }
  | {
      readonly type: "message" | "request";
      readonly sequence: number;
      readonly index: number;
      readonly payload: unknown;
    }
  | { readonly type: "ping"; readonly stamp: number }
  | { readonly type: "ack" | "ready"; readonly tick: number }
  | { readonly type: "leave" };

/** The frame in a decoded value, or `undefined` for what the protocol does not allow. */
export function parseClientFrame(value: unknown): ParsedClientFrame | undefined {
  if (!Array.isArray(value)) return undefined;
  const parts: readonly unknown[] = value;
  switch (parts[0]) {
    case ClientFrame.hello:
      return parseHello(parts);
    case ClientFrame.input: {
      // By index: taking a list apart with a rest goes by way of an iterator, and inputs are many.
      const tick = parts[1];
      const viewTick = parts[2];
      return isTick(tick) && isFiniteNumber(viewTick)
        ? { type: "input", tick, viewTick, values: parts.slice(3) }
        : undefined;
    }
    case ClientFrame.message:
      return parseCall("message", parts);
    case ClientFrame.request:
      return parseCall("request", parts);
    case ClientFrame.ping:
      return isFiniteNumber(parts[1]) ? { type: "ping", stamp: parts[1] } : undefined;
    case ClientFrame.ack:
      return isTick(parts[1]) ? { type: "ack", tick: parts[1] } : undefined;
    case ClientFrame.ready:
      return isTick(parts[1]) ? { type: "ready", tick: parts[1] } : undefined;
    case ClientFrame.leave:
      return { type: "leave" };
    default:
      return undefined;
  }
}

function parseHello(parts: readonly unknown[]): ParsedClientFrame | undefined {
  // A client writes `undefined` as nil; a schema for "nothing" wants the former.
  const [, protocol, hash, join, ticket, token, tick, attempt, timeline] = parts.map(
    (part) => part ?? undefined,
  );
  if (!isTick(protocol) || typeof hash !== "string" || !isTextIfAny(ticket) || !isTextIfAny(token))
    return undefined;
  if (!isTickIfAny(tick) || !isTickIfAny(attempt) || !isTickIfAny(timeline)) return undefined;
  return { type: "hello", protocol, hash, join, ticket, token, tick, attempt, timeline };
}

function parseCall(
  type: "message" | "request",
  [, sequence, index, payload]: readonly unknown[],
): ParsedClientFrame | undefined {
  return isTick(sequence) && isTick(index) ? { type, sequence, index, payload } : undefined;
}

const isTextIfAny = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";

const isTickIfAny = (value: unknown): value is number | undefined => value === undefined || isTick(value);

const isFiniteNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

const isTick = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
