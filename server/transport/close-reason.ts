/** What a close frame has room for beside its code (RFC 6455, 5.5). */
const CLOSE_REASON_BYTES = 123;

/** As much of a reason as fits a close frame, in UTF-8; never ends within a character. */
export function closeReasonBytes(reason: string): Uint8Array {
  const bytes = new Uint8Array(CLOSE_REASON_BYTES);
  const { written } = new TextEncoder().encodeInto(reason, bytes);
  return bytes.subarray(0, written);
}
