import { seededRandom } from "../../shared/random/seeded-random.ts";
import {
  ArrivalType,
  type Kept,
  type RecordingHeader,
  RecordType,
  type StepRecord,
  type TickRecord,
} from "../../shared/recording/format.ts";
import { RecordedState } from "../../shared/recording/recorded-state.ts";
import type { Recording } from "../../shared/recording/recording.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt, periodMs, tick as toTick } from "../../shared/tick/tick.ts";
import { Bus } from "../bus.ts";
import { defaultLimits } from "../limits.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import type { RoomMetadata } from "../room/room.ts";
import { RoomCore } from "../room/room-core.ts";
import { type Difference, firstDifference } from "./difference.ts";
import { RecordedArrivals, UnkeptError } from "./recorded-arrivals.ts";
import { StateDiffer } from "./state-differ.ts";

/** What running a recording again came to. */
export type Verdict =
  | { readonly verdict: "same"; readonly ticks: number }
  /** The first tick whose state is another. */
  | {
      readonly verdict: "differs";
      readonly tick: number;
      readonly difference: Difference | undefined;
      readonly why: string | undefined;
    }
  /** It cannot be run again at all; `why` is a clause. */
  | { readonly verdict: "impossible"; readonly why: string };

export interface VerifyOptions {
  /** Lets promises of the game's go on, which it awaited before it called `room.run`. */
  readonly pause: () => Promise<void>;
  /** Told after each block's worth of ticks. */
  readonly onProgress?: (tick: number) => void;
}

/** So often the game's promises get their turn before a change by `room.run` counts as missing. */
const MOST_PAUSES = 200;

/**
 * Runs a recorded game again, by its seed, its arrivals and its inputs, on a clock that says what the server's said, and
 * compares the state of each tick. It stops at the first that differs.
 */
export async function verify(
  recording: Recording,
  definition: RoomDefinition,
  options: VerifyOptions,
): Promise<Verdict> {
  const why = obstacle(recording.header, definition);
  if (why !== undefined) return { verdict: "impossible", why };
  try {
    return await new Rerun(recording, definition).run(options);
  } catch (error) {
    if (error instanceof UnkeptError) return { verdict: "impossible", why: error.message };
    throw error;
  }
}

function obstacle(header: RecordingHeader, { game }: RoomDefinition): string | undefined {
  if (header.from === "present")
    return "it began in mid-game, so nobody knows how the room came to what it was";
  if (header.hash !== game.hash)
    return `the definition of "${header.game}" has changed since (${header.hash} then, ${game.hash} now)`;
  if (header.options === null) return "the room's options are no plain data";
  if (header.loaded === null) return "what `load` returned is no plain data";
  return undefined;
}

/** One game, run again. */
class Rerun {
  readonly #recording: Recording;
  readonly #room: RoomCore;
  readonly #arrivals: RecordedArrivals;
  readonly #differ: StateDiffer;
  readonly #recorded: RecordedState;
  #now = 0;
  #ticks = 0;
  #hookErrors: unknown[] = [];

  constructor(recording: Recording, definition: RoomDefinition) {
    const { header } = recording;
    this.#recording = recording;
    this.#arrivals = new RecordedArrivals(definition.config, () => this.#room);
    this.#room = this.#build(header, definition);
    this.#differ = new StateDiffer(this.#room.state);
    this.#recorded = new RecordedState(header.description.tables.length);
  }

