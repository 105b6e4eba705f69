import { Link, type LinkConditions, type LinkParts } from "./link-model.ts";

/** Ways of a connection: `up` leads to the server, `down` to the client. */
export type Direction = "up" | "down" | "both";

/** What the two ends are told. */
export interface DuplexEnds<Up, Down> {
  /** At the server's end. */
  up(item: Up): void;
  /** At the client's end. */
  down(item: Down): void;
  /** The connection broke, and both ends notice. Called once, within {@link DuplexLink.cut}. */
  cut(): void;
}

/** A connection: one {@link Link} each way, with the faults that concern both. */
export class DuplexLink<Up, Down> {
  readonly up: Link<Up>;
  readonly down: Link<Down>;
  readonly #ends: DuplexEnds<Up, Down>;
  #broken = false;

  constructor(parts: LinkParts, ends: DuplexEnds<Up, Down>) {
    this.#ends = ends;
    this.up = new Link(parts, (item) => ends.up(item));
    this.down = new Link(parts, (item) => ends.down(item));
  }

  change(conditions: Partial<LinkConditions>): void {
    this.up.change(conditions);
    this.down.change(conditions);
  }

  /** For `ms` milliseconds nothing arrives that way, then everything does, in order. */
  stall(direction: Direction, ms: number): void {
    for (const link of this.#of(direction)) link.stall(ms);
  }

  /** That way goes silent for good, and nobody is told: a dead router, a cable pulled. */
  halfOpen(direction: Direction): void {
    for (const link of this.#of(direction)) link.silence();
  }

  /** The connection breaks: what is on its way is lost, and both ends learn of it. */
  cut(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.up.cut();
    this.down.cut();
    this.#ends.cut();
  }

  #of(direction: Direction): readonly (Link<Up> | Link<Down>)[] {
    return direction === "both" ? [this.up, this.down] : [this[direction]];
  }
}
