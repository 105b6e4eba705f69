import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { DRILL_PERIOD_MS } from "./drill-game.ts";
import { figure, gapRows, percentOf } from "./figures.ts";
import type { CrowdCalls } from "./players/crowd-process.ts";
import { expectDescriptors } from "./process/descriptors.ts";
import { passing } from "./process/passing.ts";
import { onStage, SOON_MS } from "./process/stage.ts";

const PER_ROOM = 50;
/** Rooms in which nobody is cut. */
const OTHER_ROOMS = 20;
const CUTS = { full: 3, short: 1 } as const;
/** So long after each cut others are watched. */
const AFTER_MS = 2_000;
const BACK_WITHIN_MS = 5_000;
const PLAYERS = { full: 1_000, short: 200 } as const;

export const reconnectStorm: Drill = {
  name: "reconnect-storm",
  says: "all players of many rooms are cut at once and come back at once, without a moment's wait",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const { extent, sizes, progress } = environment;
    const players = sizes.players ?? PLAYERS[extent];
    expectDescriptors(players);
    return onStage(environment, async (stage) => {
      progress("starting");
      const rooms = Math.ceil(players / PER_ROOM);
      const { remote, served } = await stage.server({
        rooms: Array.from({ length: rooms + OTHER_ROOMS }, () => "nothing" as const),
        limits: { loopback: "limited" },
        topics: "counted",
      });
      const witnesses = await stage.witnesses(served.port, served.rooms.slice(rooms), 1);
      const load = stage.load<CrowdCalls>("players", new URL("./players/crowd-process.js", import.meta.url));
      load.onProgress = (joined) => progress(`${joined} of ${players} joined`);
      await load.call("join", { port: served.port, paths: served.rooms.slice(0, rooms), players }, 120_000);
      const before = await remote.call("census", undefined, SOON_MS);
      await passing(AFTER_MS);
      await Promise.all([
        remote.call("mark", undefined, SOON_MS),
        witnesses.call("mark", undefined, SOON_MS),
      ]);
      const returns = [];
      for (let cut = 1; cut <= CUTS[extent]; cut++) {
        progress(`cut ${cut} of ${CUTS[extent]}`);
        returns.push(await load.call("cutAndReturn", { withinMs: 20_000 }, 30_000));
        await passing(AFTER_MS);
      }
      const [server, there, after] = await Promise.all([
        remote.call("account", undefined, SOON_MS),
        witnesses.call("account", undefined, SOON_MS),
        remote.call("census", undefined, SOON_MS),
      ]);
      const back = returns.reduce((sum, each) => sum + each.back, 0);
      const last = Math.max(...returns.map(({ backMs }) => backMs.max));
      return {
        did: `${players} players in ${rooms} rooms; cuts of all of them at once: ${CUTS[extent]}; ${OTHER_ROOMS} rooms beside them are not`,
        rows: [
          ["back in their seats", `${back} of ${players * CUTS[extent]}`],
          ...returns.flatMap(({ backMs, cpuUs }, i) => [
            [`cut ${i + 1}: from the cut to a tick, p50`, figure(backMs.p50, "ms")] as const,
            ["                              p99", figure(backMs.p99, "ms")] as const,
            ["                              last", figure(backMs.max, "ms")] as const,
            ["       load CPU meanwhile", percentOf(cpuUs / 1000, backMs.max)] as const,
          ]),
          ...gapRows("in other rooms", there),
          ["longest tick", figure(server.longestTickMs, "ms")],
          ["server CPU, the pauses too", percentOf(server.cpuUs / 1000, server.wallMs)],
        ],
        checks: [
          {
            says: "players who were back in their seat, of all cuts",
            measured: back,
            bound: { exactly: players * CUTS[extent] },
          },
          {
            says: "seats after it beyond those before",
            measured: after.seats - before.seats,
            bound: { exactly: 0 },
          },
          {
            says: "milliseconds until the last was back",
            measured: last,
            bound: { atMost: BACK_WITHIN_MS },
            holds: "timing",
          },
          {
            says: "p99 of the gap between ticks in other rooms, in ms",
            measured: there.gapMs.p99,
            bound: { below: 2 * DRILL_PERIOD_MS },
            holds: "timing",
          },
          {
            says: "players of other rooms who were lost",
            measured: there.rooms.flatMap(({ lost }) => lost).length,
            bound: { exactly: 0 },
          },
          { says: "faults of the server", measured: server.faults.length, bound: { exactly: 0 } },
        ],
        servers: [server],
        notes: [...returns.flatMap(({ errors }) => errors), ...server.faults],
        figures: { returns, server, there, before, after },
      };
    });
  },
};
