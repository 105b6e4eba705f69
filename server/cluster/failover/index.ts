export { AwaitedRooms } from "./awaited-rooms.ts";
export type { FailoverOptions, OnDirectoryLoss } from "./failover-options.ts";
export { makeFailover } from "./failover-part.ts";
export { type ProbeOwner, probeByHttp } from "./owner-probe.ts";
