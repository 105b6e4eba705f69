import { randomBytes } from "node:crypto";
import { encode } from "../../shared/protocol/codec.ts";
import { type AckFrame, ClientFrame } from "../../shared/protocol/frames.ts";
import { ticksIn } from "../../shared/tick/tick.ts";
import { maskedFrame } from "./client-bytes.ts";

const BINARY = 2;

/** As in the SDK: so much may close before the server hears of it, by an acknowledgement or an input. */
const ACK_MS = 500;

/** Who acknowledges. */
export interface Acknowledging {
  /** The last tick that it told the server it had closed; 0: none. */
  acknowledged: number;
  send(frame: Uint8Array): void;
}

/**
 * Says for lean clients which tick they closed, as the protocol wants it: at once after the first, then when so
 * many have closed since the last sign. It is written later in the period, all of a tick together, so as not to
 * delay clients that are being timed; those of one tick share one frame.
 */
export class Acknowledgements {
  readonly #everyTicks: number;
  readonly #mask = randomBytes(4);
  readonly #soon: (write: () => void) => void;
  #waiting: Acknowledging[] = [];
  #frame: { readonly tick: number; readonly bytes: Uint8Array } | undefined;

  /** @param soon calls back once, half a period later */
  constructor(hz: number, soon: (write: () => void) => void) {
    this.#everyTicks = ticksIn(ACK_MS, hz);
    this.#soon = soon;
  }

  /** A client has closed a tick. */
  closed(client: Acknowledging, tick: number): void {
    if (client.acknowledged !== 0 && tick - client.acknowledged < this.#everyTicks) return;
    client.acknowledged = tick;
    if (this.#waiting.push(client) === 1) this.#soon(() => this.#write());
  }

  #write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const client of waiting) client.send(this.#frameOf(client.acknowledged));
  }

  #frameOf(tick: number): Uint8Array {
    if (this.#frame?.tick !== tick) {
      const frame: AckFrame = [ClientFrame.ack, tick];
      this.#frame = { tick, bytes: maskedFrame(BINARY, encode(frame), this.#mask) };
    }
    return this.#frame.bytes;
  }
}
