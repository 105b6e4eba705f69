import { connect, type Socket } from "node:net";

/** A WebSocket frame as a client puts it on the wire, right or wrong (RFC 6455, 5.2). */
export interface FrameShape {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** Three bits; extensions would give them a meaning. */
  readonly rsv?: number;
  readonly masked?: boolean;
  readonly payload?: Uint8Array;
  /** How the length is written; by default in as few bytes as it needs. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** A length that is not the payload's own. */
  readonly claims?: bigint;
}

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MASK = Uint8Array.of(0x11, 0x22, 0x33, 0x44);

export function wsFrame(shape: FrameShape = {}): Uint8Array {
  const { opcode = Opcode.binary, fin = true, rsv = 0, masked = true, payload = new Uint8Array() } = shape;
  const length = shape.claims ?? BigInt(payload.length);
  const lengthBytes = shape.lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const extended = Buffer.alloc(lengthBytes);
  if (lengthBytes === 2) extended.writeUInt16BE(Number(length));
  if (lengthBytes === 8) extended.writeBigUInt64BE(length);
  const short = lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127;
  return Buffer.concat([
    Uint8Array.of((fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | short),
    extended,
    ...(masked ? [MASK, payload.map((byte, i) => byte ^ (MASK[i % 4] ?? 0))] : [payload]),
  ]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: Uint8Array | string = ""): Uint8Array {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, typeof reason === "string" ? Buffer.from(reason) : reason]);
}

/** What a server put on the wire. */
export interface ReadFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * A TCP connection that speaks WebSocket by hand, or any bytes. It does nothing by itself: no pong, no close, no mask
 * unless it is told to.
 */
export class RawSocket {
  readonly socket: Socket;
  /** Of the server's answer everything up to the empty line. */
  head = "";
  readonly frames: ReadFrame[] = [];
  /** Frames that no server may send: masked, in fragments, with reserved bits. */
  readonly malformed: string[] = [];
  /** What followed the head of an answer that is no WebSocket. */
  body = "";
  ended = false;
  #unread = Buffer.alloc(0);
  readonly #watchers = new Set<() => void>();

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (chunk) => this.#read(chunk));
    // What matters of an error is that the connection has ended.
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.ended = true;
      this.#tell();
    });
  }

  /** A WebSocket, through its handshake. */
  static async open(port: number, path = "/probe", headers: readonly string[] = []): Promise<RawSocket> {
    const raw = new RawSocket(port);
    raw.write(upgradeRequest(path, headers));
    await raw.until(() => raw.head !== "" || raw.ended);
    if (raw.status !== 101) throw new Error(`no WebSocket, but ${raw.head || "the end"}`);
    return raw;
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.head)?.[1] ?? 0);
  }

  header(name: string): string | undefined {
    return new RegExp(`^${name}: (.*)$`, "im").exec(this.head)?.[1];
  }

  /** The code of the server's close frame. */
  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === Opcode.close);
    if (close === undefined) return undefined;
    return close.payload.length >= 2 ? close.payload.readUInt16BE() : 1005;
  }

  write(bytes: Uint8Array | string): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  send(shape: FrameShape): void {
    this.write(wsFrame(shape));
  }

  /** Resolves when the condition holds; it is looked at whenever something arrives. The test's deadline ends it. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  untilEnded(): Promise<void> {
    return this.until(() => this.ended);
  }

  destroy(): void {
    this.socket.destroy();
  }

  #tell(): void {
    for (const look of [...this.#watchers]) look();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    if (this.head === "") {
      const end = this.#unread.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = this.#unread.subarray(0, end).toString("latin1").replaceAll("\r", "");
      this.#unread = this.#unread.subarray(end + 4);
    }
    if (this.status !== 101) this.body = this.#unread.toString();
    else while (this.#readFrame());
    this.#tell();
  }

  #readFrame(): boolean {
    const bytes = this.#unread;
    if (bytes.length < 2) return false;
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    if ((first & 0xf0) !== 0x80 || (second & 0x80) !== 0) this.malformed.push(bytes.toString("hex", 0, 2));
    const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < headBytes) return false;
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < headBytes + length) return false;
    this.frames.push({ opcode: first & 0x0f, payload: bytes.subarray(headBytes, headBytes + length) });
    this.#unread = bytes.subarray(headBytes + length);
    return true;
  }
}

export function upgradeRequest(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: tickcast",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
    "\r\n",
  ].join("\r\n");
}
