import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { type FrameShape, Opcode, wsFrame } from "../server-kit/raw-socket.ts";

/**
 * What becomes of a connection that is sent a case's frames and then a ping of the protocol.
 *
 * - `answers`: that ping is answered, and so are those among the frames: so many in all
 * - a number: the server closes with that code; 1005: with a close frame that names none
 * - `closes`: it closes with whatever code
 * - `cut`: it ends the connection without a close frame
 * - `silence`: it takes what follows for something else, and waits
 */
export type Outcome = { readonly answers: number } | number | "closes" | "cut" | "silence";

export interface FramingCase {
  readonly what: string;
  readonly sends: readonly Uint8Array[];
  readonly outcome: Outcome;
  /** Pongs of WebSocket itself that come, in order. */
  readonly pongs: readonly string[];
  /** Where the outcome is another than RFC 6455 asks for: what that would be, or why it does no harm. */
  readonly differs: string | undefined;
}

/** One row of a table. */
export function row(
  what: string,
  sends: Uint8Array | readonly Uint8Array[],
  outcome: Outcome,
  { pongs = [], differs }: { readonly pongs?: readonly string[]; readonly differs?: string } = {},
): FramingCase {
  return { what, sends: sends instanceof Uint8Array ? [sends] : sends, outcome, pongs, differs };
}

/** The smallest message that is answered: a ping of the protocol, with a stamp that comes back. */
export function stamped(stamp: number): Uint8Array {
  return encode([ClientFrame.ping, stamp]).slice();
}

export const message = stamped(1);

/** The same with unknown parts behind it, of exactly that size (300 bytes and more). */
export function messageOf(size: number): Uint8Array {
  const padded = (bytes: number) => encode([ClientFrame.ping, 1, new Uint8Array(bytes)]).slice();
  return padded(300 + size - padded(300).length);
}

export const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values);

/** A frame by its opcode and payload, text or bytes. */
export function frame(
  name: keyof typeof Opcode,
  payload: Uint8Array | string = "",
  shape: FrameShape = {},
): Uint8Array {
  return wsFrame({
    opcode: Opcode[name],
    payload: typeof payload === "string" ? Buffer.from(payload) : payload,
    ...shape,
  });
}

export const unfinished: FrameShape = { fin: false };
