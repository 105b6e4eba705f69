import type { NetworkConditions } from "../shared/link/network-conditions.ts";
import type { Clock, MonotonicMs, Release } from "../shared/tick/clock.ts";
import { addMeasurements, type Measurements, noMeasurements } from "./measurements.ts";
import { addOutcomes, noOutcomes, type Outcomes } from "./outcomes.ts";
import type { SwarmProgress } from "./swarm.ts";
import { planSwarm, type SwarmShape } from "./swarm-plan.ts";
import type { OpenThread, SwarmThread, ThreadOrder, ThreadReport } from "./swarm-thread.ts";

export interface SwarmOptions extends SwarmShape {
  /** URL of the module that exports `bot`. */
  readonly module: string;
  /** See {@link ThreadWork.recording}. */
  readonly recording?: string;
  /** See {@link ThreadWork.returnWithinMs}. */
  readonly returnWithinMs?: number;
  /** The room's address. */
  readonly url: string;
  /** From when all bots have joined to when they leave. */
  readonly seconds: number;
  /** By how much a room may slip in all before the run fails. */
  readonly maxSlipMs: number;
  /** 0 to 2^32 − 1. */
  readonly seed: number;
  /** What each bot plays through. */
  readonly network: NetworkConditions;
}

/** Where a run takes place. */
export interface SwarmSurroundings {
  readonly openThread: OpenThread;
  readonly clock: Clock;
  /** CPU time that this process has used so far, in milliseconds. */
  readonly cpuMs: () => number;
}

/** What a run goes through. `playing` is what is measured. */
export type SwarmPhase = "loading" | "joining" | "playing" | "leaving";

export interface SwarmRunListener {
  progressed(phase: SwarmPhase, progress: SwarmProgress, playedSeconds: number): void;
  /** A bot's own code failed: with its index, where the error tells, and the error's stack. */
  failed(index: number | undefined, error: string): void;
}

export interface SwarmResult {
  readonly options: SwarmOptions;
  readonly threads: number;
  readonly outcomes: Outcomes;
  readonly measurements: Measurements;
  /** `interrupted`: by `stop`. `deserted`: no bot was left to play on. */
  readonly ending: "completed" | "interrupted" | "deserted";
  /** From the start until all bots had joined or never would. */
  readonly joinSeconds: number;
  /** For how long was measured. */
  readonly seconds: number;
  /** This process's CPU time while measuring, as a share of one core: 1 is a whole core. */
  readonly loadCpu: number;
  /** The share of the measured time in which the busiest thread was at work, 0 to 1. */
  readonly busiestThread: number;
}

/**
 * How long threads get from `leave` to the end. One that has not said its result by then breaks the run; one that
 * only has not seen its bots out is cut: the SDK itself waits two seconds for a server, so it hangs.
 */
const END_WITHIN_MS = 10_000;

/** What every thread says once. */
type Milestone = "ready" | "settled" | "result" | "left";

/**
 * A run of a swarm over its threads. Every thread loads the bot; then they start to join; when all bots have
 * settled the measuring begins everywhere, and after `seconds` all leave.
 */
