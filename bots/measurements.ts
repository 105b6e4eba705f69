import type { RecordableHistogram } from "node:perf_hooks";
import { durationHistogram } from "./histogram.ts";

/**
 * What bots saw while they were measured: from when the last of the swarm had joined to the end of the run. Plain
 * data, so that it crosses threads; what one thread measured adds to what another did.
 */
export interface Measurements {
  /** From when a tick was intended to when it closed at the bot. */
  readonly latency: RecordableHistogram;
  /** From one closed tick of a bot to its next. */
  readonly gaps: RecordableHistogram;
  /** Latencies by the clock that the server reads, too. */
  sharedLatencies: number;
  /** Latencies by the server's clock as pings estimate it. */
  estimatedLatencies: number;
  /** Latencies below zero, which only an estimate can yield. They are recorded as 1 µs. */
  negativeLatencies: number;
  ticksClosed: number;
  /** For how long bots were in the room, summed over bots. */
  botSeconds: number;
  /** Payloads of WebSocket messages, without their headers. */
  bytesReceived: number;
  framesReceived: number;
  bytesSent: number;
}

export function noMeasurements(): Measurements {
  return {
    latency: durationHistogram(),
    gaps: durationHistogram(),
    sharedLatencies: 0,
    estimatedLatencies: 0,
    negativeLatencies: 0,
    ticksClosed: 0,
    botSeconds: 0,
    bytesReceived: 0,
    framesReceived: 0,
    bytesSent: 0,
  };
}

export function addMeasurements(sum: Measurements, part: Measurements): void {
  // A histogram without values would lend the sum its maximum of 0.
  if (part.latency.count > 0) sum.latency.add(part.latency);
  if (part.gaps.count > 0) sum.gaps.add(part.gaps);
  sum.sharedLatencies += part.sharedLatencies;
  sum.estimatedLatencies += part.estimatedLatencies;
  sum.negativeLatencies += part.negativeLatencies;
  sum.ticksClosed += part.ticksClosed;
  sum.botSeconds += part.botSeconds;
  sum.bytesReceived += part.bytesReceived;
  sum.framesReceived += part.framesReceived;
  sum.bytesSent += part.bytesSent;
}
