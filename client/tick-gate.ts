import type {
  DeltaFrame,
  EventPart,
  KeyframeFrame,
  LateParts,
  ReplyPart,
  SlipPart,
  TickEndFrame,
} from "../shared/protocol/frames.ts";
import { ROOM_STREAM } from "../shared/protocol/frames.ts";
import type { Replica } from "../shared/state/replica.ts";
import { FrameFault, GapFault } from "./frame-fault.ts";

/** What a tick brought besides state. */
export interface ClosedTick {
  readonly tick: number;
  /** Of all streams, in the order in which they happened. */
  readonly events: readonly EventPart[];
  readonly replies: readonly ReplyPart[];
  /** Inputs that missed their tick, and the ticks that they acted in. */
  readonly late: LateParts;
  readonly slip: SlipPart | undefined;
}

/**
 * Collects the frames of a tick until the one that closes it, and checks that nothing is missing before them:
 * a frame's base must not be after what this client holds of its stream.
 */
export class TickGate {
  readonly #replica: Replica;
  /** Everything up to here is held: the welcome's tick, then the last closed one. */
  #tick: number;
  /** The lowest tick that can close next. */
  #next: number;
  /** The latest tick of a staged frame. */
  #stagedTick = 0;
  /** Streams whose keyframe is staged, and as of which tick. */
  readonly #keyframes = new Map<number, number>();
  #events: EventPart[] = [];
  #replies: ReplyPart[] = [];
  #late: number[] = [];
  #missed = 0;

  constructor(replica: Replica, welcomeTick: number) {
    this.#replica = replica;
    this.#tick = welcomeTick;
    // The seat may be taken before or after the welcome's tick is published.
    this.#next = welcomeTick;
  }

  /** The last closed tick. */
  get tick(): number {
    return this.#tick;
  }

  /** Ticks before a frame that this client was never sent. */
  get missed(): number {
    return this.#missed;
  }

  /** @throws FrameFault */
  keyframe([, tick, stream, rows, audience]: KeyframeFrame): void {
    // As of the last closed tick it is still right: it waits for the next to close.
    if (tick < this.#next - 1) throw new FrameFault(`a keyframe of tick ${tick} came after its tick`);
    this.#staged(tick);
    this.#keyframes.set(stream, tick);
    this.#replica.stageKeyframe(stream, rows ?? [], audience);
  }

  /** @throws FrameFault */
  delta([, tick, base, stream, rows, leaves, events, replies, late, released]: DeltaFrame): void {
    this.#admit(tick, base, stream);
    this.#replica.stageDelta(stream, rows ?? [], leaves ?? []);
    this.#collect(events);
    if (replies) this.#replies.push(...replies);
    if (late) this.#late.push(...late);
    for (const gone of released ?? []) this.#replica.stageRelease(gone);
  }

  /**
   * Stages the last frame of a tick. The replica is then to be closed.
   *
   * @throws FrameFault
   */
  close([, tick, base, rows, leaves, events, slip]: TickEndFrame): ClosedTick {
    this.#admit(tick, base, ROOM_STREAM);
    if (this.#stagedTick > tick)
      throw new FrameFault(`tick ${tick} closed behind frames of tick ${this.#stagedTick}`);
    this.#replica.stageDelta(ROOM_STREAM, rows ?? [], leaves ?? []);
    this.#collect(events);
    const closed: ClosedTick = {
      tick,
      events: this.#events.sort(inOrder),
      replies: this.#replies,
      late: this.#late,
      slip: slip ?? undefined,
    };
    this.#tick = tick;
    this.#next = tick + 1;
    this.#keyframes.clear();
    this.#events = [];
    this.#replies = [];
    this.#late = [];
    return closed;
  }

  /**
   * A resync follows.
   *
   * @param base what is held as of that tick is built upon; 0: it is replaced by the keyframes that come
   * @param first the first tick of another timeline: what was closed before does not count any more
   */
  resumed(base: number, first?: number): void {
    if (!base) this.#replica.stageReset();
    if (first === undefined) return;
    this.#next = first;
    this.#stagedTick = 0;
  }

  /** Frames of a tick that did not close are forgotten: they come again. */
  discard(): void {
    this.#replica.discard();
    this.#next = this.#tick + 1;
    this.#stagedTick = this.#tick;
    this.#keyframes.clear();
    this.#events = [];
    this.#replies = [];
    this.#late = [];
  }

  #admit(tick: number, base: number, stream: number): void {
    if (tick < this.#next) throw new FrameFault(`a frame of tick ${tick} came after its tick`);
    const held = Math.max(this.#tick, this.#keyframes.get(stream) ?? 0);
    if (base > held) {
      this.#missed += base - held;
      throw new GapFault(`frames of stream ${stream} are missing between ticks ${held} and ${base}`);
    }
    this.#staged(tick);
  }

  #staged(tick: number): void {
    this.#stagedTick = Math.max(this.#stagedTick, tick);
  }

  #collect(events: readonly EventPart[] | null | undefined): void {
    if (events) this.#events.push(...events);
  }
}

/** By sequence, which counts the events of a tick across its streams. */
function inOrder([a]: EventPart, [b]: EventPart): number {
  return (a as number) - (b as number);
}
