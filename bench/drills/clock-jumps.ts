import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { DRILL_PERIOD_MS } from "./drill-game.ts";
import { figure, gapRows } from "./figures.ts";
import { passing } from "./process/passing.ts";
import { onStage, SOON_MS } from "./process/stage.ts";

const ROOMS = 20;
const EACH = 2;
const HOUR_MS = 3_600_000;
/** The wall clock, by so much: forward and back, by little and by a lot. */
const JUMPS_MS = [
  HOUR_MS,
  -HOUR_MS,
  -24 * HOUR_MS,
  10 * 365 * 24 * HOUR_MS,
  -500,
  500,
  -20 * 365 * 24 * HOUR_MS,
];
const BETWEEN_MS = { full: 1_000, short: 250 } as const;
const STOPPED_MS = { full: 5_000, short: 2_000 } as const;
const AFTER_MS = 3_000;
/** A room that wakes up catches up with so many ticks at most, and then goes on at its rate. */
const CATCHES_UP = 5;

export const clockJumps: Drill = {
  name: "clock-jumps",
  says: "the wall clock jumps, then the process is stopped and goes on: ticks follow the monotonic clock alone",
  async run(environment: DrillEnvironment): Promise<Findings> {
    const { extent, progress } = environment;
    return onStage(environment, async (stage) => {
      progress("starting");
      const movable = new URL("./server/movable-wall-clock-process.js", import.meta.url).href;
      const { remote, served } = await stage.server(
        {
          rooms: Array.from({ length: ROOMS }, () => "nothing" as const),
          topics: "counted",
          watchdogMs: 1_000,
        },
        ["--import", movable],
      );
      const witnesses = await stage.witnesses(served.port, served.rooms, EACH);
      const mark = () =>
        Promise.all([remote.call("mark", undefined, SOON_MS), witnesses.call("mark", undefined, SOON_MS)]);
      const account = () =>
        Promise.all([
          remote.call("account", undefined, SOON_MS),
          witnesses.call("account", undefined, SOON_MS),
        ]);
      const before = await remote.call("census", undefined, SOON_MS);
      await remote.call("shiftWallClock", 0, SOON_MS);
      await mark();
      let readings = 0;
      let moved = 0;
      for (const jump of JUMPS_MS) {
        progress(`the wall clock jumps by ${jump / 1000} s`);
        const answer = await remote.call("shiftWallClock", jump, SOON_MS);
        readings += answer.readings;
        moved = answer.now - Date.now();
        await passing(BETWEEN_MS[extent]);
      }
      const [jumped, jumpedThere] = await account();

      const stoppedMs = STOPPED_MS[extent];
      progress(`stopped for ${stoppedMs / 1000} s`);
      await mark();
      remote.signal("SIGSTOP");
      await passing(stoppedMs);
      remote.signal("SIGCONT");
      await passing(AFTER_MS);
      const [woken, wokenThere] = await account();
      const after = await remote.call("census", undefined, SOON_MS);
      const lost = [...jumpedThere.rooms, ...wokenThere.rooms].flatMap((room) => room.lost);
      // What ran beyond the time that it was awake for: one storm of ticks would be hundreds.
      const awakeTicks = ((woken.wallMs - stoppedMs) / DRILL_PERIOD_MS) * ROOMS;
      const beyond = woken.ticks - awakeTicks;
      return {
        did: `${JUMPS_MS.length} jumps, from half a second to 20 years; then ${stoppedMs / 1000} s of SIGSTOP; ${ROOMS} rooms with ${ROOMS * EACH} players`,
        rows: [
          ["the server's wall clock is off by, in the end", figure(moved / (365 * 24 * HOUR_MS), "years")],
          ["readings of the wall clock while it jumped", readings.toLocaleString("en")],
          ...gapRows("while it jumped", jumpedThere),
          ["stopped: rooms that slipped", woken.slips.toLocaleString("en")],
          ["         by, each", figure(woken.slippedMs / Math.max(1, woken.slips), "ms")],
          ["         ticks that ran beyond the time awake", figure(beyond, "")],
          ...gapRows("with the stop", wokenThere),
        ],
        checks: [
          {
            says: "ticks that players missed while the clock jumped",
            measured: jumpedThere.missed,
            bound: { exactly: 0 },
            holds: "timing",
          },
          {
            says: "p99 of the gap between ticks while it jumped, in ms",
            measured: jumpedThere.gapMs.p99,
            bound: { below: 2 * DRILL_PERIOD_MS },
            holds: "timing",
          },
          { says: "slips while it jumped", measured: jumped.slips, bound: { exactly: 0 }, holds: "timing" },
          {
            says: "rooms that slipped after the stop, at least",
            measured: woken.slips,
            bound: { atLeast: ROOMS },
          },
          {
            says: "milliseconds by which they slipped, each, short of the stop",
            measured: stoppedMs - woken.slippedMs / ROOMS,
            bound: { atMost: (CATCHES_UP + 1) * DRILL_PERIOD_MS },
            holds: "timing",
          },
          {
            says: "ticks that ran beyond the time awake",
            measured: beyond,
            bound: { atMost: CATCHES_UP * ROOMS },
            holds: "timing",
          },
          { says: "seats after it", measured: after.seats, bound: { exactly: before.seats } },
          { says: "players who were lost", measured: lost.length, bound: { exactly: 0 } },
          {
            says: "faults of the server",
            measured: jumped.faults.length + woken.faults.length,
            bound: { exactly: 0 },
          },
        ],
        servers: [jumped, woken],
        notes: [
          "the watchdog is on, with 1 s: a process that was stopped as a whole is not stuck",
          ...lost,
          ...jumped.faults,
          ...woken.faults,
        ],
        figures: { readings, jumped, jumpedThere, woken, wokenThere, before, after },
      };
    });
  },
};
