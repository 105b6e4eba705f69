import type { Load } from "../scenarios/scenario.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";

/** What a run's processes are told about it. */
export interface RunSpec extends Load {
  readonly scenario: string;
  /** For how many ticks from the first the server may have to publish: joining and warm-up included. */
  readonly maxTicks: number;
  /** The cores that server and load may use; absent where nothing is pinned. */
  readonly cores: readonly number[] | undefined;
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

/** A state's hash after a tick. */
export type TickHash = readonly [tick: number, hash: string];

/** A frame's CRC-32, by the tick that it closes. */
export type FrameDigest = readonly [tick: number, crc32: number];

/** What a server process measured of itself. */
export interface ServerFigures {
  /** User and system time of the whole process over the window. */
  readonly cpuUs: number;
  readonly wallMs: number;
  /** How late ticks began. */
  readonly latenessMs: Percentiles;
  /** Ticks of the window that were published. */
  readonly published: number;
  /** Slips since the server started. */
  readonly slips: number;
  /** Empty for a system without state. */
  readonly hashes: readonly TickHash[];
}

interface MirrorFigures {
  /** Every tick that was to be compared, one entry per mirror and tick. */
  readonly hashes: readonly TickHash[];
  /** Rows of the SDK's room that differed from the replica's; sentences, a few at most. */
  readonly differences: readonly string[];
}

/** What the load process measured. */
export interface LoadFigures {
  readonly delivered: number;
  /** Frames that did not follow the one before by one tick. */
  readonly gaps: number;
  /** From a tick's intended time to the first client, to the last, and to each that had its frame. */
  readonly latencyMs: { readonly first: Percentiles; readonly last: Percentiles; readonly all: Percentiles };
  /** Bytes that arrived at lean clients over the window, WebSocket headers included. */
  readonly leanBytes: number;
  readonly leanClients: number;
  readonly cpuUs: number;
  readonly wallMs: number;
  /** What the pinned cores (without pinning: all) were busy for over the window, whoever used them. */
  readonly machineBusyMs: number;
  /** Connections that ended before the run did, with what was told. */
  readonly lost: readonly string[];
  readonly digests: readonly FrameDigest[];
  readonly mirrors: MirrorFigures;
}

/** To either process. `stop` ends it. */
export type ToChild =
  | { readonly type: "start"; readonly spec: RunSpec; readonly port: number }
  | { readonly type: "measure"; readonly window: MeasuredWindow }
  | { readonly type: "stop" };

export type FromServer =
  | { readonly type: "ready"; readonly port: number }
  | { readonly type: "measured"; readonly figures: ServerFigures }
  | { readonly type: "failed"; readonly message: string };

export type FromLoad =
  /** Everyone has joined; `tick` is the last that arrived, of a room that began at `epoch`. */
  | {
      readonly type: "ready";
      readonly epoch: number;
      readonly tick: number;
      /** Whether both processes read the same clock, so that times can be compared; absent: nobody says. */
      readonly sameClock: boolean | undefined;
    }
  | { readonly type: "joining"; readonly joined: number }
  | { readonly type: "measured"; readonly figures: LoadFigures }
  | { readonly type: "failed"; readonly message: string };
