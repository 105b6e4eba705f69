import { Counter, Gauge, type Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { NodeStateName } from "../cluster/node/node-state.ts";

/** Always told, so that an alert can wait for `member` to be 0. */
const STATES: readonly NodeStateName[] = ["outside", "member", "cut-off", "replaced", "left"];

/** A bus subscriber: how this node stands to its cluster. Without one all are 0. */
export function clusterMetrics(registry: Registry, bus: Bus): Release {
  const registers = [registry];
  const state = new Gauge({
    name: "tickcast_node_state",
    help: "1 for how this node stands to its cluster: outside, member, cut-off, replaced or left",
    labelNames: ["state"] as const,
    registers,
  });
  const cutOffs = new Counter({
    name: "tickcast_node_cut_off_total",
    help: "Times that this node's lease was over, by why",
    labelNames: ["why"] as const,
    registers,
  });
  const unavailable = new Counter({
    name: "tickcast_directory_unavailable_total",
    help: "Times that the directory ceased to answer",
    registers,
  });
  const disowned = new Counter({
    name: "tickcast_rooms_disowned_total",
    help: "Rooms that stopped because another node owns them, by how it was told",
    labelNames: ["reason"] as const,
    registers,
  });
  const dropped = new Counter({
    name: "tickcast_cluster_events_dropped_total",
    help: "Events between servers that were not heard, by why",
    labelNames: ["why"] as const,
    registers,
  });
  const releases = [
    bus.on("clusterEventDropped", ({ why }) => dropped.inc({ why })),
    bus.on("nodeChanged", ({ to, why }) => {
      for (const name of STATES) state.set({ state: name }, name === to ? 1 : 0);
      if (why !== undefined) cutOffs.inc({ why });
    }),
    bus.on("directoryChanged", ({ state: now }) => {
      if (now === "unavailable") unavailable.inc();
    }),
    bus.on("roomDisowned", ({ reason }) => disowned.inc({ reason })),
  ];
  return () => {
    for (const release of releases) release();
  };
}
