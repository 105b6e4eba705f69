import type { Load, SightVariant } from "../scenarios/scenario.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";

/** What a run's processes are told about it. */
export interface RunSpec extends Load {
  readonly scenario: string;
  /** The clients are spread over so many rooms evenly. */
  readonly rooms: number;
  /** For how many ticks from the first the server may have to publish: joining and warm-up included. */
  readonly maxTicks: number;
  /** Absent where the scenario has no choice. */
  readonly sight?: SightVariant;
  /** The cores that server and load may use; absent where nothing is pinned. */
  readonly cores: readonly number[] | undefined;
  /** Clients that stop reading when they are told to: the first ones, mirrors among them. */
  readonly slow?: number;
  /** How often all connections are cut, evenly over the window. */
  readonly cuts?: number;
  /** Requests of each client in a second, and as many pings; absent where nobody asks. */
  readonly echoRate?: number;
  /** By what share Tickcast's server is to use more CPU than it needs; absent: by none. */
  readonly slowDown?: number;
}

/**
 * The ticks that count: from `fromTick` up to, not including, `toTick`. CPU is read half a period before each
 * end, when the last tick's frames are long gone and the next has not begun.
 */
export interface MeasuredWindow {
  /** Tick n was to begin at `epoch + n × periodMs` on the machine's monotonic clock. */
  readonly epoch: number;
  readonly periodMs: number;
  readonly fromTick: number;
  readonly toTick: number;
}

/**
 * A hash of the state that a mirror sees after a tick, by the mirror's number. `null`: the server, late, was at the next
 * tick when it came to look.
 */
export type TickHash = readonly [tick: number, hash: string | null, mirror: number];

/** A frame's CRC-32, by the tick that it closes. */
export type FrameDigest = readonly [tick: number, crc32: number];

/** Milliseconds of a tick, over the window's. */
export interface PhaseFigures {
  readonly meanMs: number;
  readonly p99Ms: number;
}

/** What the parts of a tick took, up to handing its frames to the transport. */
export interface TickPhases {
  /** The game itself, with inputs, joins and calls. */
  readonly step: PhaseFigures;
  /** Comparing every row with its committed copy. */
  readonly commit: PhaseFigures;
  /** Interest, encoding and publishing; of a bare server the calls of the transport alone. */
  readonly publish: PhaseFigures;
}

/** A figure for each tick of a window, from its first on; null: there was none. Long windows are cut off. */
export type ByTick = readonly (number | null)[];

/** Of a window's ticks so many are told one by one: a minute of 20 Hz. */
export const TICKS_TOLD = 1200;

/** What came of each tick at the clients. */
export interface ArrivalsByTick {
  /** Milliseconds from the tick's intended time, to the first and the last client that had it. */
  readonly firstMs: ByTick;
  readonly lastMs: ByTick;
  /** Bytes that came since the tick before, the mean of clients. */
  readonly bytes: ByTick;
}

/** Distributions as curves: milliseconds at {@link CURVE_PERCENTS}. */
export interface LatencyCurves {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly all: readonly number[];
}

/** When a replay's frames were made: within the window that is work that the replay is not to do. */
export type FramesMade = "before the window" | "within the window";

/** What a server process measured of itself. */
export interface ServerFigures {
  /** User and system time of the whole process over the window. */
  readonly cpuUs: number;
  readonly wallMs: number;
  /** How late ticks began. */
  readonly latenessMs: Percentiles;
  /** The same tick by tick. */
  readonly latenessByTick: ByTick;
  /** Ticks of the window that were published. */
  readonly published: number;
  /** Slips since the server started. */
  readonly slips: number;
  /** By how much they moved the epoch together; absent where nobody asks. */
  readonly slippedMs?: number;
  /** Null for a system without such. */
  readonly phases: TickPhases | null;
  /** Inputs that missed their tick, over the window. */
  readonly lateInputs: number;
  /** Empty for a system without state. */
  readonly hashes: readonly TickHash[];
  /** Absent for all but a replay. */
  readonly framesMade?: FramesMade;
  /** What only some scenarios look at. */
  readonly backlog?: BacklogFigures;
  readonly told?: ToldFigures;
  readonly entries?: readonly EntryFigures[];
}

/** What players who do not read cost the server's process over a window. */
export interface BacklogFigures {
  /** The median of some readings, and the highest of them. */
  readonly rssBytes: { readonly median: number; readonly max: number };
  /** The most that waited in this process for any one player who was stalled or overdue. */
  readonly bufferedBytes: number;
  /** Seats that were stalled at the same time, at most. */
  readonly stalled: number;
}

/** What a room told and heard over a window, by which clients can count. */
export interface ToldFigures {
  /** Events for everyone. */
  readonly global: number;
  /** Events in each place, for those there. */
  readonly places: readonly number[];
  /** Events for each player alone, by the player's number. */
  readonly private: readonly number[];
  /** Of each player's numbered messages and requests, by the player's number. */
  readonly messages: readonly HeardFigures[];
  readonly requests: readonly HeardFigures[];
  /** Seats that were taken and given up since the server started. */
  readonly joined: number;
  readonly left: number;
  /** Connections that the server cut. */
  readonly cut: number;
}

