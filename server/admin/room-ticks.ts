import { TickLog } from "../../shared/tick/tick-log.ts";
import type { TickReport } from "../bus.ts";
import type { RoomLoad, TickNote, TickNoteKind, TicksAnswer } from "./answers.ts";
import { TickRing } from "./tick-ring.ts";

/** Beyond it the oldest goes: a storm of joins fills it in a few ticks, whose counts stay. */
const MOST_NOTES = 2_000;

/** Counted since the last tick that published; they are that tick's. */
interface Counts {
  joins: number;
  leaves: number;
  stalls: number;
  resyncs: number;
  lateInputs: number;
  slipped: number;
  faults: number;
}

const COUNTED_AS = {
  joined: "joins",
  left: "leaves",
  stalled: "stalls",
  resynced: "resyncs",
  failed: "faults",
} as const;

type Noted = Omit<TickNote, "tick">;

/** What is known of one room's last ticks: what each cost, and what happened in it. */
export class RoomTicks {
  #ring: TickRing;
  readonly #notes = new TickLog<Noted>(MOST_NOTES);
  #pending: Noted[] = [];
  #counts = noCounts();

  constructor(capacity: number) {
    this.#ring = new TickRing(capacity);
  }

  /** Keeps at least so many ticks from now on. */
  enlarge(capacity: number): void {
    if (this.#ring.capacity < capacity) this.#ring = new TickRing(capacity);
  }

  note(kind: TickNoteKind, player: number | null, why = ""): void {
    if (this.#pending.length < MOST_NOTES) this.#pending.push({ kind, player, why });
    if (kind !== "slipped" && kind !== "away") this.#counts[COUNTED_AS[kind]] += 1;
  }

  inputLate(): void {
    this.#counts.lateInputs += 1;
  }

  slipped(ms: number): void {
    this.#counts.slipped += Math.round(ms * 1000);
    this.note("slipped", null, `${Math.round(ms)} ms`);
  }

  done(report: TickReport): void {
    const { tick, latenessMs, stepMs, commitMs, publishMs, players, frames, bytes, keyframes } = report;
    this.#ring.add(tick, {
      lateness: Math.round(latenessMs * 1000),
      step: Math.round(stepMs * 1000),
      commit: Math.round(commitMs * 1000),
      publish: Math.round(publishMs * 1000),
      flushed: 0,
      players,
      frames,
      bytes,
      keyframes,
      ...this.#counts,
    });
    this.#counts = noCounts();
    for (const noted of this.#pending) this.#notes.push(tick, noted);
    this.#pending = [];
    this.#notes.forget(this.#ring.oldest - 1);
  }

  flushed(tick: number, ms: number): void {
    this.#ring.flushed(tick, Math.round(ms * 1000));
  }

  since(tick: number): { readonly ticks: TicksAnswer; readonly notes: readonly TickNote[] } {
    const ticks = this.#ring.since(tick);
    const last = ticks.tick.at(-1) ?? tick;
    const notes: TickNote[] = [];
    for (const [at, noted] of this.#notes.since(tick)) if (at <= last) notes.push({ tick: at, ...noted });
    return { ticks, notes };
  }

  /** Of the ticks after `tick`. */
  loadSince(tick: number, seconds: number): RoomLoad | null {
    const { flushed, lateness, bytes } = this.#ring.since(tick);
    if (flushed.length === 0) return null;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    return {
      meanMs: rounded(sum(flushed) / flushed.length / 1000),
      worstMs: rounded(Math.max(...flushed) / 1000),
      worstLatenessMs: rounded(Math.max(0, ...lateness) / 1000),
      bytesPerSecond: Math.round(sum(bytes) / seconds),
    };
  }
}

function noCounts(): Counts {
  return { joins: 0, leaves: 0, stalls: 0, resyncs: 0, lateInputs: 0, slipped: 0, faults: 0 };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
