import { encode } from "../../shared/protocol/codec.ts";
import { ServerFrame } from "../../shared/protocol/frames.ts";

/** A frame without its ticks, `[type, tick, base, …]`, so that it can be sent in any. */
export interface RecordedFrame {
  /** Header of the array and type. */
  readonly head: Uint8Array;
  /** Whether a base follows the tick: the tick before, where every tick is published. */
  readonly hasBase: boolean;
  /** What follows, as it was. */
  readonly rest: Uint8Array;
}

const HEAD_BYTES = 2;

/** Takes the ticks out of a frame that a room made in a tick, and copies the rest: the encoder reuses its memory. */
export function recordedFrame(bytes: Uint8Array, tick: number): RecordedFrame {
  const type = bytes[1];
  if (type === ServerFrame.welcome) return { head: bytes.slice(), hasBase: false, rest: new Uint8Array() };
  const hasBase = type === ServerFrame.delta || type === ServerFrame.tickEnd;
  const ticks = encode(tick).length + (hasBase ? encode(tick - 1).length : 0);
  return { head: bytes.slice(0, HEAD_BYTES), hasBase, rest: bytes.slice(HEAD_BYTES + ticks) };
}

/** The frame as a room would have made it in that tick. */
export function frameOfTick({ head, hasBase, rest }: RecordedFrame, tick: number): Uint8Array {
  const at = encode(tick).slice();
  const base = hasBase ? encode(tick - 1).slice() : new Uint8Array();
  const bytes = new Uint8Array(head.length + at.length + base.length + rest.length);
  bytes.set(head);
  bytes.set(at, head.length);
  bytes.set(base, head.length + at.length);
  bytes.set(rest, head.length + at.length + base.length);
  return bytes;
}
