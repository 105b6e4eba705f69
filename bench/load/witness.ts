import { crc32 } from "node:zlib";
import type { FrameDigest } from "../run/messages.ts";

/** Takes the check-sum of every tick's last frame, so that two systems can be shown to have sent the same bytes. */
export class Witness {
  readonly digests: FrameDigest[] = [];
  #crc = 0;

  piece(bytes: Uint8Array, from: number, to: number, begins: boolean): void {
    this.#crc = crc32(bytes.subarray(from, to), begins ? 0 : this.#crc);
  }

  /** The message that just ended closed this tick. */
  ticked(tick: number): void {
    this.digests.push([tick, this.#crc]);
  }
}
