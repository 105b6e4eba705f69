/** What a game's server is written with. */

export type { GroupName } from "../shared/state/groups.ts";
export { Bus, type RoomName, type ServerEventName, type ServerEvents, type TickReport } from "./bus.ts";
export type { CheckpointOptions } from "./checkpoint/checkpoint-options.ts";
export type {
  Checkpoint,
  CheckpointKey,
  CheckpointStore,
  FoundCheckpoint,
} from "./checkpoint/checkpoint-store.ts";
export { FileCheckpointStore } from "./checkpoint/file-store.ts";
export { MemoryCheckpointStore } from "./checkpoint/memory-store.ts";
export type { ClusterOptions } from "./cluster/cluster-options.ts";
export {
  type ClusterEventOf,
  type ClusterEventSpec,
  type ClusterEvents,
  defineClusterEvents,
  type HeardEventOf,
} from "./events/cluster-events.ts";
export type { EventExchange } from "./events/event-hub.ts";
export type { HttpHandler } from "./game-server-parts.ts";
export { MissingPagesError } from "./http/pages.ts";
export { defaultLimits, type ServerLimits } from "./limits.ts";
export type { Log, LogFormat, LogLevel } from "./log/log.ts";
export { serverLog } from "./log/server-log.ts";
export type { RecordOptions } from "./recording/record-options.ts";
export type { RoomRecording } from "./recording/recordings.ts";
export {
  type Applicant,
  defineRoom,
  type HookPlace,
  type Identity,
  type LeaveReason,
  type RoomConfig,
  type RoomDefinition,
  type SavedValue,
} from "./room/define-room.ts";
export type { Focus, InterestOptions } from "./room/interest.ts";
export { type Failure, fail, type Refusal, refuse } from "./room/outcomes.ts";
export type { PastRowOf, PastTable, PastWorld } from "./room/rewind/past-world.ts";
export type { RewindOptions } from "./room/rewind/rewind-options.ts";
export type { Audience, Player, Players, Room, RoomMetadata, ServerState, ServerTable } from "./room/room.ts";
export type { PlayerGroups } from "./room/seat-groups.ts";
export { type RunningServer, type ServeOptions, type ServerApp, serve } from "./serve.ts";
export type { NodeIdentity } from "./tickets/node-identity.ts";
export type { TicketMode } from "./tickets/tickets.ts";
export { ListenError } from "./transport/transport.ts";
export { UwsLoadError } from "./transport/uws/uws-load-error.ts";
