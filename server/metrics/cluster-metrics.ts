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
  const fenced = new Gauge({
    name: "tickcast_rooms_standing_still",
    help: "Rooms that stand still because this node's lease is over",
    registers,
  });
  const taken = new Counter({
    name: "tickcast_rooms_taken_over_total",
    help: "Rooms that go on here, whose node is gone or gave them away",
    labelNames: ["game"] as const,
    registers,
  });
  const moved = new Counter({
    name: "tickcast_rooms_moved_total",
    help: "Rooms that were given to other nodes, by whether they were seen to go on there",
    labelNames: ["arrived"] as const,
    registers,
  });
  const forgotten = new Counter({
    name: "tickcast_rooms_forgotten_total",
    help: "Rooms without an owner that could not be restored: they are over",
    labelNames: ["game"] as const,
    registers,
  });
  const releases = [
    bus.on("fenceChanged", ({ state: now, rooms }) => fenced.set(now === "shut" ? rooms : 0)),
    bus.on("roomTakenOver", ({ room: { game } }) => taken.inc({ game })),
    bus.on("roomMoved", ({ isThere }) => moved.inc({ arrived: isThere ? "yes" : "no" })),
    bus.on("roomForgotten", ({ room: { game } }) => forgotten.inc({ game })),
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