  async run({ pause, onProgress }: VerifyOptions): Promise<Verdict> {
    const { header } = this.#recording;
    const period = periodMs(header.tickRate);
    this.#now = header.epoch;
    const schedule = { epoch: header.epoch, periodMs: period, next: toTick(1), release() {} };
    this.#room.open({ add: () => schedule });
    for await (const step of this.#recording.steps()) {
      const missing = await this.#awaitRuns(step, pause);
      if (missing !== undefined) return missing;
      const differs = this.#step(step, period);
      if (differs !== undefined) return differs;
      if (step[1] % 100 === 0) {
        onProgress?.(step[1]);
        // Whoever runs this in a process with other business is not kept from it.
        await pause();
      }
    }
    return { verdict: "same", ticks: this.#ticks };
  }

  #step(step: StepRecord | TickRecord, period: number): Verdict | undefined {
    const [type, n, latenessUs, arrivals, inputs] = step;
    const room = this.#room;
    if (room.closedBy !== undefined) return this.#differs(n, `the room has closed: ${room.closedBy}`);
    for (const [player, tick, viewTick, ...values] of inputs) {
      const seat = this.#arrivals.seat(player);
      if (seat !== undefined) room.receiveInput(seat, tick, viewTick, values);
    }
    const due = dueAt(this.#recording.header.epoch, n, period);
    const latenessMs = latenessUs / 1_000;
    this.#now = due + latenessMs;
    this.#arrivals.set(arrivals);
    room.step(toTick(n), { dueAt: due, latenessMs, publish: type === RecordType.tick });
    const stranger = this.#arrivals.settle();
    if (stranger !== undefined)
      return this.#differs(n, `player ${stranger.recorded} of the recording is player ${stranger.now} now`);
    return step[0] === RecordType.tick ? this.#compare(step) : undefined;
  }

  #compare(step: TickRecord): Verdict | undefined {
    const [, n, , , , digest, base] = step;
    if (this.#ticks === 0) this.#recorded.reset([RecordType.keyframe, base, 0, []]);
    this.#recorded.apply(step);
    this.#differ.look(base);
    this.#ticks += 1;
    return this.#differ.digest === digest ? undefined : this.#differs(n, this.#firstError());
  }

  #differs(tick: number, why: string | undefined): Verdict {
    return { verdict: "differs", tick, difference: firstDifference(this.#recorded, this.#room.state), why };
  }

  /** What the game's code threw, which it may not have done when it was recorded. */
  #firstError(): string | undefined {
    const [first] = this.#hookErrors;
    return first === undefined ? undefined : `the game's code threw: ${String(first)}`;
  }

  /** Changes by `room.run` come when what the game awaited is there, which may take another time than it took. */
  async #awaitRuns(
    [, n, , arrivals]: StepRecord | TickRecord,
    pause: () => Promise<void>,
  ): Promise<Verdict | undefined> {
    const needed = arrivals.filter(([type]) => type === ArrivalType.run).length;
    for (let pauses = 0; this.#arrivals.waitingRuns < needed; pauses++) {
      if (pauses === MOST_PAUSES)
        return this.#differs(n, "a change that the game made by room.run after an await did not come again");
      await pause();
    }
    return undefined;
  }

  #build(header: RecordingHeader, { game, config }: RoomDefinition): RoomCore {
    const clock: Clock = { now: () => this.#now, after: () => () => {}, soon: () => () => {} };
    const bus = new Bus();
    bus.on("hookFailed", ({ error }) => this.#hookErrors.push(error));
    let secrets = 0;
    const room = new RoomCore({
      game,
      layout: gameLayout(game.description, config.interest === undefined ? "room" : "cells"),
      // It is over when the recording is, and not for want of players who are on their way in.
      config: { ...config, emptyForMs: Number.POSITIVE_INFINITY },
      id: header.room,
      topicPrefix: "recording",
      options: keptValue(header.options),
      loaded: keptValue(header.loaded),
      random: seededRandom(header.seed),
      clock,
      clockId: undefined,
      transport: { publish() {}, afterFlush: () => () => {} },
      bus,
      limits: { ...defaultLimits, ...header.limits },
      secret: () => String(secrets++),
      arrivals: this.#arrivals,
      onClosed() {},
    });
    room.metadata = header.metadata as RoomMetadata;
    room.visibility = header.visibility === "private" ? "private" : "public";
    return room;
  }
}

function keptValue(kept: Kept): unknown {
  return kept?.[0];
}
