import type { NetworkConditions } from "../shared/link/network-conditions.ts";
import type { Measurements } from "./measurements.ts";
import type { Outcomes } from "./outcomes.ts";
import type { SwarmProgress } from "./swarm.ts";
import type { PlannedBot } from "./swarm-plan.ts";

/** What a thread is to do. Plain data. */
export interface ThreadWork {
  /** URL of the module that exports `bot`. */
  readonly module: string;
  /** A recording whose players the bots play, instead of as the module says. */
  readonly recording?: string;
  /** How long a bot that is lost tries to return. Absent: it stays lost, unless its network cuts connections. */
  readonly returnWithinMs?: number;
  readonly url: string;
  readonly seed: number;
  /** What each bot plays through. */
  readonly network: NetworkConditions;
  readonly plan: readonly PlannedBot[];
}

/** What a thread is told, in this order; `leave` may come at any time. */
export type ThreadOrder = "start" | "measure" | "leave";

/** What a thread says. */
export type ThreadReport =
  /** The bot's module is loaded. */
  | { readonly what: "ready" }
  | { readonly what: "progress"; readonly progress: SwarmProgress }
  /** Every bot of the thread has joined, or never will. */
  | { readonly what: "settled"; readonly progress: SwarmProgress }
  /** A bot's own code failed: with its index, where the error tells. */
  | { readonly what: "failed"; readonly index: number | undefined; readonly error: string }
  | {
      /** The answer to `leave`: what became of the bots up to then. */
      readonly what: "result";
      readonly outcomes: Outcomes;
      readonly measurements: Measurements;
      /** The share of the measured time in which the thread was at work instead of waiting for frames, 0 to 1. */
      readonly busy: number;
    }
  /** All bots are out of their rooms. The last that a thread says. */
  | { readonly what: "left" };

/** Told by a thread, never from within the call that opens it. */
export interface ThreadListener {
  said(report: ThreadReport): void;
  /** The thread broke: nothing more comes of it. */
  died(error: unknown): void;
}

/** A thread that plays some of the bots. */
export interface SwarmThread {
  tell(order: ThreadOrder): void;
  /** Ends it at once, whatever it does. */
  close(): void;
}

export type OpenThread = (work: ThreadWork, listener: ThreadListener) => SwarmThread;
