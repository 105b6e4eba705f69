import type { ClientRoom } from "../client/client-room.ts";
import type { Release } from "../shared/tick/clock.ts";
import { Bot, type BotContext } from "./bot.ts";
import { type Measurements, noMeasurements } from "./measurements.ts";
import { countReason, noOutcomes, type Outcomes, type SlipsByRoom, sawSlips, totalOf } from "./outcomes.ts";
import type { PlannedBot } from "./swarm-plan.ts";

/** How a swarm stands. */
export interface SwarmProgress {
  readonly joined: number;
  readonly playing: number;
  readonly refused: number;
  readonly disconnected: number;
  readonly missedTicks: number;
}

export interface SwarmListener {
  /** Every bot has joined, or never will. */
  settled(): void;
  /** The own code of bot `index` threw. */
  failed(index: number, error: unknown): void;
}

/** The bots of one thread. It knows no socket, no timer and no thread. */
export class Swarm {
  readonly measurements: Measurements = noMeasurements();
  readonly #outcomes: Outcomes = noOutcomes();
  readonly #rooms = new Set<string>();
  readonly #context: BotContext;
  readonly #listener: SwarmListener;
  readonly #plan: readonly PlannedBot[];
  readonly #bots: readonly Bot[];
  readonly #waiting = new Set<Release>();
  #unsettled: number;

  constructor(plan: readonly PlannedBot[], context: BotContext, listener: SwarmListener) {
    this.#plan = plan;
    this.#context = context;
    this.#listener = listener;
    this.#bots = plan.map(({ index }) => this.#bot(index));
    this.#unsettled = plan.length;
  }

  get outcomes(): Outcomes {
    return {
      ...this.#outcomes,
      rooms: [...this.#rooms],
      missedTicks: this.#missedTicks,
      slips: this.#slips,
      overdueTicks: this.#bots.reduce((sum, bot) => sum + bot.overdueTicks, 0),
    };
  }

  get progress(): SwarmProgress {
    const { joined, refused, disconnects } = this.#outcomes;
    return {
      joined,
      playing: this.#bots.filter((bot) => bot.isPlaying).length,
      refused: totalOf(refused),
      disconnected: totalOf(disconnects),
      missedTicks: this.#missedTicks,
    };
  }

  /** Begins to connect, each bot at its time. */
  start(): void {
    for (const [position, { startMs }] of this.#plan.entries()) {
      const release = this.#context.clock.after(startMs, () => {
        this.#waiting.delete(release);
        void this.#bots[position]?.join().then(() => this.#settled());
      });
      this.#waiting.add(release);
    }
  }

  /** From here on the bots that play are measured. */
  measure(): void {
    for (const bot of this.#bots) bot.measure(this.measurements);
  }

  /**
   * Ends the measuring at once, and settles when all bots are out of their rooms. Those that still connect are
   * given up.
   */
  async leave(): Promise<void> {
    for (const release of this.#waiting) release();
    this.#waiting.clear();
    await Promise.all(this.#bots.map((bot) => bot.leave()));
  }

  get #missedTicks(): number {
    return this.#bots.reduce((sum, bot) => sum + bot.missedTicks, 0);
  }

  get #slips(): SlipsByRoom {
    const rooms: SlipsByRoom = {};
    for (const { slips } of this.#bots) if (slips) sawSlips(rooms, slips.room, slips);
    return rooms;
  }

  #bot(index: number): Bot {
    const outcomes = this.#outcomes;
    return new Bot(index, this.#context, {
      joined: (room: ClientRoom) => {
        outcomes.joined += 1;
        this.#rooms.add(room.id);
      },
      refused: (reason, message) => countReason(outcomes.refused, reason, message),
      disconnected: (reason, message) => countReason(outcomes.disconnects, reason, message),
      returned: () => {
        outcomes.returns += 1;
      },
      failed: (error) => {
        outcomes.failed += 1;
        this.#listener.failed(index, error);
      },
      left: () => {},
    });
  }

  #settled(): void {
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#listener.settled();
  }
}
