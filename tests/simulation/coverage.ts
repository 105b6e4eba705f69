import type { FaultKind } from "./faults.ts";
import type { SimulatedPlayer } from "./simulated-player.ts";

/** A resync for one who was away for longer than anything is kept. */
export const BEYOND_HORIZON = "beyond the horizon";

/** The counts of a {@link Coverage}, as they cross from one process to another. */
export type Counts = Pick<
  Coverage,
  | "faults"
  | "transitions"
  | "presences"
  | "resyncs"
  | "closes"
  | "serverCloses"
  | "town"
  | "connections"
  | "ticks"
  | "events"
  | "replies"
>;

/** How often each thing happened that a simulation is there to try. */
export class Coverage {
  readonly faults = new Map<FaultKind, number>();
  /** Of sessions and of seats, as `from → to`. */
  readonly transitions = new Map<string, number>();
  readonly presences = new Map<string, number>();
  /** Why players got everything since some tick at once, and where that was not possible. */
  readonly resyncs = new Map<string, number>();
  /** By the name that the client was told. */
  readonly closes = new Map<string, number>();
  /** By the name that the server closed under, or that reached it. */
  readonly serverCloses = new Map<string, number>();
  /** In towns, by what it was. */
  readonly town = new Map<string, number>();
  connections = 0;
  ticks = 0;
  events = 0;
  replies = 0;

  get faultCount(): number {
    return [...this.faults.values()].reduce((sum, times) => sum + times, 0);
  }

  suffered(fault: FaultKind): void {
    count(this.faults, fault, 1);
  }

  changed(from: string, to: string): void {
    count(this.transitions, `${from} → ${to}`, 1);
  }

  presenceChanged(from: string, to: string): void {
    count(this.presences, `${from} → ${to}`, 1);
  }

  resynced(cause: string): void {
    count(this.resyncs, cause, 1);
  }

  closed(name: string): void {
    count(this.closes, name, 1);
  }

  closedAtServer(name: string): void {
    count(this.serverCloses, name, 1);
  }

  livedThrough(town: ReadonlyMap<string, number>, ticks: number): void {
    for (const [what, times] of town) count(this.town, what, times);
    this.ticks += ticks;
  }

  played({ witness, repliesHeard }: SimulatedPlayer): void {
    if (witness !== undefined && witness.losses > 0) count(this.resyncs, BEYOND_HORIZON, witness.losses);
    this.connections += 1;
    this.ticks += witness?.ticks ?? 0;
    this.events += witness?.heardEvents ?? 0;
    this.replies += repliesHeard;
  }

  add(other: Counts): void {
    for (const [fault, times] of other.faults) count(this.faults, fault, times);
    for (const [transition, times] of other.transitions) count(this.transitions, transition, times);
    for (const [presence, times] of other.presences) count(this.presences, presence, times);
    for (const [cause, times] of other.resyncs) count(this.resyncs, cause, times);
    for (const [name, times] of other.closes) count(this.closes, name, times);
    for (const [name, times] of other.serverCloses) count(this.serverCloses, name, times);
    for (const [what, times] of other.town) count(this.town, what, times);
    this.connections += other.connections;
    this.ticks += other.ticks;
    this.events += other.events;
    this.replies += other.replies;
  }

  /** A few lines to read. */
  table(): string {
    const { connections, ticks, events, replies } = this;
    return [
      row("checked", new Map(Object.entries({ connections, ticks, events, replies }))),
      row("faults", this.faults),
      row("transitions", this.transitions),
      row("seats", this.presences),
      row("resyncs", this.resyncs),
      row("client saw", this.closes),
      row("server saw", this.serverCloses),
      ...(this.town.size > 0 ? [row("in towns", this.town)] : []),
    ].join("\n");
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

function row(title: string, counts: ReadonlyMap<string, number>): string {
  const cells = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, times]) => `${what} ${times}`);
  return `${title.padEnd(12)} ${cells.join(" · ")}`;
}
