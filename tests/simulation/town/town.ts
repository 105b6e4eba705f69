import { ManualClock } from "../../kit/manual-clock.ts";
import { Coverage } from "../coverage.ts";
import { Dice } from "../dice.ts";
import { inflict, LONGEST_FAULT_MS, lineFaults } from "../faults.ts";
import { runUntil } from "../run-until.ts";
import { Trace } from "../trace.ts";
import { Chronicle } from "./chronicle.ts";
import { TownProcess } from "./town-process.ts";
import { TownStore } from "./town-store.ts";
import { type TownSurroundings, Townsman } from "./townsman.ts";

const STEP_MS = 50;
/** Longer than everything that waits for something: joins, leaves, stalls, grace, reconnections. */
const COOL_DOWN_MS = 25_000;
/** A server that has ended is started again after so long. */
const RESTART_MS = [100, 1_500] as const;
/** How long a process that crashed is likely to crash again. */
const FRAGILE_MS = 4_000;
/** How long it takes a process that has just begun, and a store, until what players do is saved. */
const UNSAVED_MS = 1_000;
/** How long a drain lets players go on. */
const DRAIN_MS = [0, 500, 2_000, 4_000] as const;

type Slot = { readonly player: Townsman } | { readonly backAt: number };

/** The process that serves, or the next one. */
type Service =
  | { readonly state: "up" }
  /** It was told to end, and ends by itself. */
  | { readonly state: "ending" }
  | { readonly state: "down"; readonly backAt: number };

/**
 * A whole town from one seed: several games, matchmaking, games that throw, processes that pause, crash, stop and drain,
 * and a store that they leave their rooms in.
 */
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
  #service: Service = { state: "up" };
  /** What made the last process crash makes the next one crash, too, for a while. */
  #fragileUntil = 0;
  /** When somebody came back last to a room that was set back. */
  #backAt = Number.NEGATIVE_INFINITY;
  #told = 0;
  readonly #chronicle = new Chronicle();
  readonly #store: TownStore;
  #slots: Slot[] = [];

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    const happened = (what: string): void => this.#count(what);
    const violated = (what: string): void => void this.violations.push(what);
    this.#store = new TownStore({
      ...{ world: this.#clock, dice: this.#dice.fork(), happened, violated },
      suffered: (fault) => this.coverage.suffered(fault),
    });
    this.#process = this.#newProcess();
    this.#world = {
      clock: this.#clock,
      trace: this.trace,
      process: () => this.#process,
      chronicle: this.#chronicle,
      someRoom: (game) => {
        const ids = [...this.#process.server.matchmaker.rooms.values()]
          .filter(({ name }) => name.game === game)
          .map(({ name }) => name.id);
        return this.#dice.any(ids);
      },
      happened,
      violated,
    };
  }

  /** Plays so many steps of 50 ms with that many players, then lets everybody leave and looks at what is left. */
  async run(ticks: number, players: number): Promise<void> {
    await this.#soon(this.#process.start());
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
      store: this.#store,
      chronicle: this.#chronicle,
      books: {
        acted: (number) => {
          const player = this.#everybody[number];
          if (player === undefined) this.violations.push(`somebody pressed under the number ${number}`);
          else player.acted += 1;
        },
        nextTold: () => ++this.#told,
      },
      happened: (what) => this.#count(what),
      violated: (what) => this.violations.push(what),
    });
    return process;
  }

  /** What happens to the process as a whole, and to the store. */
  async #misfortune(): Promise<void> {
    const dice = this.#dice;
    if (dice.chance(0.002)) {
      this.coverage.suffered("store down");
      this.#store.down(dice.int(200, 3_000));
    }
    if (this.#service.state === "down") {
      if (this.#clock.now() >= this.#service.backAt) await this.#startAgain();
      return;
    }
    if (dice.chance(0.004)) {
      this.coverage.suffered("process paused");
      this.#process.pause(dice.int(200, 3_000));
    }
    if (dice.chance(this.#crashChance)) {
      this.coverage.suffered("process crashed");
      this.#fragileUntil = this.#clock.now() + FRAGILE_MS;
      this.#gone();
    } else if (this.#service.state === "up" && dice.chance(0.004)) this.#terminate();
  }

  /** That it crashes within a step: mostly while it ends, again behind a crash, and before it could save what came since. */
  get #crashChance(): number {
    const now = this.#clock.now();
    if (now < this.#backAt + UNSAVED_MS) return 0.03;
    return this.#service.state === "ending" || now < this.#fragileUntil ? 0.015 : 0.0025;
  }

  /** As by SIGTERM: it stops at once, or lets players finish first. */
  #terminate(): void {
    const dice = this.#dice;
    const process = this.#process;
    const isDrain = dice.chance(0.5);
    this.coverage.suffered(isDrain ? "process drained" : "process stopped");
    this.#service = { state: "ending" };
    if (isDrain) process.drainsSince = this.#clock.now();
    void (isDrain ? process.server.drain(dice.pick(DRAIN_MS)) : process.server.stop()).then(() => {
      if (this.#process === process && this.#service.state === "ending") this.#gone();
    });
  }

  #gone(): void {
    this.#process.crash();
    this.#service = { state: "down", backAt: this.#clock.now() + this.#dice.int(...RESTART_MS) };
  }

  /** Starts another process, which ends where it cannot even list what is saved. */
  async #startAgain(): Promise<void> {
    await this.#store.suffer();
    this.#process = this.#newProcess();
    this.#service = { state: "up" };
    if (!(await this.#soon(this.#process.start()))) this.#gone();
  }

  /** Lets time pass until a promise settles. */
  async #soon<Result>(pending: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    pending.then(settled, settled);
    await this.#clock.settle();
    while (!isSettled) await this.#clock.run(5);
    return pending;
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
    for (const { number, room, home } of this.#everybody) {
      // Who does not know yet that the process is gone has a seat in what may be undone.
      if (room?.connection.state !== "joined" || home !== this.#process) continue;
      const seat = `${room.id} ${room.playerId}`;
      if (seats.has(seat)) this.violations.push(`client ${number} has the seat ${seat}, as another has`);
      seats.add(seat);
    }
  }

  get #isDeserted(): boolean {
    const { matchmaker, sessions } = this.#process.server;
    return matchmaker.rooms.size + sessions.size === 0 && this.#everybody.every(({ over }) => over);
  }

  async #end(): Promise<void> {
    while (this.#service.state !== "up") {
      await this.#clock.run(STEP_MS);
      if (this.#service.state === "down" && this.#clock.now() >= this.#service.backAt)
        await this.#startAgain();
    }
    for (const player of this.#everybody) player.leave();
    await runUntil(this.#clock, COOL_DOWN_MS, () => this.#isDeserted);
    await this.#clock.run(LONGEST_FAULT_MS);
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
    if (what === "back behind a crash") this.#backAt = this.#clock.now();
    this.#happened.set(what, (this.#happened.get(what) ?? 0) + 1);
  }
}
