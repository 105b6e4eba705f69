/** What both entries of the SDK export beside their own `connect`. */
export {
  type CloseDescription,
  type CloseName,
  type CloseRetry,
  closeByCode,
  type StandardCloseName,
} from "../shared/protocol/close-codes.ts";
export type { Clock, MonotonicMs, Release } from "../shared/tick/clock.ts";
export type {
  ClientRoom,
  ConnectionState,
  LinkStatistics,
  Lost,
  Maintenance,
  MirrorState,
  MirrorTable,
  RequestResult,
  RolledBack,
} from "./client-room.ts";
export {
  type Connect,
  type ConnectArguments,
  type ConnectEnvironment,
  type ConnectGeneric,
  type ConnectOptions,
  connectWith,
} from "./connect.ts";
export { ConnectError } from "./connect-error.ts";
export type { ReportError } from "./listeners.ts";
export type { ClientSocket, OpenSocket, SocketConditioner, SocketListener } from "./socket.ts";
export type { StreamStatistics } from "./stream-statistics.ts";
export type { View, ViewState, ViewTable } from "./view/view.ts";