export class SwarmRun {
  /** Rejects with what broke a thread. */
  readonly finished: Promise<SwarmResult>;
  readonly #options: SwarmOptions;
  readonly #surroundings: SwarmSurroundings;
  readonly #listener: SwarmRunListener;
  readonly #threads: readonly SwarmThread[];
  readonly #progress: (SwarmProgress | undefined)[] = [];
  readonly #outcomes = noOutcomes();
  readonly #measurements = noMeasurements();
  #phase: SwarmPhase | "over" = "loading";
  /** How many threads have not said it yet. */
  readonly #awaited: Record<Milestone, number>;
  #joinBegan: MonotonicMs;
  #playing: { readonly since: MonotonicMs; readonly cpuMs: number } | undefined;
  #stopTimer: Release = () => {};
  #ending: SwarmResult["ending"] = "completed";
  #busiestThread = 0;
  #figures = { joinSeconds: 0, seconds: 0, loadCpu: 0 };
  #resolve: (result: SwarmResult) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(options: SwarmOptions, surroundings: SwarmSurroundings, listener: SwarmRunListener) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#joinBegan = surroundings.clock.now();
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { module, recording, returnWithinMs, url, seed, network } = options;
    const plan = planSwarm(options);
    const { length } = plan;
    this.#awaited = { ready: length, settled: length, result: length, left: length };
    this.#threads = plan.map((bots, index) =>
      surroundings.openThread(
        {
          ...{ module, url, seed, network, plan: bots },
          ...(recording !== undefined && { recording }),
          ...(returnWithinMs !== undefined && { returnWithinMs }),
        },
        { said: (report) => this.#said(index, report), died: (error) => this.#break(error) },
      ),
    );
  }

  /** Lets the bots leave now. What was measured so far is the result. */
  stop(): void {
    this.#leave("interrupted");
  }

  #said(thread: number, report: ThreadReport): void {
    switch (report.what) {
      case "ready":
        if (this.#isLast("ready") && this.#phase === "loading") this.#join();
        return;
      case "settled":
        this.#progress[thread] = report.progress;
        if (this.#isLast("settled") && this.#phase === "joining") this.#play();
        this.#progressed();
        return;
      case "progress":
        this.#progress[thread] = report.progress;
        this.#progressed();
        return;
      case "failed":
        this.#listener.failed(report.index, report.error);
        return;
      case "result":
        addOutcomes(this.#outcomes, report.outcomes);
        addMeasurements(this.#measurements, report.measurements);
        this.#busiestThread = Math.max(this.#busiestThread, report.busy);
        this.#isLast("result");
        return;
      case "left":
        if (this.#isLast("left")) this.#finish();
    }
  }

  /** Whether every thread has now said it. */
  #isLast(what: Milestone): boolean {
    this.#awaited[what] -= 1;
    return this.#awaited[what] === 0;
  }

  #join(): void {
    this.#phase = "joining";
    this.#joinBegan = this.#surroundings.clock.now();
    this.#tell("start");
  }

  #play(): void {
    const { clock, cpuMs } = this.#surroundings;
    this.#phase = "playing";
    const since = clock.now();
    this.#playing = { since, cpuMs: cpuMs() };
    this.#tell("measure");
    this.#stopTimer = clock.after(this.#options.seconds * 1_000, () => this.#leave("completed"));
  }

  #leave(ending: SwarmResult["ending"]): void {
    if (this.#phase === "leaving" || this.#phase === "over") return;
    const { clock, cpuMs } = this.#surroundings;
    const now = clock.now();
    const elapsedMs = this.#playing ? now - this.#playing.since : 0;
    const busyMs = this.#playing ? cpuMs() - this.#playing.cpuMs : 0;
    this.#figures = {
      joinSeconds: ((this.#playing?.since ?? now) - this.#joinBegan) / 1_000,
      seconds: elapsedMs / 1_000,
      loadCpu: elapsedMs > 0 ? busyMs / elapsedMs : 0,
    };
    this.#ending = ending;
    this.#phase = "leaving";
    this.#tell("leave");
    this.#stopTimer();
    this.#stopTimer = clock.after(END_WITHIN_MS, () => this.#finish());
  }

  #progressed(): void {
    const known = this.#progress.filter((progress) => progress !== undefined);
    const sum = (of: keyof SwarmProgress): number => known.reduce((total, each) => total + each[of], 0);
    if (this.#phase === "over") return;
    const since = this.#playing?.since;
    const playedSeconds = since === undefined ? 0 : (this.#surroundings.clock.now() - since) / 1_000;
    const progress: SwarmProgress = {
      joined: sum("joined"),
      playing: sum("playing"),
      refused: sum("refused"),
      disconnected: sum("disconnected"),
      missedTicks: sum("missedTicks"),
    };
    this.#listener.progressed(this.#phase, progress, playedSeconds);
    const complete = known.length === this.#threads.length;
    if (this.#phase === "playing" && complete && progress.playing === 0) this.#leave("deserted");
  }

  #finish(): void {
    const silent = this.#awaited.result;
    if (silent > 0) {
      this.#break(new Error(`${silent} of ${this.#threads.length} threads of bots do not answer`));
      return;
    }
    this.#close();
    this.#resolve({
      options: this.#options,
      threads: this.#threads.length,
      outcomes: this.#outcomes,
      measurements: this.#measurements,
      ending: this.#ending,
      busiestThread: this.#busiestThread,
      ...this.#figures,
    });
  }

  #break(error: unknown): void {
    if (this.#phase === "over") return;
    this.#close();
    this.#reject(error);
  }

  #close(): void {
    this.#phase = "over";
    this.#stopTimer();
    for (const thread of this.#threads) thread.close();
  }

  #tell(order: ThreadOrder): void {
    for (const thread of this.#threads) thread.tell(order);
  }
}
