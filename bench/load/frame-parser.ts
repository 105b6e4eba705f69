/** Of a message in pieces so many bytes are put together: enough for a welcome. */
export const HEAD_BYTES = 256;

/** Told what a server sent. Bytes are valid during the call only. */
export interface FrameSink {
  /**
   * A whole binary message of `length` bytes has arrived. The first {@link HEAD_BYTES} of them, or all where
   * they are fewer, stand in `bytes` from `at` on.
   */
  message(bytes: Uint8Array, at: number, length: number): void;
  /** A whole text message, as `message` is told of binary ones. Absent where a server must send none. */
  text?(bytes: Uint8Array, at: number, length: number): void;
  ping(payload: Uint8Array): void;
  /** The server closes; 1005 stands for no code. */
  close(code: number): void;
  /**
   * The next piece of a message, before `message` ends it; `begins` says that it is the first. Absent where
   * nobody looks at whole messages.
   */
  piece?(bytes: Uint8Array, from: number, to: number, begins: boolean): void;
}

const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MAX_CONTROL_BYTES = 125;
/** A server that is measured sends frames of some kilobytes. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/**
 * Reads a server's WebSocket frames (RFC 6455, 5.2) for one who only counts them: a message that lies whole
 * in a chunk, as nearly all do, is neither copied nor looked at, and nothing is allocated.
 */
export class FrameParser {
  readonly #sink: FrameSink;
  /** Fixed header, then the extended length. */
  readonly #header = new Uint8Array(10);
  #headerHas = 0;
  #headerNeeds = 2;
  /** Payload of the current frame that is still to come; meaningful once its header is complete. */
  #remaining = 0;
  readonly #head = new Uint8Array(HEAD_BYTES);
  #messageBytes = 0;
  #inMessage = false;
  #isText = false;
  readonly #control = new Uint8Array(MAX_CONTROL_BYTES);
  #controlHas = 0;
  #fault: string | undefined;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Takes `bytes` from `from` to `to`. Returns what a server must not send, and from then on nothing else. */
  feed(bytes: Uint8Array, from: number, to: number): string | undefined {
    let at = from;
    while (at < to && this.#fault === undefined) {
      if (this.#headerHas < this.#headerNeeds) {
        this.#header[this.#headerHas++] = bytes[at++] as number;
        if (this.#headerHas < this.#headerNeeds) continue;
        if (this.#headerHas === 2) this.#headerNeeds = 2 + lengthBytes(this.#header[1] as number);
        if (this.#headerHas < this.#headerNeeds) continue;
        this.#fault = this.#begin();
        // An empty frame is complete with its header: there may be no byte after it to wait for.
        if (this.#fault === undefined && this.#remaining === 0) this.#end(bytes, at, 0);
        continue;
      }
      const take = Math.min(this.#remaining, to - at);
      this.#remaining -= take;
      if (this.#isControl()) {
        copy(bytes, at, take, this.#control, this.#controlHas);
        this.#controlHas += take;
      } else {
        this.#sink.piece?.(bytes, at, at + take, this.#messageBytes === 0);
        const wholeMessage = this.#remaining === 0 && this.#messageBytes === 0 && this.#isFinal();
        if (!wholeMessage) copy(bytes, at, take, this.#head, this.#messageBytes);
        this.#messageBytes += take;
      }
      if (this.#remaining === 0) this.#end(bytes, at, take);
      at += take;
    }
    return this.#fault;
  }

  #isControl(): boolean {
    return ((this.#header[0] as number) & 0x08) !== 0;
  }

  #isFinal(): boolean {
    return ((this.#header[0] as number) & 0x80) !== 0;
  }

  /** The header is complete: what it says must be allowed. */
  #begin(): string | undefined {
    const [first = 0, second = 0] = this.#header;
    const opcode = first & 0x0f;
    if ((first & 0x70) !== 0) return "a frame with reserved bits";
    if ((second & 0x80) !== 0) return "a masked frame";
    let length = second & 0x7f;
    if (this.#headerNeeds > 2) {
      length = 0;
      for (let i = 2; i < this.#headerNeeds; i++) length = length * 256 + (this.#header[i] as number);
    }
    if (length > MAX_FRAME_BYTES) return `a frame of ${length} bytes`;
    this.#remaining = length;
    switch (opcode) {
      case Opcode.text:
      case Opcode.binary:
        if (opcode === Opcode.text && this.#sink.text === undefined) return `a frame with opcode ${opcode}`;
        this.#isText = opcode === Opcode.text;
        if (this.#inMessage) return "a message within a message";
        this.#inMessage = true;
        return undefined;
      case Opcode.continuation:
        return this.#inMessage ? undefined : "a continuation of nothing";
      case Opcode.close:
      case Opcode.ping:
      case Opcode.pong:
        return this.#isFinal() && length <= MAX_CONTROL_BYTES
          ? undefined
          : "a control frame that is too long or in pieces";
      default:
        return `a frame with opcode ${opcode}`;
    }
  }

  /** The frame is complete; its last `take` bytes stand at `at`. */
  #end(bytes: Uint8Array, at: number, take: number): void {
    const first = this.#header[0] as number;
    this.#headerHas = 0;
    this.#headerNeeds = 2;
    if (this.#isControl()) {
      const payload = this.#control.subarray(0, this.#controlHas);
      this.#controlHas = 0;
      if ((first & 0x0f) === Opcode.ping) this.#sink.ping(payload);
      else if ((first & 0x0f) === Opcode.close)
        this.#sink.close(payload.length < 2 ? 1005 : (payload[0] as number) * 256 + (payload[1] as number));
      return;
    }
    if (!this.#isFinal()) return;
    const length = this.#messageBytes;
    this.#messageBytes = 0;
    this.#inMessage = false;
    const isWhole = take === length;
    const from = isWhole ? bytes : this.#head;
    const start = isWhole ? at : 0;
    if (this.#isText) this.#sink.text?.(from, start, length);
    else this.#sink.message(from, start, length);
  }
}

function lengthBytes(second: number): number {
  const length = second & 0x7f;
  return length === 127 ? 8 : length === 126 ? 2 : 0;
}

/** As much as fits. By hand: `set` and `subarray` would allocate a view for a few bytes. */
function copy(from: Uint8Array, at: number, count: number, to: Uint8Array, start: number): void {
  const fits = Math.min(count, to.length - start);
  for (let i = 0; i < fits; i++) to[start + i] = from[at + i] as number;
}
