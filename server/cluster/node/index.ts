export { ClusterNode } from "./cluster-node.ts";
export type { HostedRoom } from "./hosted-room.ts";
export type { NodeOptions } from "./node-options.ts";
