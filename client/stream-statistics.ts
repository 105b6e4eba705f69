import type { Visibility } from "../shared/definition/field.ts";
import { type AnyServerFrame, ROOM_STREAM, ServerFrame } from "../shared/protocol/frames.ts";
import type { Replica } from "../shared/state/replica.ts";

/** One stream that a player follows, and what came of it: for inspectors and for tuning `interest`. */
export interface StreamStatistics {
  /** Its number on the wire; 0 is the room's. */
  readonly stream: number;
  /** Whom it is for. `sight`: it is a cell's; `group`: a group's. */
  readonly audience: Visibility;
  /** What it tells of now. A row that several streams tell of is in each. */
  readonly rows: readonly { readonly table: string; readonly id: number }[];
  /** Since it is followed, its keyframe included. */
  readonly frames: number;
  /** Of those frames, without the headers of WebSocket messages. */
  readonly bytes: number;
  /** The tick of the last frame. */
  readonly lastTick: number;
}

interface Count {
  frames: number;
  bytes: number;
  lastTick: number;
}

/** Counts frames by stream: a look-up and three additions a frame. */
export class StreamCounts {
  readonly #replica: Replica;
  readonly #counts = new Map<number, Count>();
  /** Followed until the tick has closed. */
  readonly #releasing = new Set<number>();

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** @param bytes the size of the message that the frame came in */
  received(frame: AnyServerFrame, bytes: number): void {
    switch (frame[0]) {
      case ServerFrame.keyframe:
        this.#add(frame[2], frame[1], bytes);
        return;
      case ServerFrame.delta:
        for (const stream of frame[9] ?? []) this.#releasing.add(stream);
        this.#add(frame[3], frame[1], bytes);
        return;
      case ServerFrame.tickEnd:
        for (const stream of this.#releasing) this.#counts.delete(stream);
        this.#releasing.clear();
        this.#add(ROOM_STREAM, frame[1], bytes);
    }
  }

  /** Made anew at each call; costs a look at every row. By number, the room's first. */
  statistics(): readonly StreamStatistics[] {
    const rows = this.#replica.rowsByStream();
    return [...this.#counts]
      .filter(([stream]) => this.#replica.holds(stream))
      .sort(([a], [b]) => a - b)
      .map(([stream, count]) => ({
        stream,
        audience: this.#replica.audienceOf(stream),
        rows: (rows.get(stream) ?? []).map(({ table, id }) => ({ table: table.name, id })),
        ...count,
      }));
  }

  #add(stream: number, tick: number, bytes: number): void {
    let count = this.#counts.get(stream);
    // Its number may have been another stream's, which went without a word on a lost connection.
    if (count === undefined || (count.lastTick !== tick && !this.#replica.holds(stream))) {
      count = { frames: 0, bytes: 0, lastTick: tick };
      this.#counts.set(stream, count);
    }
    count.frames += 1;
    count.bytes += bytes;
    count.lastTick = tick;
  }
}
