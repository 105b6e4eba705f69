/** For tests of games: whole servers in memory, on a clock that is moved by hand; a bad network for real sockets. */
export { FaultProxy, type FaultProxyOptions } from "../../bots/network/fault-proxy.ts";
export { ManualClock, type ManualClockOptions } from "./manual-clock.ts";
export type { LinkControl } from "./memory-socket.ts";
export { type TestClient, TestServer, type TestServerOptions } from "./test-server.ts";
