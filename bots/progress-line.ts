import { SingleBar } from "cli-progress";
import type { MonotonicMs } from "../shared/tick/clock.ts";
import type { SwarmProgress } from "./swarm.ts";
import type { SwarmOptions, SwarmPhase } from "./swarm-run.ts";

/** Where there is no terminal a line stays, so there are fewer of them. */
const PLAIN_LINE_EVERY_MS = 2_000;

type RunLength = Pick<SwarmOptions, "bots" | "seconds">;

/** Shows how a run goes. */
export interface ProgressLine {
  show(phase: SwarmPhase, progress: SwarmProgress, playedSeconds: number): void;
  /** Makes way for other output. */
  clear(): void;
}

/** On stderr: a line that is rewritten on a terminal, else plain ones. */
export function progressLine(length: RunLength, now: () => MonotonicMs): ProgressLine {
  return process.stderr.isTTY
    ? new RewrittenLine(length)
    : new PlainLines(length, now, (text) => console.error(text));
}

/** `playing: 3 of 10 s, 200 bots, 1 refused`, with troubles only where there are any. */
export function progressText(
  { bots, seconds }: RunLength,
  phase: SwarmPhase,
  progress: SwarmProgress,
  playedSeconds: number,
): string {
  const { joined, playing, refused, disconnected, missedTicks } = progress;
  const played = `${Math.min(seconds, Math.floor(playedSeconds))} of ${seconds} s, ${playing} bots`;
  const troubles = [
    refused > 0 && `${refused} refused`,
    disconnected > 0 && `${disconnected} disconnected`,
    missedTicks > 0 && `${missedTicks} ticks missed`,
  ].filter((trouble) => trouble !== false);
  return [phase === "playing" ? played : `${joined} of ${bots} bots`, ...troubles].join(", ");
}

export class PlainLines implements ProgressLine {
  readonly #length: RunLength;
  readonly #now: () => MonotonicMs;
  readonly #write: (text: string) => void;
  #nextAt = 0;

  constructor(length: RunLength, now: () => MonotonicMs, write: (text: string) => void) {
    this.#length = length;
    this.#now = now;
    this.#write = write;
  }

  show(phase: SwarmPhase, progress: SwarmProgress, playedSeconds: number): void {
    const now = this.#now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + PLAIN_LINE_EVERY_MS;
    this.#write(`${phase}: ${progressText(this.#length, phase, progress, playedSeconds)}`);
  }

  clear(): void {}
}

class RewrittenLine implements ProgressLine {
  readonly #length: RunLength;
  #phase: SwarmPhase | undefined;
  #bar: SingleBar | undefined;

  constructor(length: RunLength) {
    this.#length = length;
  }

  show(phase: SwarmPhase, progress: SwarmProgress, playedSeconds: number): void {
    const { bots, seconds } = this.#length;
    const total = phase === "playing" ? seconds : bots;
    const value = phase === "playing" ? Math.min(seconds, playedSeconds) : progress.joined;
    const payload = { phase, facts: progressText(this.#length, phase, progress, playedSeconds) };
    if (phase === this.#phase) this.#bar?.update(value, payload);
    else {
      this.clear();
      this.#phase = phase;
      this.#bar = newBar();
      this.#bar.start(total, value, payload);
    }
  }

  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#phase = undefined;
  }
}

function newBar(): SingleBar {
  return new SingleBar({
    stream: process.stderr,
    format: "{phase} {bar} {facts}",
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    // Who interrupts the run gets its summary; the bar is cleared on the way to it.
    gracefulExit: false,
  });
}
