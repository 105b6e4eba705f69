import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { maskedFrame, refusal, upgradeRequest } from "../../load/client-bytes.ts";
import { FrameParser, type FrameSink } from "../../load/frame-parser.ts";

const TEXT = 1;
const BINARY = 2;
const PONG = 10;

export interface WireClientOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Where the kernel writes what arrives; all clients of a process share one. */
  readonly buffer: Uint8Array;
}

/** Told what happens to one connection. */
export interface WireClientSink {
  binary(bytes: Uint8Array, at: number, length: number): void;
  /** The handshake is done; absent where the server speaks first. */
  opened?(): void;
  /** Absent where a server must send none. */
  text?(text: string): void;
  /** The connection ended, by whomever but this process. Called once at most, and nothing after it. */
  lost(why: string): void;
}

/** A WebSocket that only counts and reads heads, whatever the protocol on it: what a lean client stands on. */
export class WireClient implements FrameSink {
  readonly #socket: Socket;
  readonly #sink: WireClientSink;
  readonly #parser: FrameParser;
  readonly #key = randomBytes(16).toString("base64");
  readonly text?: NonNullable<FrameSink["text"]>;
  #answer: string | undefined = "";
  #over = false;
  /** Everything that came after the handshake, WebSocket headers included. */
  bytesReceived = 0;

  constructor({ host, port, path, buffer }: WireClientOptions, sink: WireClientSink) {
    this.#sink = sink;
    const { text } = sink;
    if (text !== undefined)
      this.text = (bytes, at, length) => text(Buffer.from(bytes.slice(at, at + length)).toString());
    this.#parser = new FrameParser(this);
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (count, bytes) => {
          this.#read(bytes, count);
          return true;
        },
      },
    });
    this.#socket.on("connect", () => this.#socket.write(upgradeRequest(`${host}:${port}`, path, this.#key)));
    this.#socket.on("error", (error) => this.lose(error.message));
    this.#socket.on("close", () => this.lose("the connection ended without a close frame"));
  }

  sendBinary(payload: Uint8Array): void {
    this.send(maskedFrame(BINARY, payload, randomBytes(4)));
  }

  sendText(text: string): void {
    this.send(maskedFrame(TEXT, Buffer.from(text), randomBytes(4)));
  }

  /** Sends a frame that {@link maskedFrame} made: it may be shared by many clients. */
  send(frame: Uint8Array): void {
    if (!this.#over) this.#socket.write(frame);
  }

  /** Cuts the connection and says why. */
  lose(why: string): void {
    if (this.#over) return;
    this.end();
    this.#sink.lost(why);
  }

  /** Cuts the connection; the sink hears no more. */
  end(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  message(bytes: Uint8Array, at: number, length: number): void {
    this.#sink.binary(bytes, at, length);
  }

  ping(payload: Uint8Array): void {
    this.send(maskedFrame(PONG, payload, randomBytes(4)));
  }

  close(code: number): void {
    this.lose(`the server closed with code ${code}`);
  }

  #read(bytes: Uint8Array, count: number): void {
    if (this.#over) return;
    if (this.#answer !== undefined) {
      this.#handshake(bytes.subarray(0, count));
      return;
    }
    this.bytesReceived += count;
    this.#parse(bytes, 0, count);
  }

  #parse(bytes: Uint8Array, from: number, to: number): void {
    const fault = this.#parser.feed(bytes, from, to);
    if (fault !== undefined) this.lose(`the server sent ${fault}`);
  }

  #handshake(bytes: Uint8Array): void {
    const before = this.#answer?.length ?? 0;
    const answer = `${this.#answer}${Buffer.from(bytes).toString("latin1")}`;
    this.#answer = answer;
    const end = answer.indexOf("\r\n\r\n");
    if (end === -1) return;
    const refused = refusal(answer.slice(0, end), this.#key);
    if (refused !== undefined) {
      this.lose(refused);
      return;
    }
    this.#answer = undefined;
    this.#sink.opened?.();
    const rest = end + 4 - before;
    this.bytesReceived += bytes.length - rest;
    this.#parse(bytes, rest, bytes.length);
  }
}
