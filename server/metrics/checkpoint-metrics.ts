import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";

const CAPTURE_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05];
const WRITE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A bus subscriber: what saving rooms costs, what fails of it, and what came back. */
export function checkpointMetrics(registry: Registry, bus: Bus): Release {
  const registers = [registry];
  const labelNames = ["game"] as const;
  const capture = new Histogram({
    name: "tickcast_checkpoint_capture_seconds",
    help: "Taking a room's checkpoint, between two ticks",
    labelNames,
    buckets: CAPTURE_SECONDS,
    registers,
  });
  const write = new Histogram({
    name: "tickcast_checkpoint_write_seconds",
    help: "From a checkpoint's bytes until the store has them",
    labelNames,
    buckets: WRITE_SECONDS,
    registers,
  });
  const bytes = new Counter({
    name: "tickcast_checkpoint_bytes_total",
    help: "Bytes of checkpoints that were written",
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: "tickcast_checkpoint_failures_total",
    help: "Checkpoints that were not written, by reason",
    labelNames: ["game", "reason"] as const,
    registers,
  });
  const restored = new Counter({
    name: "tickcast_rooms_restored_total",
    help: "Rooms that went on from a checkpoint: exact, or running when it was taken",
    labelNames: ["game", "kind"] as const,
    registers,
  });
  const refused = new Gauge({
    name: "tickcast_checkpoints_refused",
    help: "Checkpoints that were found at the start and could not be used",
    registers,
  });
  const releases = [
    bus.on("checkpointSaved", ({ room: { game }, bytes: size, captureMs, writeMs }) => {
      capture.observe({ game }, captureMs / 1000);
      write.observe({ game }, writeMs / 1000);
      bytes.inc({ game }, size);
    }),
    bus.on("checkpointFailed", ({ room: { game }, reason }) => failures.inc({ game, reason })),
    bus.on("roomRestored", ({ room: { game }, kind }) => restored.inc({ game, kind })),
    bus.on("checkpointRefused", () => refused.inc()),
  ];
  return () => {
    for (const release of releases) release();
  };
}
