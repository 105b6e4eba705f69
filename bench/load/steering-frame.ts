import { ClientFrame } from "../../shared/protocol/frames.ts";
import { maskedFrame } from "./client-bytes.ts";

const BINARY = 2;

/** Ticks are written in four bytes, a heading in one: each frame is as long as any, and is patched in place. */
const UINT8 = 0xcc;
const UINT32 = 0xce;
const PAYLOAD_BYTES = 14;
/** Behind two bytes of header and four of mask. */
const PAYLOAD_AT = 6;
const TICK_AT = 3;
const VIEW_AT = TICK_AT + 5;
const HEADING_AT = VIEW_AT + 5;

/**
 * One client's input frame `[1, tick, viewTick, heading]`, masked, of which only the numbers change: a new one
 * costs nine stores and allocates nothing. The next may be made once the kernel has this one.
 */
export class SteeringFrame {
  readonly #bytes: Uint8Array;
  readonly #mask: Uint8Array;

  /** @param mask four bytes */
  constructor(mask: Uint8Array) {
    const payload = new Uint8Array(PAYLOAD_BYTES);
    payload.set([0x94, ClientFrame.input, UINT32]);
    payload[VIEW_AT - 1] = UINT32;
    payload[HEADING_AT - 1] = UINT8;
    this.#bytes = maskedFrame(BINARY, payload, mask);
    this.#mask = mask;
  }

  /** The frame for a tick, all numbers below 2^32, `heading` below 256. Valid until the next call. */
  with(tick: number, viewTick: number, heading: number): Uint8Array {
    this.#put(TICK_AT, tick);
    this.#put(VIEW_AT, viewTick);
    this.#byte(HEADING_AT, heading);
    return this.#bytes;
  }

  #put(at: number, value: number): void {
    this.#byte(at, value >>> 24);
    this.#byte(at + 1, (value >>> 16) & 0xff);
    this.#byte(at + 2, (value >>> 8) & 0xff);
    this.#byte(at + 3, value & 0xff);
  }

  #byte(at: number, value: number): void {
    this.#bytes[PAYLOAD_AT + at] = value ^ (this.#mask[at % 4] as number);
  }
}
