import { closeCodes } from "../../shared/protocol/close-codes.ts";
import { decodeTrusted } from "../../shared/protocol/codec.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { RecordType } from "../../shared/recording/format.ts";
import type { Recording } from "../../shared/recording/recording.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { ClientSocket, SocketListener } from "../socket.ts";
import type { ReplayClock } from "./replay-clock.ts";
import { ReplayFrames } from "./replay-frames.ts";

export interface ReplaySocketParts {
  readonly recording: Recording;
  readonly clock: ReplayClock;
  /** The tick whose state it begins with. */
  readonly fromTick: number;
  /** The recording is at its end. */
  readonly onEnd: () => void;
  /** It cannot be read any further. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The server's end of a connection that plays a recording, in the same process: the SDK speaks to it as to any server.
 * A tick's frame comes when the clock is at its time.
 */
export class ReplaySocket implements ClientSocket {
  readonly bufferedBytes = 0;
  readonly #parts: ReplaySocketParts;
  readonly #listener: SocketListener;
  readonly #frames: ReplayFrames;
  readonly #periodMs: number;
  #isOpen = true;
  #hasBegun = false;

  constructor(parts: ReplaySocketParts, listener: SocketListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#frames = new ReplayFrames(parts.recording.header);
    this.#periodMs = periodMs(parts.recording.header.tickRate);
    queueMicrotask(() => {
      if (this.#isOpen) listener.opened();
    });
  }

  send(bytes: Uint8Array): void {
    const frame = decodeTrusted(bytes) as readonly unknown[];
    // As over a network, no answer comes from within the call.
    queueMicrotask(() => this.#answer(frame));
  }

  close(code: number = closeCodes.left.code, reason = ""): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    queueMicrotask(() => this.#listener.closed(code, reason));
  }

  #answer([type, ...parts]: readonly unknown[]): void {
    switch (type) {
      case ClientFrame.hello:
        if (parts[1] !== this.#parts.recording.header.hash) this.#receive(this.#frames.definition());
        else if (!this.#hasBegun) {
          this.#hasBegun = true;
          this.#play().catch((error: unknown) => {
            this.#parts.onFault(error);
            this.close(closeCodes["server-stopping"].code, "the recording cannot be read any further");
          });
        }
        return;
      case ClientFrame.ping:
        this.#receive(this.#frames.pong(parts[0] as number, this.#parts.clock.now()));
        return;
      case ClientFrame.leave:
        this.close(closeCodes.left.code, closeCodes.left.sentence);
    }
  }

  async #play(): Promise<void> {
    const { recording, fromTick, onEnd } = this.#parts;
    const state = await recording.stateAt(fromTick);
    for (const frame of this.#frames.opening(state)) this.#receive(frame);
    let block = recording.blockOf(state.tick + 1);
    for await (const step of recording.steps(state.tick)) {
      if (step[0] !== RecordType.tick) continue;
      await this.#until(step[1] * this.#periodMs);
      if (!this.#isOpen) return;
      this.#receive(this.#frames.tick(step));
      if (recording.blockOf(step[1]) === block) continue;
      // The next one is fetched while this one plays.
      block = recording.blockOf(step[1]);
      if (block + 1 < recording.blocks.length) recording.block(block + 1).catch(() => {});
    }
    if (this.#isOpen) onEnd();
  }

  #until(at: number): Promise<void> | undefined {
    const { clock } = this.#parts;
    const waitMs = at - clock.now();
    return waitMs <= 0 ? undefined : new Promise((resolve) => clock.after(waitMs, resolve));
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOpen) this.#listener.received(bytes);
  }
}