/** Numbers from 0 on, as they arrived. */
export interface HeardFigures {
  /** Up to this one, not included, they came. */
  readonly upTo: number;
  /** Left out on the way there. */
  readonly missing: number;
  /** Came again, or late. */
  readonly repeated: number;
}

/** One tick in which players entered a room. */
export interface EntryFigures {
  readonly tick: number;
  readonly joined: number;
  /** Keyframes encoded in it. */
  readonly keyframes: number;
  /** Streams that anybody follows: the room's, cells, and for each who joined their own. */
  readonly streams: number;
  readonly latenessMs: number;
}

interface MirrorFigures {
  /** Every tick that was to be compared, one entry per mirror and tick. */
  readonly hashes: readonly TickHash[];
  /** Rows of the SDK's room that differed from the replica's; sentences, a few at most. */
  readonly differences: readonly string[];
}

/** What a load process used over a window. */
export interface LoadUse {
  readonly cpuUs: number;
  readonly wallMs: number;
  /** What the pinned cores (without pinning: all) were busy for over the window, whoever used them. */
  readonly machineBusyMs: number;
}

/** What the load process measured. */
export interface LoadFigures extends LoadUse {
  readonly delivered: number;
  /** Frames that did not follow the one before by one tick. */
  readonly gaps: number;
  /** From a tick's intended time to the first client, to the last, and to each that had its frame. */
  readonly latencyMs: { readonly first: Percentiles; readonly last: Percentiles; readonly all: Percentiles };
  readonly curves: LatencyCurves;
  readonly byTick: ArrivalsByTick;
  /** Bytes that arrived at lean clients over the window, WebSocket headers included. */
  readonly leanBytes: number;
  /** Messages that arrived at lean clients over the window. */
  readonly leanFrames: number;
  /** Messages that lean clients sent over the window. */
  readonly leanSent: number;
  readonly leanClients: number;
  /** Connections that ended before the run did, with what was told. */
  readonly lost: readonly string[];
  readonly digests: readonly FrameDigest[];
  readonly mirrors: MirrorFigures;
}

/** How one address answered. */
export interface EndpointFigures {
  readonly name: string;
  /** Answers with 2xx that arrived in the window. */
  readonly answered: number;
  /** From sending a request to its whole answer, of those answers. */
  readonly latencyMs: Percentiles;
  /** Before and after the window, too, as are the next two. */
  readonly answeredAtAll: number;
  /** Broken connections and time-outs. */
  readonly errors: number;
  /** Answers with any other status than 2xx. */
  readonly non2xx: number;
}

/** How one kind of question was answered. */
export interface EchoFigures {
  /** Within the window. */
  readonly sent: number;
  /** Of those, whenever the answer came. */
  readonly answered: number;
  readonly latencyMs: Percentiles;
}

/** To either process. `stop` ends it. */
export type ToChild =
  | { readonly type: "start"; readonly spec: RunSpec; readonly port: number }
  | { readonly type: "measure"; readonly window: MeasuredWindow }
  /** To {@link FromHttpLoad} alone: request from now on until after the window, and measure in it. */
  | { readonly type: "request"; readonly window: MeasuredWindow; readonly connections: number }
  /** To slow readers alone: measure, and do not read meanwhile where you are slow. */
  | { readonly type: "stall"; readonly window: MeasuredWindow }
  /** To A storm of joins alone: measure, and let so many join within the window's first second. */
  | { readonly type: "storm"; readonly window: MeasuredWindow; readonly joiners: number }
  | { readonly type: "stop" };

export type FromServer =
  | { readonly type: "ready"; readonly port: number }
  | { readonly type: "measured"; readonly figures: ServerFigures }
  | { readonly type: "failed"; readonly message: string };

/** What every load process says until it is told to measure. */
export type FromPlayers =
  /** Everyone has joined; `tick` is the last that arrived, of a room that began at `epoch`. */
  | {
      readonly type: "ready";
      readonly epoch: number;
      readonly tick: number;
      /** Whether both processes read the same clock, so that times can be compared; absent: nobody says. */
      readonly sameClock: boolean | undefined;
    }
  | { readonly type: "joining"; readonly joined: number }
  | { readonly type: "failed"; readonly message: string };

export type FromLoad = FromPlayers | { readonly type: "measured"; readonly figures: LoadFigures };

export type FromHttpLoad =
  | FromPlayers
  | { readonly type: "measured"; readonly use: LoadUse }
  | {
      readonly type: "requested";
      readonly use: LoadUse;
      readonly endpoints: readonly EndpointFigures[];
      /** Connections of players that ended before the run did, with what was told. */
      readonly lost: readonly string[];
    };

export type FromEchoLoad =
  | FromPlayers
  | {
      readonly type: "echoed";
      readonly use: LoadUse;
      readonly request: EchoFigures;
      readonly ping: EchoFigures;
      /** Connections that ended before the run did, with what was told. */
      readonly lost: readonly string[];
    };
