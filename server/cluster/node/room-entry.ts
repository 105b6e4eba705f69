import type { MonotonicMs } from "../../../shared/tick/clock.ts";
import type { HostedRoom, Said } from "./hosted-room.ts";

/**
 * What the directory knows of a room of this node.
 *
 * - `unknown`: nothing, or not from this incarnation; it is to be made known
 * - `orphaned`: the lease was lost with it: it is to be claimed again as it was at that epoch, unless somebody else did
 * - `known`: it is this incarnation's at that epoch; `said` is what it has heard
 * - `closed`: it is to be forgotten, where it is known
 */
export type RecordState =
  | { readonly state: "unknown"; readonly formerEpoch: number | undefined }
  | { readonly state: "orphaned"; readonly epoch: number }
  | { readonly state: "known"; readonly epoch: number; readonly said: Said | undefined }
  | { readonly state: "closed"; readonly epoch: number };

/** Which state may follow which. From each a room may go altogether. */
export const recordTransitions: Readonly<Record<RecordState["state"], readonly RecordState["state"][]>> = {
  unknown: ["known", "orphaned", "unknown"],
  orphaned: ["known", "unknown", "orphaned"],
  known: ["known", "orphaned", "unknown", "closed"],
  closed: ["orphaned"],
};

/** Whether the room itself is there: given to this node and not open yet, open, or closed. */
export type RoomLife =
  | { readonly life: "expected" }
  | { readonly life: "open"; readonly room: HostedRoom }
  | { readonly life: "over" };

/** A room that this node hosts, is about to host, or has just closed. */
export class RoomEntry {
  readonly id: string;
  now: RoomLife = { life: "expected" };
  /** One question at a time, so that answers come in the order of what they answer. */
  asking = false;
  /** Holds whose players are counted in `seats` by now, or will not come. */
  settled: string[] = [];
  /** When it was made known again, behind a loss of everything; until the directory has confirmed it since. */
  remadeAt: MonotonicMs | undefined;
  #record: RecordState;

  constructor(id: string, record: RecordState) {
    this.id = id;
    this.#record = record;
  }

  get room(): HostedRoom | undefined {
    return this.now.life === "open" ? this.now.room : undefined;
  }

  get record(): RecordState {
    return this.#record;
  }

  become(next: RecordState): void {
    const { state: from } = this.#record;
    if (!recordTransitions[from].includes(next.state))
      throw new Error(`the record of room ${this.id} cannot go from ${from} to ${next.state}`);
    this.#record = next;
  }
}
