import type { Game } from "../../shared/definition/game.ts";
import { scanMessage } from "../../shared/protocol/byte-scanner.ts";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, ROOM_STREAM, ServerFrame, type TickEndFrame } from "../../shared/protocol/frames.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { CommittedState } from "../../shared/state/committed-state.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { Replica, type ReplicaSink } from "../../shared/state/replica.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { fanout, fly, launch } from "../scenarios/fanout.ts";
import { BENCH_SEED } from "../systems/bench-room.ts";

/** One step of the way of the data, to be timed. What it returns must not be optimised away. */
export interface CodecTask {
  readonly name: string;
  readonly says: string;
  readonly rows: number;
  /** What one call goes through: rows, or messages. */
  readonly items: number;
  readonly run: () => unknown;
}

const HZ = 20;
const DT = 1 / HZ;
const HORIZON_TICKS = 200;
/** As many ticks' frames as the tasks that read go through, so that no branch is learnt by heart. */
const RECORDED = 32;

/** A single one takes less than the clock can tell. */
const SCANNED = 1000;

const nobody: ReplicaSink = { entered: () => {}, changed: () => {}, left: () => {}, faded: () => {} };

/** Units of the fan-out scenario, as many as wished, stepped and committed as a room does it. */
class World {
  readonly stream = new RowStream(ROOM_STREAM, "room", HORIZON_TICKS);
  readonly layout = gameLayout((fanout.game(HZ) as Game).description);
  readonly state = new CommittedState(this.layout, {
    roomStream: this.stream,
    idRestTicks: HORIZON_TICKS,
    onOutOfRange: ({ field, value }) => {
      throw new Error(`${field} is out of range: ${String(value)}`);
    },
  });
  readonly #units: ReturnType<typeof launch>[] = [];
  tick = 0;

  constructor(rows: number) {
    const random = seededRandom(BENCH_SEED);
    const table = this.layout.tableByName.get("units");
    if (table === undefined) throw new Error("the scenario has no units");
    for (let i = 0; i < rows; i++) {
      const { unit, motion } = launch(random);
      const row = this.state.add(table, { name: `unit ${i}`, ...unit, hp: 100 });
      this.#units.push({ unit: row as unknown as typeof unit, motion });
    }
  }

  /** A tick up to its delta: three fields of each row change, are found and taken. */
  step(): TickEndFrame {
    for (const { unit, motion } of this.#units) fly(unit, motion, DT);
    this.tick += 1;
    this.state.commit(this.tick);
    const { rows } = this.stream.takeDelta(this.tick);
    return [ServerFrame.tickEnd, this.tick, this.tick - 1, rows];
  }
}

/**
 * What a tick and a client's message cost, each step on its own: find what changed, write it, read it, apply
 * it, and judge a stranger's bytes.
 *
 * @throws Error where the steps one after the other do not lead to the state that they began with
 */
export function codecTasks(rows: number): CodecTask[] {
  const world = new World(rows);
  const frames = Array.from({ length: RECORDED }, () => world.step());
  const encoded = frames.map((frame) => encode(frame).slice());
  const replica = new Replica(world.layout);
  const apply = ([, , , parts = []]: TickEndFrame): void => {
    replica.stageDelta(ROOM_STREAM, parts, []);
    replica.close(nobody);
    replica.sweep(nobody);
  };
  for (const bytes of encoded) apply(decodeTrusted(bytes) as TickEndFrame);
  if (replica.hash() !== world.state.hash())
    throw new Error(`${rows} rows were not applied as they were committed`);
  const input = encode([ClientFrame.input, 1234, 1231.5, 100]).slice();
  if (!scanMessage(input).ok) throw new Error("the scanner refuses an input");

  // The first frame brings the rows; from the second on they change, as they do all the time.
  const changes = frames.slice(1);
  const changeBytes = encoded.slice(1);
  const next = inTurn();
  return [
    { name: "diff", says: "move, compare and commit all rows, take the delta", run: () => world.step() },
    { name: "encode", says: "the tick's frame", run: () => encode(changes[next(changes.length)]) },
    {
      name: "decode",
      says: "the tick's frame",
      run: () => decodeTrusted(changeBytes[next(changes.length)] as Uint8Array),
    },
    {
      name: "apply",
      says: "the decoded frame to a client's state",
      run: () => apply(changes[next(changes.length)] as TickEndFrame),
    },
    {
      name: "scan",
      says: `${SCANNED} inputs of ${input.length} bytes, as clients send them`,
      items: SCANNED,
      run: () => {
        let accepted = 0;
        for (let i = 0; i < SCANNED; i++) if (scanMessage(input).ok) accepted += 1;
        return accepted;
      },
    },
  ].map((task) => ({ items: rows, ...task, rows }));
}

/** 0, 1, … up to `count` and again: a function, so that each task has its own. */
function inTurn(): (count: number) => number {
  let at = 0;
  return (count) => {
    at = at + 1 < count ? at + 1 : 0;
    return at;
  };
}
