import type { Percentiles } from "../statistics/latency-histogram.ts";
import type { FromPlayers, HeardFigures, LoadUse, TickHash } from "./messages.ts";

/** What players who read all the time had of one window, and how the slow ones came back in it. */
export interface ReadersFigures extends LoadUse {
  /** From a tick's intended time to each reader who had it. */
  readonly latencyMs: Percentiles;
  readonly delivered: number;
  readonly gaps: number;
  /** Milliseconds from reading again to being at the tick that is current, of each slow client that came back. */
  readonly returnsMs: readonly number[];
  /** What the slow clients of the SDK saw once they were back. */
  readonly hashes: readonly TickHash[];
  /** Where they read otherwise than their frames say; sentences. */
  readonly differences: readonly string[];
  readonly lost: readonly string[];
}

export type FromSlowReadersLoad = FromPlayers | { readonly type: "read"; readonly figures: ReadersFigures };

/** What one client of a storm of cuts counted. */
export interface SurvivorFigures {
  readonly number: number;
  readonly global: HeardFigures;
  readonly place: HeardFigures;
  readonly private: HeardFigures;
  readonly messagesSent: number;
  readonly requestsSent: number;
  /** Requests whose own reply came. */
  readonly answered: number;
  /** Times that the connection was lost, and that a tick closed on another. */
  readonly losses: number;
  readonly returns: number;
  /** Whether the seat is still this client's. */
  readonly joined: boolean;
  /** What the SDK said is lost. */
  readonly lost: number;
}

/** What all clients of a storm of cuts counted. */
export interface ReconnectFigures extends LoadUse {
  readonly survivors: readonly SurvivorFigures[];
  /** Cuts of one connection, by the clients. */
  readonly cut: number;
  /** From a cut to the next tick that closed. */
  readonly returnMs: Percentiles;
}

export type FromReconnectStormLoad =
  | FromPlayers
  | { readonly type: "survived"; readonly figures: ReconnectFigures };

/** What those who were there had of one window, and how the others came in. */
export interface JoinersFigures extends LoadUse {
  /** From one tick of a player to the next. */
  readonly gapMs: Percentiles;
  readonly latencyMs: Percentiles;
  readonly delivered: number;
  readonly gaps: number;
  readonly joined: number;
  /** From connecting to the first whole tick. */
  readonly joinMs: Percentiles;
  /** From the first who connected to the first tick of the last who did. */
  readonly lastInMs: number;
  /** Of how long the connecting took: from the first to the last. */
  readonly connectingMs: number;
  readonly lost: readonly string[];
}

export type FromJoinStormLoad = FromPlayers | { readonly type: "joined"; readonly figures: JoinersFigures };
