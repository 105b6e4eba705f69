import { decodeTrusted } from "../../shared/protocol/codec.ts";
import {
  type AnyServerFrame,
  type DeltaFrame,
  type KeyframeFrame,
  ROOM_STREAM,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import type { GameLayout } from "../../shared/state/game-layout.ts";
import { Replica, type ReplicaSink } from "../../shared/state/replica.ts";

const nobody: ReplicaSink = { entered: () => {}, changed: () => {}, left: () => {}, faded: () => {} };

/**
 * The state that a connection's frames lead to, by the protocol alone, with nothing of the SDK in it: what a
 * server's state must hash like, and an SDK's mirror read like.
 */
export class Shadow {
  readonly replica: Replica;
  #tick = 0;
  #own: number | undefined;

  constructor(layout: GameLayout) {
    this.replica = new Replica(layout, (stream) =>
      stream === ROOM_STREAM ? "room" : stream === this.#own ? "owner" : "sight",
    );
  }

  /** The last tick that closed. */
  get tick(): number {
    return this.#tick;
  }

  /** @throws ReplicaError for frames that no server may send */
  take(bytes: Uint8Array): void {
    const frame = decodeTrusted(bytes) as AnyServerFrame;
    switch (frame[0]) {
      case ServerFrame.welcome: {
        const [, , , , , , , own]: WelcomeFrame = frame;
        this.#own = own;
        return;
      }
      case ServerFrame.keyframe: {
        const [, , stream, rows, audience]: KeyframeFrame = frame;
        this.replica.stageKeyframe(stream, rows ?? [], audience);
        return;
      }
      case ServerFrame.delta: {
        const [, , , stream, rows = [], leaves = [], , , , released = []]: DeltaFrame = frame;
        this.replica.stageDelta(stream, rows, leaves);
        for (const each of released) this.replica.stageRelease(each);
        return;
      }
      case ServerFrame.tickEnd: {
        const [, tick, , rows = [], leaves = []]: TickEndFrame = frame;
        this.replica.stageDelta(ROOM_STREAM, rows, leaves);
        this.replica.close(nobody);
        this.replica.sweep(nobody);
        this.#tick = tick;
      }
    }
  }
}
