import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type ReadyFrame,
  ServerFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { maskedFrame, refusal, upgradeRequest } from "./client-bytes.ts";
import { frameTick, frameType } from "./frame-head.ts";
import { FrameParser, type FrameSink, HEAD_BYTES } from "./frame-parser.ts";

const BINARY = 2;
const PONG = 10;

export interface LeanClientOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** An address of this machine to come from; absent: the system's choice. */
  readonly localAddress?: string;
  /** The first frame, as a WebSocket payload. */
  readonly hello: Uint8Array;
  /**
   * Where the kernel writes what arrives. All clients of a process share one: what was read is dealt with
   * before the next read, so nothing is allocated per read.
   */
  readonly buffer: Uint8Array;
}

/** Told what happens to one client. */
export interface LeanClientSink {
  /** The handshake is done, and the greeting is sent. Absent: nobody is told. */
  opened?(): void;
  /** The seat is taken. */
  welcomed(welcome: WelcomeFrame): void;
  /** A tick's last frame has arrived, whole; `previous` is the tick before, 0 for none. */
  ticked(tick: number, previous: number): void;
  /** The server paused this client behind a tick: it waits for {@link LeanClient.ready}. Absent: nobody is told. */
  paused?(tick: number): void;
  /** The connection ended, by whomever but this process. Called once at most, and nothing after it. */
  lost(why: string): void;
  /** The next bytes of a message; see {@link FrameSink.piece}. */
  piece?: NonNullable<FrameSink["piece"]>;
}

/**
 * A player reduced to its cost: greets, counts ticks, says when one has arrived. It reads of each frame two
 * numbers, so a core carries some 100,000 frames a second, three times what a full client does.
 */
export class LeanClient implements FrameSink {
  readonly #socket: Socket;
  readonly #sink: LeanClientSink;
  readonly #parser: FrameParser;
  readonly #key = randomBytes(16).toString("base64");
  readonly #hello: Uint8Array;
  readonly piece?: NonNullable<FrameSink["piece"]>;
  #answer: string | undefined = "";
  #lastTick = 0;
  #over = false;
  /** Everything that came after the handshake, WebSocket headers included. */
  bytesReceived = 0;
  /** Whole messages of any type. */
  framesReceived = 0;
  framesSent = 0;
  /** The last tick that the server was told is closed here; 0: none. */
  acknowledged = 0;

  constructor(options: LeanClientOptions, sink: LeanClientSink) {
    this.#sink = sink;
    this.#hello = options.hello;
    if (sink.piece !== undefined) this.piece = sink.piece.bind(sink);
    this.#parser = new FrameParser(this);
    const { host, port, path, buffer, localAddress } = options;
    this.#socket = connect({
      host,
      port,
      ...(localAddress !== undefined && { localAddress }),
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
    this.#socket.on("error", (error) => this.#lose(error.message));
    this.#socket.on("close", () => this.#lose("the connection ended without a close frame"));
  }

  /** The last tick that closed; 0: none. */
  get tick(): number {
    return this.#lastTick;
  }

  /**
   * Sends a frame that {@link maskedFrame} made: it may be shared by many clients. Before the handshake is answered
   * it is left out, since the server would read it as part of the request.
   */
  send(frame: Uint8Array): void {
    if (this.#over || this.#answer !== undefined) return;
    this.framesSent += 1;
    this.#socket.write(frame);
  }

  /** Sends a frame whose bytes change again: they are copied where the kernel does not take them at once. */
  sendReused(frame: Uint8Array): void {
    this.send(this.#socket.writableLength === 0 ? frame : frame.slice());
  }

  /** Cuts the connection; the sink hears no more. */
  end(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  /** Reads nothing more: what arrives waits in the kernel, and then at the server. */
  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  /** Answers a pause: everything up to it is applied. */
  ready(tick: number): void {
    this.acknowledged = tick;
    const frame: ReadyFrame = [ClientFrame.ready, tick];
    this.send(maskedFrame(BINARY, encode(frame), randomBytes(4)));
  }

  message(bytes: Uint8Array, at: number, length: number): void {
    this.framesReceived += 1;
    switch (frameType(bytes, at)) {
      case ServerFrame.tickEnd: {
        const tick = frameTick(bytes, at);
        const previous = this.#lastTick;
        this.#lastTick = tick;
        this.#sink.ticked(tick, previous);
        return;
      }
      case ServerFrame.pause:
        this.#sink.paused?.(frameTick(bytes, at));
        return;
      case ServerFrame.welcome:
        if (length > HEAD_BYTES) this.#lose(`a welcome of ${length} bytes`);
        else this.#sink.welcomed(decodeTrusted(bytes.slice(at, at + length)) as WelcomeFrame);
    }
  }

  ping(payload: Uint8Array): void {
    this.send(maskedFrame(PONG, payload, randomBytes(4)));
  }

  close(code: number): void {
    this.#lose(`the server closed with code ${code}`);
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
    if (fault !== undefined) this.#lose(`the server sent ${fault}`);
  }

  #handshake(bytes: Uint8Array): void {
    const before = this.#answer?.length ?? 0;
    const answer = `${this.#answer}${Buffer.from(bytes).toString("latin1")}`;
    this.#answer = answer;
    const end = answer.indexOf("\r\n\r\n");
    if (end === -1) return;
    const refused = refusal(answer.slice(0, end), this.#key);
    if (refused !== undefined) {
      this.#lose(refused);
      return;
    }
    this.#answer = undefined;
    this.send(maskedFrame(BINARY, this.#hello, randomBytes(4)));
    this.#sink.opened?.();
    const rest = end + 4 - before;
    this.bytesReceived += bytes.length - rest;
    this.#parse(bytes, rest, bytes.length);
  }

  #lose(why: string): void {
    if (this.#over) return;
    this.end();
    this.#sink.lost(why);
  }
}
