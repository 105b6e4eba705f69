import type { NodeIncarnation, NodeLease } from "../directory/node-record.ts";

/**
 * How a node stands to its cluster.
 *
 * - `outside`: not registered yet
 * - `member`: it holds a lease, and owns rooms by it
 * - `cut-off`: its lease is over, by the directory's word (`lease-lost`) or by its own clock (`directory-unavailable`):
 *   others may claim its rooms. It tries to come back.
 * - `replaced`: another process has registered under its name. There is no way back: two would take it from each other
 *   for ever.
 * - `left`: by its own will
 */
export type NodeState =
  | { readonly state: "outside" }
  | { readonly state: "member"; readonly lease: NodeLease }
  | { readonly state: "cut-off"; readonly former: NodeIncarnation; readonly why: CutOffReason }
  | { readonly state: "replaced"; readonly former: NodeIncarnation }
  | { readonly state: "left" };

export type NodeStateName = NodeState["state"];

export type CutOffReason = "lease-lost" | "directory-unavailable";

/** Which state may follow which. A renewal is no change of state. */
export const nodeTransitions: Readonly<Record<NodeStateName, readonly NodeStateName[]>> = {
  outside: ["member", "left"],
  member: ["cut-off", "left"],
  "cut-off": ["member", "replaced", "left"],
  replaced: ["left"],
  left: [],
};

/** The incarnation that the node is, or was last. */
export function incarnationOf(state: NodeState): NodeIncarnation | undefined {
  switch (state.state) {
    case "member":
      return state.lease;
    case "cut-off":
    case "replaced":
      return state.former;
    case "outside":
    case "left":
      return undefined;
  }
}
