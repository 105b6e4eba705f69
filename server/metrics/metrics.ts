import { collectDefaultMetrics, Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import { checkpointMetrics } from "./checkpoint-metrics.ts";
import { clusterMetrics } from "./cluster-metrics.ts";
import { roomMetrics } from "./room-metrics.ts";
import { sessionMetrics } from "./session-metrics.ts";
import { tickMetrics } from "./tick-metrics.ts";
import type { Traffic } from "./traffic.ts";
import { trafficMetrics } from "./traffic-metrics.ts";

/** A timer wakes an idle process so often to see how late it is: every 10 ms, as by default, costs 2 % of a core. */
const LOOP_DELAY_EVERY_MS = 50;

/**
 * A server's figures in the format of Prometheus: those of the bus and the transport, and `prom-client`'s own of the
 * process (event-loop delay, garbage collection, heap, CPU). Each server has a registry of its own.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #releases: readonly Release[];

  constructor(bus: Bus, traffic: Traffic) {
    const registry = this.#registry;
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_DELAY_EVERY_MS });
    trafficMetrics(registry, traffic);
    this.#releases = [
      tickMetrics(registry, bus),
      roomMetrics(registry, bus),
      checkpointMetrics(registry, bus),
      clusterMetrics(registry, bus),
      sessionMetrics(registry, bus),
    ];
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The name of every metric, without the suffixes of histograms. */
  get names(): string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  /** What a scrape gets. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  release(): void {
    for (const release of this.#releases) release();
    this.#registry.clear();
  }
}
