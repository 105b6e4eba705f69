import type { Placement } from "../run/placement.ts";
import type { Check } from "./check.ts";

/** `full`: what the figures in the documents are of. `short`: a few seconds, for CI. */
export type Extent = "full" | "short";

/** What a drill is carried out with. */
export interface DrillEnvironment {
  readonly placement: Placement;
  /** Ends the drill, and its processes with it. */
  readonly signal: AbortSignal;
  /** A folder for CPU profiles of the servers; absent: none are made. */
  readonly profileFolder: string | undefined;
  readonly progress: (says: string) => void;
  readonly extent: Extent;
  /** Instead of the extent's own. */
  readonly sizes: Sizes;
}

/** How much of what a drill does. Each applies to the drills that have it. */
export interface Sizes {
  readonly connections?: number;
  readonly players?: number;
  readonly minutes?: number;
  readonly messages?: number;
  readonly seed?: number;
}

/** A line of a drill's table. */
export type Row = readonly [label: string, figure: string];

/** For how long a server was ready to run while others had its core. */
export interface Waiting {
  readonly waitedMs: number;
  readonly wallMs: number;
}

/** What came of a drill. */
export interface Findings {
  /** What was done, in a sentence. */
  readonly did: string;
  readonly rows: readonly Row[];
  readonly checks: readonly Check[];
  /** Accounts of its servers: how far the machine was theirs. */
  readonly servers: readonly Waiting[];
  /** Other reasons to take the figures with care. */
  readonly doubts?: readonly string[];
  /** What is to be known about the figures. */
  readonly notes: readonly string[];
  /** Everything that was measured, for a machine. */
  readonly figures: unknown;
}

/** Something that goes wrong on purpose, and what is to become of it. */
export interface Drill {
  readonly name: string;
  readonly says: string;
  /** Rejects where it did not come to its end; its processes are gone by then. */
  run(environment: DrillEnvironment): Promise<Findings>;
}
