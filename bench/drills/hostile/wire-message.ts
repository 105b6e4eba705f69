import { randomBytes } from "node:crypto";
import type { Random } from "../../../shared/random/seeded-random.ts";
import { maskedFrame } from "../../load/client-bytes.ts";
import type { FrameType, HostileMessages, Moment } from "./hostile-messages.ts";

/**
 * `mutated`: a valid frame with up to three of its parts changed. `noise`: bytes that may be anything. `text`: a text
 * message. `framing`: WebSocket itself is broken.
 */
export type WireKind = "mutated" | "noise" | "text" | "framing";

const BINARY = 2;
const TEXT = 1;

/** The n-th message of a fuzz as it goes onto the wire: every other one is a mutation, few break WebSocket itself. */
export function wireMessage(
  hostile: HostileMessages,
  type: FrameType,
  moment: Moment,
  n: number,
  random: Random,
): { readonly kind: WireKind; readonly bytes: Uint8Array } {
  if (n % 2 === 0) return { kind: "mutated", bytes: masked(BINARY, hostile.mutated(type, moment)) };
  if (n % 64 === 63) return { kind: "text", bytes: masked(TEXT, new TextEncoder().encode("{}")) };
  if (n % 32 === 1) return { kind: "framing", bytes: brokenFrame(random) };
  return { kind: "noise", bytes: masked(BINARY, hostile.noise(moment)) };
}

function masked(opcode: number, payload: Uint8Array): Uint8Array {
  return maskedFrame(opcode, payload, randomBytes(4));
}

/** What RFC 6455 does not allow a client, or what promises more than comes. */
function brokenFrame(random: Random): Uint8Array {
  const whole = masked(BINARY, Uint8Array.of(0x91, 0));
  const [first = 0, second = 0] = whole;
  const rest = [...whole.subarray(2)];
  switch (Math.floor(random() * 8)) {
    case 0: // unmasked
      return Uint8Array.of(first, second & 0x7f, 0x91, 0);
    case 1: // reserved bits
      return Uint8Array.of(first | 0x70, second, ...rest);
    case 2: // a reserved opcode
      return Uint8Array.of(0x80 | (3 + Math.floor(random() * 5)), second, ...rest);
    case 3: // 2^63 bytes to come
      return Uint8Array.of(first, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4);
    case 4: // a continuation of nothing
      return Uint8Array.of(0x80, second, ...rest);
    case 5: // a ping in pieces
      return Uint8Array.of(0x09, second, ...rest);
    case 6: // a ping of more than 125 bytes
      return masked(9, new Uint8Array(200));
    default: // a close with a code of its own
      return masked(8, Uint8Array.of(Math.floor(random() * 256), Math.floor(random() * 256)));
  }
}
