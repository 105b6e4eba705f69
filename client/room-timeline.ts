import type { TimelinePart } from "../shared/protocol/frames.ts";
import type { Lost, RolledBack } from "./client-room.ts";
import { Listeners, type ReportError } from "./listeners.ts";

/** In which life of the room a seat is (each restore from a checkpoint begins another), and what did not come through. */
export class RoomTimeline {
  readonly onRolledBack: Listeners<[rolledBack: RolledBack]>;
  readonly onLost: Listeners<[lost: Lost]>;
  /** Of the last closed tick; 0 in a room that was never restored. */
  id: number;
  /** As the last resync said: of the tick that closes next, where that is another. */
  next: TimelinePart | null | undefined;
  /** To be told when the tick that comes has closed: events up to this tick are lost, … */
  lostUpTo = 0;
  /** … and so many calls that were processed. */
  undone = 0;
  rolledBack: RolledBack | undefined;

  constructor(id: number, report: ReportError) {
    this.id = id;
    this.onRolledBack = new Listeners(report);
    this.onLost = new Listeners(report);
  }

  /** A tick has closed, after `from`. What another timeline says, if it is the first of one. */
  closed(from: number): TimelinePart | undefined {
    const { next } = this;
    if (!next) return undefined;
    const to = next[1];
    this.id = next[0];
    if (to !== null) this.rolledBack = { from, to };
    this.next = undefined;
    return next;
  }

  /** The mirror is as of that tick now. */
  complete(): void {
    const { lostUpTo: upToTick, undone: count, rolledBack } = this;
    this.rolledBack = undefined;
    this.lostUpTo = this.undone = 0;
    if (rolledBack) this.onRolledBack.notify(rolledBack);
    if (count) this.onLost.notify({ what: "calls", count });
    if (upToTick) this.onLost.notify({ what: "events", upToTick });
  }
}
