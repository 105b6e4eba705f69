import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { gapRows, percentOf } from "./figures.ts";
import { growth, growthCheck, growthRows, type MemoryPoint } from "./memory-growth.ts";
import type { FuzzCalls } from "./players/fuzz-process.ts";
import { onStage, SOON_MS, STEADY_MEMORY } from "./process/stage.ts";
import { calmCensus, rest } from "./rest.ts";

const MESSAGES = { full: 150_000, short: 3_000 } as const;
/** After each round everybody is gone, and memory is compared. */
const PER_ROUND = 4_000;
/** Messages that the server decodes before anybody connects. */
const FILLING = 400_000;
const LEAST_POINTS = 10;
const CLIENTS = 100;
const CONNECTIONS_PER_SECOND = 500;
const HORIZON_MS = 1_500;
const GONE_WITHIN_MS = 20_000;
const ROOMS = 5;
/** Of the names under which connections ended. */
const SHOWN_NAMES = 7;

export const fuzzSockets: Drill = {
  name: "fuzz-sockets",
  says: "hostile messages over real sockets, half of them mutations of valid ones: nobody else notices",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const { extent, sizes, progress } = environment;
    const messages = sizes.messages ?? MESSAGES[extent];
    const seed = sizes.seed ?? 1;
    return onStage(environment, async (stage) => {
      progress("starting");
      const { remote, served } = await stage.server(
        {
          rooms: Array.from({ length: ROOMS }, () => "nothing" as const),
          limits: { horizonMs: HORIZON_MS },
          times: { graceMs: 0, emptyForMs: 600_000 },
          topics: "counted",
        },
        STEADY_MEMORY,
      );
      const load = stage.load<FuzzCalls>("fuzz", new URL("./players/fuzz-process.js", import.meta.url));
      if (extent === "full") {
        progress("filling what the decoder keeps");
        await remote.call("fillDecoder", { seed: seed + 1, messages: FILLING }, 300_000);
      }
      // One of them in the room that is attacked.
      const witnesses = await stage.witnesses(served.port, served.rooms, 1);
      const before = await calmCensus(remote);
      await Promise.all([
        remote.call("mark", undefined, SOON_MS),
        witnesses.call("mark", undefined, SOON_MS),
      ]);
      const points: MemoryPoint[] = [];
      const left: string[] = [];
      const sums = { sent: 0, mutated: 0, inRoom: 0, connections: 0, refused: 0, wallMs: 0 };
      const kinds: Record<string, number> = {};
      const ends: Record<string, number> = {};
      for (let round = 0; sums.sent < messages; round++) {
        const already = sums.sent;
        load.onProgress = (sent) => progress(`${already + sent} of ${messages} messages`);
        const did = await load.call(
          "attack",
          {
            port: served.port,
            path: served.rooms[0] ?? "",
            seed: seed * 1_000 + round,
            messages: Math.min(PER_ROUND, messages - already),
            clients: CLIENTS,
            connectionsPerSecond: CONNECTIONS_PER_SECOND,
          },
          300_000,
        );
        sums.sent += did.sent;
        sums.mutated += did.kinds.mutated;
        sums.inRoom += did.inRoom;
        sums.connections += did.connections;
        sums.refused += did.refused;
        sums.wallMs += did.wallMs;
        for (const [kind, n] of Object.entries(did.kinds)) kinds[kind] = (kinds[kind] ?? 0) + n;
        for (const [end, n] of Object.entries(did.ends)) ends[end] = (ends[end] ?? 0) + n;
        const there = await rest(remote, before, { remembersMs: HORIZON_MS, withinMs: GONE_WITHIN_MS });
        points.push({ done: sums.sent, inUse: there.memory.inUse });
        left.push(...there.leftBehind.map((what) => `after round ${round + 1}: ${what}`));
      }
      const slope = growth(points);
      const [server, there] = await Promise.all([
        remote.call("account", undefined, SOON_MS),
        witnesses.call("account", undefined, SOON_MS),
      ]);
      const lost = there.rooms.flatMap((room) => room.lost);
      const perSecond = sums.connections / (sums.wallMs / 1000);
      return {
        did: `${sums.sent} hostile messages of ${CLIENTS} clients at a time, seed ${seed}, to a room in which somebody plays`,
        rows: [
          ...Object.entries(kinds).map(([kind, n]) => [kind, n.toLocaleString("en")] as const),
          ["sent by clients with a seat", sums.inRoom.toLocaleString("en")],
          ["connections", `${sums.connections.toLocaleString("en")}, ${Math.round(perSecond)} a second`],
          ...commonest(ends).map(([end, n]) => [`ended: ${end}`, n.toLocaleString("en")] as const),
          ...growthRows("message", slope, points),
          ...gapRows("at those who play", there),
          ["server CPU", percentOf(server.cpuUs / 1000, server.wallMs)],
        ],
        checks: [
          { says: "messages sent", measured: sums.sent, bound: { atLeast: messages } },
          {
            says: "of these, mutations of valid ones",
            measured: sums.mutated / sums.sent,
            bound: { atLeast: 0.45 },
          },
          {
            says: "faults of the server, errors that nobody caught among them",
            measured: server.faults.length,
            bound: { exactly: 0 },
          },
          { says: "errors of the game's code", measured: server.gameErrors, bound: { exactly: 0 } },
          {
            says: "ticks that those who play missed",
            measured: there.missed,
            bound: { exactly: 0 },
            holds: "timing",
          },
          { says: "those who play and were lost", measured: lost.length, bound: { exactly: 0 } },
          { says: "handshakes that were refused", measured: sums.refused, bound: { exactly: 0 } },
          { says: "things left behind at rest", measured: left.length, bound: { exactly: 0 } },
          {
            says: "new connections a second",
            measured: perSecond,
            bound: { atMost: CONNECTIONS_PER_SECOND * 1.05 },
          },
          ...(points.length >= LEAST_POINTS ? [growthCheck("message", slope)] : []),
        ],
        servers: [server],
        notes: [
          ...(points.length >= LEAST_POINTS ? [] : [`${points.length} points are too few to judge a slope`]),
          `closed by name: ${commonest(server.ends)
            .map(([name, n]) => `${name} ${n}`)
            .join(", ")}`,
          ...left.slice(0, 10),
          ...lost,
          ...server.faults,
        ],
        figures: { sums, kinds, ends, slope, points, before, left, server, there },
      };
    });
  },
};

/** The commonest first, the others as a sum: a close code that a client made up comes once. */
function commonest(counts: Readonly<Record<string, number>>): (readonly [name: string, n: number])[] {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const others = sorted.slice(SHOWN_NAMES);
  const sum = others.reduce((total, [, n]) => total + n, 0);
  return [...sorted.slice(0, SHOWN_NAMES), ...(sum > 0 ? [[`${others.length} others`, sum] as const] : [])];
}
