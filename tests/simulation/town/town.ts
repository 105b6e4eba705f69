import { ManualClock } from "../../kit/manual-clock.ts";
import { Coverage } from "../coverage.ts";
import { Dice } from "../dice.ts";
import { inflict, lineFaults } from "../faults.ts";
import { Trace } from "../trace.ts";
import { TownProcess } from "./town-process.ts";
import { type TownSurroundings, Townsman } from "./townsman.ts";

const STEP_MS = 50;
/** Longer than everything that waits for something: joins, leaves, stalls, grace, reconnections. */
const COOL_DOWN_MS = 25_000;
/** A crashed server is started again after so long. */
const RESTART_MS = [100, 1_500] as const;

type Slot = { readonly player: Townsman } | { readonly backAt: number };

/** A whole town from one seed: several games, matchmaking, games that throw, processes that pause and crash. */
export class Town {
  readonly trace = new Trace();
  readonly coverage = new Coverage();
  readonly violations: string[] = [];
  readonly #happened = new Map<string, number>();
  readonly #clock = new ManualClock();
  readonly #dice: Dice;
  readonly #world: TownSurroundings;
  readonly #everybody: Townsman[] = [];
  #process: TownProcess;
  #processes = 0;
  #slots: Slot[] = [];

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#process = this.#newProcess();
    this.#world = {
      clock: this.#clock,
      trace: this.trace,
      process: () => this.#process,
      someRoom: (game) => {
        const ids = [...this.#process.server.matchmaker.rooms.values()]
          .filter(({ name }) => name.game === game)
          .map(({ name }) => name.id);
        return this.#dice.any(ids);
      },
      happened: (what) => this.#count(what),
      violated: (what) => this.violations.push(what),
    };
  }

  /** Plays so many steps of 50 ms with that many players, then lets everybody leave and looks at what is left. */
  async run(ticks: number, players: number): Promise<void> {
    await this.#process.listen();
    this.#slots = Array.from({ length: players }, () => ({ backAt: this.#dice.int(0, 20) }));
    for (let n = 0; n < ticks; n++) {
      await this.#misfortune();
      this.#slots = this.#slots.map((slot) => this.#move(slot, n));
      for (const slot of this.#slots) if ("player" in slot) slot.player.play();
      await this.#clock.run(STEP_MS);
      this.#expectNoSeatTwice();
    }
    await this.#end();
  }

  #newProcess(): TownProcess {
    const process: TownProcess = new TownProcess({
      world: this.#clock,
      dice: this.#dice.fork(),
      name: `p${this.#processes++}`,
      books: {
        acted: (number) => {
          const player = this.#everybody[number];
          if (player === undefined) this.violations.push(`somebody pressed under the number ${number}`);
          else player.acted += 1;
        },
      },
      happened: (what) => this.#count(what),
      violated: (what) => this.violations.push(what),
    });
    return process;
  }

  /** What happens to the process as a whole. */
  async #misfortune(): Promise<void> {
    const dice = this.#dice;
    if (dice.chance(0.004)) {
      this.coverage.suffered("process paused");
      this.#process.pause(dice.int(200, 3_000));
    }
    if (dice.chance(0.002)) {
      this.coverage.suffered("process crashed");
      this.#process.crash();
      await this.#clock.run(dice.int(...RESTART_MS));
      this.#process = this.#newProcess();
      await this.#process.listen();
    }
  }

  #move(slot: Slot, n: number): Slot {
    const dice = this.#dice;
    if ("backAt" in slot) {
      if (slot.backAt > n) return slot;
      const player = new Townsman(this.#everybody.length, dice.fork(), this.#world);
      this.#everybody.push(player);
      void player.arrive();
      return { player };
    }
    const { player } = slot;
    if (player.over) return { backAt: n + dice.int(1, 15) };
    if (player.room !== undefined && !player.isHalfOpen && dice.chance(0.015)) {
      const fault = dice.pick(lineFaults);
      this.coverage.suffered(fault);
      inflict(fault, player, this.#clock);
    }
    return slot;
  }

  /** In one room every client that plays has a seat of its own. */
  #expectNoSeatTwice(): void {
    const seats = new Set<string>();
    for (const { number, room } of this.#everybody) {
      if (room?.connection.state !== "joined") continue;
      const seat = `${room.id} ${room.playerId}`;
      if (seats.has(seat)) this.violations.push(`client ${number} has the seat ${seat}, as another has`);
      seats.add(seat);
    }
  }

  async #end(): Promise<void> {
    for (const player of this.#everybody) player.leave();
    await this.#clock.run(COOL_DOWN_MS);
    for (const player of this.#everybody) {
      player.settle();
      if (!player.over) this.violations.push(`client ${player.number} never ended`);
    }
    const stopped = this.#process.server.stop();
    await this.#clock.run(3_000);
    await stopped;
    this.#process.expectNothingLeft();
    if (this.#clock.pending !== 0) this.violations.push(`${this.#clock.pending} timers are left`);
    const ticks = this.#everybody.reduce((sum, player) => sum + player.ticks, 0);
    this.coverage.livedThrough(this.#happened, ticks);
  }

  #count(what: string): void {
    this.#happened.set(what, (this.#happened.get(what) ?? 0) + 1);
  }
}
