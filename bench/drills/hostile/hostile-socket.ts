import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { ServerFrame } from "../../../shared/protocol/frames.ts";
import { maskedFrame, refusal, upgradeRequest } from "../../load/client-bytes.ts";
import { frameTick, frameType } from "../../load/frame-head.ts";
import { FrameParser } from "../../load/frame-parser.ts";

const BINARY = 2;
const HOST = "127.0.0.1";

/** A WebSocket that sends any bytes, and knows how it ended. */
export class HostileSocket {
  readonly #socket: Socket;
  readonly #parser: FrameParser;
  readonly #key = randomBytes(16).toString("base64");
  readonly #waiting = new Set<() => void>();
  #answer = "";
  #isOpen = false;
  /** Whether the server is done with it. */
  ended = false;
  /** The close code, or "cut" where none came. */
  end = "cut";
  /** The last tick that closed. */
  tick = 0;

  constructor({ port, path, localAddress }: { port: number; path: string; localAddress: string }) {
    this.#parser = new FrameParser({
      message: (bytes, at) => {
        if (frameType(bytes, at) === ServerFrame.tickEnd) this.tick = frameTick(bytes, at);
      },
      ping: () => {},
      close: (code) => {
        this.end = String(code);
        this.#finish();
      },
    });
    this.#socket = connect({ host: HOST, port, localAddress, noDelay: true });
    this.#socket.on("connect", () => this.#socket.write(upgradeRequest(`${HOST}:${port}`, path, this.#key)));
    this.#socket.on("data", (bytes) => this.#read(bytes));
    this.#socket.on("error", () => this.#finish());
    this.#socket.on("close", () => this.#finish());
  }

  /** Whether the handshake came to its end within so long. */
  async opened(withinMs: number): Promise<boolean> {
    await this.#until(() => this.#isOpen || this.ended, withinMs);
    return this.#isOpen && !this.ended;
  }

  /** Waits for a tick, or the end. */
  untilTick(withinMs: number): Promise<void> {
    return this.#until(() => this.tick > 0 || this.ended, withinMs);
  }

  send(payload: Uint8Array): void {
    this.write(maskedFrame(BINARY, payload, randomBytes(4)));
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    if (!this.ended) this.#socket.write(bytes);
  }

  destroy(): void {
    this.#finish();
    this.#socket.destroy();
  }

  #until(condition: () => boolean, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(look);
        clearTimeout(tooLate);
        resolve();
      };
      const look = (): void => {
        if (condition()) done();
      };
      const tooLate = setTimeout(done, withinMs);
      this.#waiting.add(look);
      look();
    });
  }

  #read(bytes: Uint8Array): void {
    let from = 0;
    if (!this.#isOpen) {
      const before = this.#answer.length;
      this.#answer += Buffer.from(bytes).toString("latin1");
      const end = this.#answer.indexOf("\r\n\r\n");
      if (end === -1) return;
      if (refusal(this.#answer.slice(0, end), this.#key) !== undefined) {
        this.#finish();
        return;
      }
      this.#isOpen = true;
      from = end + 4 - before;
    }
    const fault = this.#parser.feed(bytes, from, bytes.length);
    if (fault !== undefined) {
      this.end = `the server sent ${fault}`;
      this.#finish();
    }
    this.#tell();
  }

  #finish(): void {
    this.ended = true;
    this.#tell();
  }

  #tell(): void {
    for (const look of [...this.#waiting]) look();
  }
}
