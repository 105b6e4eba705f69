import type { TimelinePart } from "../shared/protocol/frames.ts";
import type { RolledBack } from "./client-room.ts";
import { Listeners, type ReportError } from "./listeners.ts";

/** In which life of the room a seat is: each restore from a checkpoint begins another. */
export class RoomTimeline {
  readonly onRolledBack: Listeners<[rolledBack: RolledBack]>;
  /** Of the last closed tick; 0 in a room that was never restored. */
  #id: number;
  /** The one to which the tick belongs that closes next. */
  #next: TimelinePart | undefined;
  /** To be told once that tick has closed. */
  #rolledBack: RolledBack | undefined;

  constructor(id: number, report: ReportError) {
    this.#id = id;
    this.onRolledBack = new Listeners(report);
  }

  get id(): number {
    return this.#id;
  }

  /** What follows is of another timeline. */
  announced(next: TimelinePart): void {
    this.#next = next;
  }

  /** The connection is lost before a tick of it has closed: as if nothing was said. */
  discard(): void {
    this.#next = undefined;
  }

  /** A tick has closed, after `before`. What another timeline has in place of the welcome's, if it is the first of one. */
  closed(before: number): { readonly epoch: number; readonly clock: string | null } | undefined {
    if (this.#next === undefined) return undefined;
    const [id, kept, epoch, clock] = this.#next;
    this.#next = undefined;
    this.#id = id;
    if (kept !== null) this.#rolledBack = { from: before, to: kept };
    return { epoch, clock };
  }

  /** The mirror is as of that tick now. */
  tell(): void {
    const rolledBack = this.#rolledBack;
    this.#rolledBack = undefined;
    if (rolledBack !== undefined) this.onRolledBack.notify(rolledBack);
  }
}
