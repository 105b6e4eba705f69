import { Counter, Histogram, type Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";

/** Seconds. A period is 50 ms at 20 Hz: finest where a tick should be, coarse beyond two periods. */
const BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.25, 0.5, 1];

/** Ticks: an input that is two late was sent before one knew the way to be that long. */
const INPUT_BUCKETS = [1, 2, 3, 5, 10, 20, 50];

/** What the ticks of one game came to. Plain numbers, because a tick adds to all of them. */
interface Tally {
  readonly lateness: { observe(seconds: number): void };
  readonly duration: { observe(seconds: number): void };
  readonly flushed: { observe(seconds: number): void };
  stepMs: number;
  commitMs: number;
  publishMs: number;
  frames: number;
  bytes: number;
  keyframes: number;
}

/** A bus subscriber: how long ticks take, how late they begin, and what they encode, by game. */
export function tickMetrics(registry: Registry, bus: Bus): Release {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames: ["game"] as const, buckets, registers });
  const lateness = histogram(
    "tickcast_tick_lateness_seconds",
    "From a tick's intended time to its beginning",
    BUCKETS,
  );
  const duration = histogram(
    "tickcast_tick_duration_seconds",
    "One tick, from its beginning to the last publish",
    BUCKETS,
  );
  const flushed = histogram(
    "tickcast_tick_flush_seconds",
    "From a tick's beginning until all is in the kernel",
    BUCKETS,
  );
  const inputs = histogram(
    "tickcast_input_lateness_ticks",
    "Ticks by which inputs missed theirs",
    INPUT_BUCKETS,
  );

  const tallies = new Map<string, Tally>();
  const tallyOf = (game: string): Tally => {
    let tally = tallies.get(game);
    if (tally === undefined) {
      const measured = { lateness: lateness.labels(game), duration: duration.labels(game) };
      const sums = { stepMs: 0, commitMs: 0, publishMs: 0, frames: 0, bytes: 0, keyframes: 0 };
      tally = { ...measured, flushed: flushed.labels(game), ...sums };
      tallies.set(game, tally);
    }
    return tally;
  };

  new Counter({
    name: "tickcast_tick_phase_seconds_total",
    help: "Time in a tick's phases: step (arrivals and the game), commit (comparing), publish (encoding)",
    labelNames: ["game", "phase"] as const,
    registers,
    collect() {
      this.reset();
      for (const [game, { stepMs, commitMs, publishMs }] of tallies) {
        this.inc({ game, phase: "step" }, stepMs / 1000);
        this.inc({ game, phase: "commit" }, commitMs / 1000);
        this.inc({ game, phase: "publish" }, publishMs / 1000);
      }
    },
  });
  const encoded = (name: string, help: string, read: (tally: Tally) => number): void => {
    new Counter({
      name,
      help,
      labelNames: ["game"] as const,
      registers,
      collect() {
        this.reset();
        for (const [game, tally] of tallies) this.inc({ game }, read(tally));
      },
    });
  };
  encoded("tickcast_frames_encoded_total", "Frames encoded, before the fan-out", ({ frames }) => frames);
  encoded("tickcast_encoded_bytes_total", "Bytes of the encoded frames", ({ bytes }) => bytes);
  encoded(
    "tickcast_keyframes_encoded_total",
    "Encoded frames that say a stream as a whole",
    ({ keyframes }) => keyframes,
  );

  const slips = new Counter({
    name: "tickcast_tick_slips_total",
    help: "Times that a room was too late to catch up and its time moved",
    labelNames: ["game"] as const,
    registers,
  });
  const slipped = new Counter({
    name: "tickcast_slipped_seconds_total",
    help: "Time by which rooms slipped",
    labelNames: ["game"] as const,
    registers,
  });

  const releases = [
    bus.on("tickDone", ({ room, latenessMs, stepMs, commitMs, publishMs, frames, bytes, keyframes }) => {
      const tally = tallyOf(room.game);
      tally.lateness.observe(latenessMs / 1000);
      tally.duration.observe((stepMs + commitMs + publishMs) / 1000);
      tally.stepMs += stepMs;
      tally.commitMs += commitMs;
      tally.publishMs += publishMs;
      tally.frames += frames;
      tally.bytes += bytes;
      tally.keyframes += keyframes;
    }),
    bus.on("tickFlushed", ({ room, flushedMs }) => tallyOf(room.game).flushed.observe(flushedMs / 1000)),
    bus.on("tickSlipped", ({ room: { game }, skippedMs }) => {
      slips.inc({ game });
      slipped.inc({ game }, skippedMs / 1000);
    }),
    bus.on("inputLate", ({ room: { game }, inputTick, appliedTick }) =>
      inputs.observe({ game }, appliedTick - inputTick),
    ),
  ];
  return () => {
    for (const release of releases) release();
  };
}
