/** For tests of games: whole servers in memory, on a clock that is moved by hand; a bad network for real sockets. */
export { FaultProxy, type FaultProxyOptions } from "../../bots/network/fault-proxy.ts";
export type { NetworkConditions } from "../../shared/link/network-conditions.ts";
export { type ExpectedRow, type ExpectedState, type ExpectedValue, expectState } from "./expect-state.ts";
export { ManualClock, type ManualClockOptions } from "./manual-clock.ts";
export type { RecordedEvents, ServerEvent } from "./recorded-events.ts";
export type { TestClient } from "./test-client.ts";
export type { TestNetwork } from "./test-network.ts";
export type { TestRoom } from "./test-room.ts";
export {
  type TestBotsOptions,
  type TestConnectArguments,
  type TestConnectOptions,
  TestServer,
  type TestServerOptions,
} from "./test-server.ts";
