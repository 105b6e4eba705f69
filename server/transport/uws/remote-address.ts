/**
 * An address as people write it, so that one peer has one spelling: uWebSockets.js gives 4 or 16 bytes, and
 * on a dual-stack socket an IPv4 peer comes as `::ffff:a.b.c.d`.
 *
 * @returns "unknown" where the socket was gone before it could be asked.
 */
export function remoteAddressText(address: ArrayBuffer): string {
  const bytes = new Uint8Array(address);
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "unknown";
  if (isMappedIpv4(bytes)) return bytes.subarray(12).join(".");
  const view = new DataView(address);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16));
  // The URL standard writes IPv6 in its canonical, shortest form.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function isMappedIpv4(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}
