/**
 * The first two values of a server's frame, `[type, tick, …]`, read from its bytes without decoding it: all
 * that a lean client needs, for a hundredth of the cost.
 */

/** Of the largest integer that is read, with the array's header and the type before it. */
export const FRAME_HEAD_BYTES = 12;

/** The frame's type, or −1 where the bytes from `at` on begin no frame. */
export function frameType(bytes: Uint8Array, at: number): number {
  const first = typeOffset(bytes, at);
  const type = bytes[first] ?? 0xff;
  return first > at && type <= 0x7f ? type : -1;
}

/** The whole number after the type, a tick in most frames; −1 where there is none. Up to 2^32 − 1. */
export function frameTick(bytes: Uint8Array, at: number): number {
  const start = typeOffset(bytes, at) + 1;
  const head = bytes[start] ?? 0xff;
  if (head <= 0x7f) return head;
  const length = head === 0xcc ? 1 : head === 0xcd ? 2 : head === 0xce ? 4 : 0;
  if (length === 0 || start + length >= bytes.length) return -1;
  let value = 0;
  for (let i = 1; i <= length; i++) value = value * 256 + (bytes[start + i] ?? 0);
  return value;
}

/** Where the type stands: behind the header of an array (fixarray 0x90 to 0x9f, array16 0xdc). */
function typeOffset(bytes: Uint8Array, at: number): number {
  const header = bytes[at] ?? 0;
  if ((header & 0xf0) === 0x90) return at + 1;
  return header === 0xdc ? at + 3 : at;
}
