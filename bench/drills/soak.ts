import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { figure, gapRows, percentOf } from "./figures.ts";
import { growth, growthCheck, growthRows, type MemoryPoint } from "./memory-growth.ts";
import type { ChurnCalls, ChurnFigures } from "./players/churn-process.ts";
import { onStage, SOON_MS, STEADY_MEMORY } from "./process/stage.ts";
import { calmCensus, rest } from "./rest.ts";

const ROOMS = 10;
const PLAYERS = 60;
/** Of one round of churn; after each, everything is to be as it was. */
const CHURN_MS = 5_000;
const HORIZON_MS = 1_500;
const GRACE_MS = 3_000;
const GONE_WITHIN_MS = 15_000;
const MINUTES = { full: 10, short: 0.1 } as const;
/** With fewer points a slope says nothing, and none is judged. */
const LEAST_POINTS = 10;

export const soak: Drill = {
  name: "soak",
  says: "players come, play, stall, are cut, come back and go, for ten minutes: nothing of them stays",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const { extent, sizes, progress } = environment;
    const minutes = sizes.minutes ?? MINUTES[extent];
    const seed = sizes.seed ?? 1;
    const players = sizes.players ?? PLAYERS;
    return onStage(environment, async (stage) => {
      progress("starting");
      const { remote, served } = await stage.server(
        {
          rooms: Array.from({ length: ROOMS }, () => "nothing" as const),
          limits: { horizonMs: HORIZON_MS },
          times: { graceMs: GRACE_MS, emptyForMs: 0 },
          topics: "counted",
        },
        STEADY_MEMORY,
      );
      const witnesses = await stage.witnesses(served.port, served.rooms, 1);
      const load = stage.load<ChurnCalls>("churn", new URL("./players/churn-process.js", import.meta.url));
      const before = await calmCensus(remote);
      await Promise.all([
        remote.call("mark", undefined, SOON_MS),
        witnesses.call("mark", undefined, SOON_MS),
      ]);
      const churn = (count: number, first: number): Promise<ChurnFigures> =>
        load.call(
          "churn",
          { port: served.port, paths: served.rooms, seed: first, players: count, forMs: CHURN_MS },
          CHURN_MS + 60_000,
        );
      const settled = () => rest(remote, before, { remembersMs: HORIZON_MS, withinMs: GONE_WITHIN_MS });
      const beganAt = performance.now();
      const points: MemoryPoint[] = [];
      const left: string[] = [];
      const sums: Record<string, number> = {};
      const unexpected: string[] = [];
      let resident = 0;
      for (let round = 0; performance.now() - beganAt < minutes * 60_000; round++) {
        progress(`${((performance.now() - beganAt) / 60_000).toFixed(1)} of ${minutes} minutes`);
        const did = await churn(players, seed + round * players);
        for (const [kind, n] of Object.entries(did))
          if (typeof n === "number") sums[kind] = (sums[kind] ?? 0) + n;
        unexpected.push(...did.unexpected);
        const there = await settled();
        points.push({ done: sums.joined ?? 0, inUse: there.memory.inUse });
        resident = there.memory.resident;
        left.push(...there.leftBehind.map((what) => `after round ${round + 1}: ${what}`));
      }
      const slope = growth(points);
      const [server, there] = await Promise.all([
        remote.call("account", undefined, SOON_MS),
        witnesses.call("account", undefined, SOON_MS),
      ]);
      return {
        did: `${points.length} rounds of ${CHURN_MS / 1000} s with ${players} players, seed ${seed}; after each everybody goes, all garbage is collected, and what is left is counted`,
        rows: [
          ["minutes", ((performance.now() - beganAt) / 60_000).toFixed(1)],
          ...Object.entries(sums).map(([kind, n]) => [kind, n.toLocaleString("en")] as const),
          ...growthRows("join", slope, points),
          ["rooms that were made and went", server.roomsClosed.toLocaleString("en")],
          ["resident at the end", mb(resident)],
          [
            "at rest",
            Object.entries(before)
              .map(([kind, n]) => `${n} ${kind}`)
              .join(", "),
          ],
          ...gapRows("at those who stay", there),
          ["server CPU", percentOf(server.cpuUs / 1000, server.wallMs)],
          ["longest tick", figure(server.longestTickMs, "ms")],
        ],
        checks: [
          ...(points.length >= LEAST_POINTS ? [growthCheck("join", slope)] : []),
          { says: "things left behind at rest", measured: left.length, bound: { exactly: 0 } },
          {
            says: "ends of connections that nobody asked for",
            measured: unexpected.length,
            bound: { exactly: 0 },
          },
          {
            says: "witnesses that were lost",
            measured: there.rooms.flatMap(({ lost }) => lost).length,
            bound: { exactly: 0 },
          },
          {
            says: "faults of the server, errors of the game",
            measured: server.faults.length + server.gameErrors,
            bound: { exactly: 0 },
          },
        ],
        servers: [server],
        notes: [
          ...(points.length >= LEAST_POINTS ? [] : [`${points.length} points are too few to judge a slope`]),
          ...left.slice(0, 10),
          ...unexpected.slice(0, 5),
          ...server.faults,
        ],
        figures: { minutes, sums, slope, points, before, left, unexpected, server, there },
      };
    });
  },
};

function mb(bytes = 0): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
