import type { Game } from "../../shared/definition/game.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import type { Bound } from "../report/bounds.ts";
import { flightGame, flightRoom, ROWS } from "./fanout.ts";
import type { Scenario } from "./scenario.ts";

/** How this scenario is run; each can be changed on the command line. */
export interface SlowReadersLoad {
  /** All players. */
  readonly clients: number;
  /** Of these, those that stop reading in every other window. */
  readonly slow: number;
  /** Of the slow ones, clients of the real SDK, whose state is compared with the server's when they are back. */
  readonly mirrors: number;
  /** Of each window. In its last second the slow ones read again. */
  readonly seconds: number;
  /** Windows with slow readers, each beside one in which everyone reads. */
  readonly pairs: number;
}

/** The figures of its report that are bounded. */
export type SlowReadersFigure = "p99Ratio.high" | "bufferedBytes" | "rssBytesPerSlow" | "returnMs.max";

interface SlowReadersScenario extends Scenario {
  readonly hz: number;
  readonly defaults: SlowReadersLoad;
  readonly bounds: readonly Bound<SlowReadersLoad, SlowReadersFigure>[];
}

/** Players of a full fifth, and pairs enough for an interval. */
const isWhole = ({ clients, slow, pairs }: SlowReadersLoad): boolean =>
  clients >= 500 && slow >= clients / 5 && pairs >= 10;

const NAME = "slow-readers";

export const slowReaders: SlowReadersScenario = {
  name: NAME,
  says: `${ROWS} rows, all changing, sent to everyone; in every other window a fifth of the players does not read`,
  hz: 20,
  defaults: { clients: 500, slow: 100, mirrors: 5, seconds: 5, pairs: 10 },
  game: (hz) => flightGame(NAME, hz) as unknown as Game,
  room: (hz, maxPlayers) => flightRoom(flightGame(NAME, hz), ROWS, maxPlayers),
  inbound: { kind: "repeated", frame: [ClientFrame.ping, 1234.5], everyMs: 1000 },
  bounds: [
    {
      says: "the others' p99, with a fifth not reading over without, at most 1.10: the end of its 95 % interval",
      appliesTo: isWhole,
      figure: "p99Ratio.high",
      atMost: 1.1,
    },
    {
      says: "bytes that wait in the server's process for one of them, at most 256 KiB",
      appliesTo: () => true,
      figure: "bufferedBytes",
      atMost: 256 * 1024,
    },
    {
      says: "memory of the server's process for each of them, at most 256 KiB: the median of the pairs",
      appliesTo: isWhole,
      figure: "rssBytesPerSlow",
      atMost: 256 * 1024,
    },
    {
      says: "each is at the current tick within 500 ms of reading again",
      appliesTo: () => true,
      figure: "returnMs.max",
      atMost: 500,
    },
  ],
};
