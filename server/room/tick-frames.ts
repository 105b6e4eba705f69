import { encode } from "../../shared/protocol/codec.ts";
import { type DeltaFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";
import { keyframeOf } from "./stream-keyframe.ts";

/** What one tick encoded, before the transport's fan-out. */
export interface Published {
  readonly frames: number;
  readonly bytes: number;
  readonly keyframes: number;
}

/**
 * The frames of one tick, as of its commit. Whatever many get is encoded once. Most ticks of a room greet nobody and
 * bring nobody back: they make none of the maps, which would be a good part of what a small room's tick costs.
 */
export class TickFrames {
  readonly tick: number;
  #keyframes: Map<RowStream, Uint8Array> | undefined;
  #deltas: Map<RowStream, Map<number, Uint8Array | undefined>> | undefined;
  #closing: Map<number, Uint8Array> | undefined;
  #frames = 0;
  #bytes = 0;
  #encodedKeyframes = 0;

  constructor(tick: number) {
    this.tick = tick;
  }

  get published(): Published {
    return { frames: this.#frames, bytes: this.#bytes, keyframes: this.#encodedKeyframes };
  }

  /** A stream as a whole. */
  keyframe(stream: RowStream): Uint8Array {
    this.#keyframes ??= new Map();
    let bytes = this.#keyframes.get(stream);
    if (bytes === undefined) {
      bytes = this.encode(keyframeOf(stream, this.tick));
      this.#encodedKeyframes += 1;
      this.#keyframes.set(stream, bytes);
    }
    return bytes;
  }

  /** What changed in a stream since tick `base`, without events; `undefined` where nothing did. */
  deltaSince(stream: RowStream, base: number): Uint8Array | undefined {
    this.#deltas ??= new Map();
    const deltas = this.#deltas.get(stream) ?? new Map<number, Uint8Array | undefined>();
    this.#deltas.set(stream, deltas);
    if (!deltas.has(base)) {
      const { rows, leaves } = stream.deltaSince(base);
      const frame: DeltaFrame = [ServerFrame.delta, this.tick, base, stream.id, rows, leaves];
      const isEmpty = rows.length === 0 && leaves.length === 0;
      deltas.set(base, isEmpty ? undefined : this.encode(trimFrame(frame, 4)));
    }
    return deltas.get(base);
  }

  /** A frame that is the same for all who stand at tick `base`. */
  closingSince(base: number, make: () => readonly unknown[]): Uint8Array {
    this.#closing ??= new Map();
    const bytes = this.#closing.get(base) ?? this.encode(make());
    this.#closing.set(base, bytes);
    return bytes;
  }

  encode(frame: readonly unknown[]): Uint8Array {
    const bytes = encode(frame);
    this.#frames += 1;
    this.#bytes += bytes.length;
    return bytes;
  }
}
