import type { Game } from "../../shared/definition/game.ts";
import { type AnyServerFrame, type DeltaFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { Replica, type ReplicaSink } from "../../shared/state/replica.ts";
import type { RawClient } from "./raw-client.ts";

const untold: ReplicaSink = { entered: () => {}, changed: () => {}, left: () => {}, faded: () => {} };

/**
 * Reads a client's frames as its SDK would and says what is wrong with them: a tick that is missing, a frame
 * for another tick than the one that closes, a state that differs.
 */
export class TickWitness {
  readonly faults: string[] = [];
  /** Ticks that closed. */
  closed = 0;
  readonly #replica: Replica;
  #tick: number | undefined;
  /** The tick that staged frames are for. */
  #staged: number | undefined;

  constructor(game: Game) {
    this.#replica = new Replica(gameLayout(game.description));
  }

  /** Reads what a client has received and will receive. */
  static watch(client: RawClient, game: Game): TickWitness {
    const witness = new TickWitness(game);
    for (const frame of client.frames) witness.read(frame);
    client.onFrame = (frame) => witness.read(frame);
    return witness;
  }

  /** The last tick that closed. */
  get tick(): number {
    return this.#tick ?? 0;
  }

  /** Of what was mirrored by the last closed tick. */
  get hash(): string {
    return this.#replica.hash();
  }

  read(frame: AnyServerFrame): void {
    switch (frame[0]) {
      case ServerFrame.keyframe:
        this.#stage(frame[1]);
        this.#replica.stageKeyframe(frame[2], frame[3], frame[4]);
        return;
      case ServerFrame.delta: {
        const [, tick, base, stream, rows = [], leaves = [], , , , released = []] = frame as DeltaFrame;
        this.#stage(tick);
        if (this.#tick !== undefined && base > this.#tick)
          this.faults.push(`delta since ${base} at ${this.#tick}`);
        this.#replica.stageDelta(stream, rows, leaves);
        for (const gone of released) this.#replica.stageRelease(gone);
        return;
      }
      case ServerFrame.tickEnd: {
        const [, tick, base, rows = [], leaves = []] = frame;
        this.#stage(tick);
        if (this.#tick !== undefined && base !== this.#tick)
          this.faults.push(`tick ${tick} is since ${base}, but ${this.#tick} was the last`);
        this.#replica.stageDelta(0, rows, leaves);
        this.#replica.close(untold);
        this.#replica.sweep(untold);
        this.#tick = tick;
        this.#staged = undefined;
        this.closed += 1;
      }
    }
  }

  #stage(tick: number): void {
    if (this.#staged !== undefined && this.#staged !== tick)
      this.faults.push(`a frame for tick ${tick} before ${this.#staged} closed`);
    this.#staged = tick;
  }
}
