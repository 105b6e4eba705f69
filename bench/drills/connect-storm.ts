import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { DRILL_PERIOD_MS } from "./drill-game.ts";
import { figure, gapRows, percentOf } from "./figures.ts";
import type { StormCalls } from "./players/storm-process.ts";
import { expectDescriptors } from "./process/descriptors.ts";
import { passing } from "./process/passing.ts";
import { onStage, SOON_MS } from "./process/stage.ts";

const ROOMS = 50;
const WITNESSES_EACH = 2;
const WITHIN_MS = 2_000;
/** Who begins later than this is not welcomed in time. */
const BEGIN_WITHIN_MS = 1_700;
const PER_LOBBY = 100;
/** Below what limits allow one address: 250 greetings, 250 joins at once. */
const PER_ADDRESS = 100;
const QUIET_MS = 2_000;
const EXTENTS = { full: 10_000, short: 1_000 } as const;

export const connectStorm: Drill = {
  name: "connect-storm",
  says: "thousands connect and join within two seconds, while rooms are playing",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const connections = environment.sizes.connections ?? EXTENTS[environment.extent];
    expectDescriptors(connections);
    const addresses = Math.ceil(connections / PER_ADDRESS);
    return onStage(environment, async (stage) => {
      environment.progress("starting");
      const { remote, served } = await stage.server({
        rooms: Array.from({ length: ROOMS }, () => "nothing" as const),
        lobbies: Math.ceil(connections / PER_LOBBY),
        limits: { loopback: "limited" },
      });
      const witnesses = await stage.witnesses(served.port, served.rooms, WITNESSES_EACH);
      const load = stage.load<StormCalls>("storm", new URL("./players/storm-process.js", import.meta.url));
      const mark = () =>
        Promise.all([remote.call("mark", undefined, SOON_MS), witnesses.call("mark", undefined, SOON_MS)]);
      const account = () =>
        Promise.all([
          remote.call("account", undefined, SOON_MS),
          witnesses.call("account", undefined, SOON_MS),
        ]);
      await passing(QUIET_MS);
      await mark();
      await passing(QUIET_MS);
      const [quietServer, quiet] = await account();
      await mark();
      load.onProgress = (done) => environment.progress(`${done} of ${connections} are connected`);
      const order = {
        port: served.port,
        paths: served.lobbies,
        connections,
        withinMs: Math.min(BEGIN_WITHIN_MS, (connections / EXTENTS.full) * BEGIN_WITHIN_MS),
        addresses,
      };
      const storm = await load.call("storm", order, 60_000);
      const [server, there] = await account();
      const faults = server.faults.length;
      return {
        did: `${connections} connect from ${addresses} addresses and join ${served.lobbies.length} rooms at 2 Hz; ${ROOMS} rooms with ${ROOMS * WITNESSES_EACH} players go on at 20 Hz`,
        rows: [
          ["all had begun to connect after", figure(storm.begunMs, "ms")],
          ["all were connected after", figure(storm.connectedMs, "ms")],
          ["all had their first tick after", figure(storm.joinedMs, "ms")],
          ["from connecting to the end of the handshake, p50", figure(storm.eachMs.p50, "ms")],
          ["                                             p99", figure(storm.eachMs.p99, "ms")],
          ["                                             max", figure(storm.eachMs.max, "ms")],
          ...gapRows("quiet, at the players", quiet),
          ...gapRows("in the storm, at the players", there),
          ...gapRows("in the storm, at the server", server),
          ["longest tick", figure(server.longestTickMs, "ms")],
          ["server CPU until all had a tick", percentOf(server.cpuUs / 1000, server.wallMs)],
          ["load CPU until all were connected", percentOf(storm.cpuUs / 1000, storm.connectedMs)],
        ],
        checks: [
          { says: "connected", measured: storm.connected, bound: { exactly: connections } },
          { says: "had their first tick", measured: storm.joined, bound: { exactly: connections } },
          { says: "connections that failed", measured: storm.failed, bound: { exactly: 0 } },
          {
            says: "milliseconds until all were connected",
            measured: storm.connectedMs,
            bound: { atMost: WITHIN_MS },
            holds: "timing",
          },
          {
            // At the players, who share a core with all who come, the load generator would be measured.
            says: "p99 of the gap between ticks of the rooms that were there, at the server, in ms",
            measured: server.gapMs.p99,
            bound: { below: 2 * DRILL_PERIOD_MS },
            holds: "timing",
          },
          {
            says: "witnesses that were lost",
            measured: there.rooms.flatMap(({ lost }) => lost).length,
            bound: { exactly: 0 },
          },
          { says: "faults of the server", measured: faults, bound: { exactly: 0 } },
        ],
        servers: [server],
        notes: [
          ...storm.errors,
          ...server.faults,
          `limits as by default, for this machine's own addresses, too (loopback: "limited"); limits that were hit: ${JSON.stringify(server.limited)}`,
        ],
        figures: { storm, server, there, quiet, quietServer },
      };
    });
  },
};
