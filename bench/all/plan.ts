import { type PeerName, peerNames } from "../peers/peers.ts";
import { crowd } from "../scenarios/crowd.ts";
import { fanout } from "../scenarios/fanout.ts";
import { http } from "../scenarios/http.ts";

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
  /** "quick": some two or three minutes with all peers. "full": half an hour with all peers. */
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
/** Measured in each run. */
const SECONDS = { quick: 2, full: 5 } as const;
const REPEAT = { quick: 1, full: 5 } as const;

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
      return {
        id: `crowd-${clients}-${layout}`,
        scenario: crowd.name,
        title: `${count(clients)} clients, ${layout}`,
        words: [crowd.name, "--clients", `${clients}`, "--layout", layout, ...runs],
        seconds: rounds * runTakes(clients, crowd.defaults.warmupSeconds),
      };
    }),
    {
      id: "http",
      scenario: http.name,
      title: `${http.defaults.rooms * http.defaults.players} players in ${http.defaults.rooms} rooms`,
      words: [http.name, "--seconds", `${seconds}`],
      seconds: AROUND_A_RUN_S + 2 * (seconds + 2),
    },
    {
      id: "codec",
      scenario: "codec",
      title: "200 and 1,000 rows",
      words: ["codec", "--seconds", extent === "quick" ? "0.1" : "0.5"],
      seconds: extent === "quick" ? 4 : 14,
    },
  ];
}

/** As `--against` takes it. */
export const peersShort = (against: readonly PeerName[]): string =>
  against.length === peerNames.length ? "all" : against.join(",");

const count = (clients: number): string => clients.toLocaleString("en");
