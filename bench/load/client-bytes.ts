import { createHash } from "node:crypto";

/** What a client of RFC 6455 sends, as bytes. */

const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The handshake (4.1). `key` is 16 random bytes in base64. */
export function upgradeRequest(host: string, path: string, key: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
    "\r\n",
  ].join("\r\n");
}

/**
 * Judges the server's whole answer (4.2.2), a text up to the empty line: a sentence that says what is wrong, or
 * `undefined`.
 */
export function refusal(answer: string, key: string): string | undefined {
  const [status = "", ...lines] = answer.split("\r\n");
  if (!/^HTTP\/1\.1 101(\s|$)/.test(status)) return `the server answers "${status}"`;
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return "the server upgrades to something else";
  if (headers.get("sec-websocket-accept") !== acceptFor(key)) return "the server answers another handshake";
  return headers.has("sec-websocket-extensions")
    ? "the server uses an extension nobody asked for"
    : undefined;
}

/** What a server answers to a key. */
export function acceptFor(key: string): string {
  return createHash("sha1").update(`${key}${ACCEPT_GUID}`).digest("base64");
}

/** One masked frame (5.2, 5.3). `mask` are four bytes; `payload` is at most 65,535 long. */
export function maskedFrame(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  if (payload.length > 0xffff) throw new RangeError(`a client's frame of ${payload.length} bytes`);
  const extended = payload.length > 125 ? [payload.length >> 8, payload.length & 0xff] : [];
  const length = extended.length > 0 ? 126 : payload.length;
  const header = [0x80 | opcode, 0x80 | length, ...extended, ...mask];
  const frame = new Uint8Array(header.length + payload.length);
  frame.set(header);
  payload.forEach((byte, i) => {
    frame[header.length + i] = byte ^ (mask[i % 4] as number);
  });
  return frame;
}
