import type { PeerName } from "../peers/peers.ts";
import { crowd } from "../scenarios/crowd.ts";
import { echo } from "../scenarios/echo.ts";
import { fanout } from "../scenarios/fanout.ts";
import { http } from "../scenarios/http.ts";
import { joinStorm } from "../scenarios/join-storm.ts";
import { reconnectStorm } from "../scenarios/reconnect-storm.ts";
import { rooms } from "../scenarios/rooms.ts";
import { slowReaders } from "../scenarios/slow-readers.ts";

/** One scenario under one load: a command of its own, which anybody can repeat. */
export interface Step {
  /** Names its files. */
  readonly id: string;
  readonly scenario: string;
  /** The load, for a person. */
  readonly title: string;
  /** What stands behind `tickcast bench`. */
  readonly words: readonly string[];
  /** What it takes, roughly: to be corrected by what steps did take. */
  readonly seconds: number;
}

export interface PlanOptions {
  /** "quick": some two or three minutes with all peers. "full": some fifty minutes with all peers. */
  readonly extent: "quick" | "full";
  readonly against: readonly PeerName[];
  /** Rounds of each scenario beside others; absent: one where it is to be quick, else five. */
  readonly repeat?: number;
}

/** Clients of a room that everyone sees: what the first chart shows. */
const FANOUT = { quick: [50, 200, 1000], full: [50, 200, 500, 1000, 2000] } as const;
const CROWDS = {
  quick: [[200, "uniform"]],
  full: [
    [200, "uniform"],
    [1000, "uniform"],
    [1000, "clustered"],
  ],
} as const;
const count = (clients: number): string => clients.toLocaleString("en");

/** Of four players each. */
const ROOMS = { quick: 50, full: 500 } as const;
/** Measured in each run. */
const SECONDS = { quick: 2, full: 5 } as const;
const REPEAT = { quick: 1, full: 5 } as const;
/** Of `crowd`, which has much to compile. */
const CROWD_WARMUP = { quick: 4, full: crowd.defaults.warmupSeconds } as const;

/** Processes start and stop, clients are told; and for a thousand clients to join. */
const AROUND_A_RUN_S = 2.2;
const JOINING_S = 0.001;

/** All that `bench all` runs, the first chart's runs first: whoever interrupts it has that at least. */
export function plan({ extent, against, repeat = REPEAT[extent] }: PlanOptions): readonly Step[] {
  const seconds = SECONDS[extent];
  const runs = ["--seconds", `${seconds}`, "--repeat", `${repeat}`];
  const runTakes = (clients: number, warmup: number): number =>
    AROUND_A_RUN_S + clients * JOINING_S + warmup + seconds;
  const peers = against.length === 0 ? [] : ["--against", peersShort(against)];
  return [
    ...FANOUT[extent].map((clients): Step => {
      const systems = fanout.systems.length + against.length;
      return {
        id: `fanout-${clients}`,
        scenario: fanout.name,
        title: `${count(clients)} clients`,
        words: [fanout.name, "--clients", `${clients}`, ...runs, ...peers],
        seconds: repeat * systems * runTakes(clients, fanout.defaults.warmupSeconds),
      };
    }),
    ...CROWDS[extent].map(([clients, layout]): Step => {
      const rounds = repeat * crowd.systems.length + crowd.beside.length;
      const warmup = CROWD_WARMUP[extent];
      return {
        id: `crowd-${clients}-${layout}`,
        scenario: crowd.name,
        title: `${count(clients)} clients, ${layout}`,
        words: [crowd.name, "--clients", `${clients}`, "--layout", layout, ...runs, "--warmup", `${warmup}`],
        seconds: rounds * runTakes(clients, warmup),
      };
    }),
    {
      id: `rooms-${ROOMS[extent]}`,
      scenario: rooms.name,
      title: `${count(ROOMS[extent])} rooms of 4 players`,
      words: [rooms.name, "--rooms", `${ROOMS[extent]}`, "--players", "4", ...runs],
      seconds: repeat * rooms.systems.length * runTakes(ROOMS[extent] * 4, rooms.defaults.warmupSeconds),
    },
    ...alone(seconds),
    ...(extent === "full" ? trials : []),
    {
      id: "codec",
      scenario: "codec",
      title: "200 and 1,000 rows",
      words: ["codec", "--seconds", extent === "quick" ? "0.1" : "0.5"],
      seconds: extent === "quick" ? 3 : 14,
    },
  ];
}

/** What is measured beside nothing else. */
const alone = (seconds: number): Step[] => [
  {
    id: "echo",
    scenario: echo.name,
    title: `${echo.defaults.clients} clients`,
    words: [echo.name, "--seconds", `${seconds}`],
    seconds: AROUND_A_RUN_S + 1 + seconds,
  },
  {
    id: "http",
    scenario: http.name,
    title: `${http.defaults.rooms * http.defaults.players} players in ${http.defaults.rooms} rooms`,
    words: [http.name, "--seconds", `${seconds}`],
    seconds: AROUND_A_RUN_S + 5 + 2 * seconds,
  },
];

/** What takes its time: they count at both ends, and as they are by default. */
const trials: readonly Step[] = [
  {
    id: "slow-readers",
    scenario: slowReaders.name,
    title: `${slowReaders.defaults.slow} of ${slowReaders.defaults.clients} players do not read`,
    words: [slowReaders.name],
    seconds: 5 + slowReaders.defaults.pairs * 2 * (slowReaders.defaults.seconds + 1),
  },
  {
    id: "reconnect-storm",
    scenario: reconnectStorm.name,
    title: `${reconnectStorm.defaults.clients} clients, ${reconnectStorm.defaults.cuts} cuts of all`,
    words: [reconnectStorm.name],
    seconds: 10 + reconnectStorm.defaults.seconds,
  },
  {
    id: "join-storm",
    scenario: joinStorm.name,
    title: `${count(joinStorm.defaults.joiners)} join a room of ${joinStorm.defaults.clients}`,
    words: [joinStorm.name],
    seconds: 8 + 2 * joinStorm.defaults.seconds,
  },
];

/** As `--against` takes it: `all` are those that can play fan-out, where the plan measures peers. */
export const peersShort = (against: readonly PeerName[]): string =>
  against.length === fanout.peers.length ? "all" : against.join(",");
