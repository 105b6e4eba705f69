import type { Clock, MonotonicMs, Release } from "../../shared/tick/clock.ts";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "../../shared/tick/deadline-queue.ts";
import { dueAt, periodMs, type Tick, tick, tickAt } from "../../shared/tick/tick.ts";
import { Stagger } from "./stagger.ts";

/** When a step should have run and when it did. */
export interface TickTiming {
  /** The tick's intended time, `epoch + n × period`: what latency is measured from. */
  readonly dueAt: MonotonicMs;
  /** How long after that the step began. Never negative. */
  readonly latenessMs: number;
  /** False while later ticks are due already: the step changes state and sends nothing. */
  readonly publish: boolean;
}

/** What ticks: a room. It may release itself or add others at any time. */
export interface TickTask {
  /** Runs tick `n`. Every tick runs exactly once, in order. A throw is reported, and the next tick comes. */
  step(n: Tick, timing: TickTiming): void;
  /** The epoch moved later by `skippedMs`, just before step `fromTick`: no tick is left out, time is. */
  slipped(fromTick: Tick, newEpoch: MonotonicMs, skippedMs: number): void;
}

/** One task's place in the schedule. */
export interface ScheduledTask {
  /** Tick n is due at `epoch + n × periodMs` on the scheduler's clock. Moves where the task slips. */
  readonly epoch: MonotonicMs;
  readonly periodMs: number;
  /** The tick that runs next. */
  readonly next: Tick;
  /** No step begins after this. Calling it twice is harmless. */
  release(): void;
}

export interface SchedulerOptions {
  /**
   * Steps that a late task runs in a row to catch up, of which the last publishes. More would freeze its
   * players for longer than what it makes up for; beyond it the task slips. Default 5.
   */
  readonly maxCatchUpTicks: number;
  /**
   * With fewer tasks than this the last moment before a deadline is not slept but spun away, by yielding
   * to the event loop. Each deadline then costs up to `wakeEarlyMs` of idle CPU. 0 never spins. Default 4.
   */
  readonly spinBelowRooms: number;
  /** How long before the deadline spinning begins: as much as timers may be late. Default 1.1 ms. */
  readonly wakeEarlyMs: number;
  /**
   * For so long tasks that are due share a turn: one of the event loop costs about as much as the tick of a small
   * room. 0 gives each its own. Default 0.25 ms.
   */
  readonly shareTurnMs: number;
  /** A task later than this runs in the same turn as the one before it. Default 5 ms. */
  readonly pressAfterMs: number;
  /** How long such a turn may last before the network has its turn at any rate. Default 10 ms. */
  readonly turnBudgetMs: number;
  /**
   * Told what a task threw. Default: thrown again in a turn of the event loop of its own, where nothing of
   * the schedule is lost by it.
   */
  readonly onTaskError: ((error: unknown, task: TickTask) => void) | undefined;
}

const defaults: SchedulerOptions = {
  maxCatchUpTicks: 5,
  spinBelowRooms: 4,
  wakeEarlyMs: 1.1,
  shareTurnMs: 0.25,
  pressAfterMs: 5,
  turnBudgetMs: 10,
  onTaskError: undefined,
};

/**
 * Of rooms that are due the one that is the first to be so many of its periods late goes first. With one, a room of 2 Hz
 * that is half a second late would go before one of 20 Hz that is due now; with many, it would hardly be heard of while
 * fast rooms need all the time. Measured: `docs/decisions/0021-a-burst-of-connections.md`.
 */
const URGENT_AFTER_PERIODS = 2;

/**
 * Drives all rooms of a process on absolute deadlines, with one timer for whichever is due first. Rooms are
 * staggered over the period; between those that are due the event loop gets its turn, after a quarter of a
 * millisecond at the latest, and the one that would be late by two of its own periods first goes first: where there is not
 * time enough for all, fast rooms do not wait for slow ones, and none starves another or the network.
 *
 * A late room catches up, within limits; beyond them it slips by whole periods, so that after a pause of the
 * process rooms are as evenly spread as before.
 */
export class TickScheduler {
  readonly #clock: Clock;
  readonly #options: SchedulerOptions;
  readonly #origin: MonotonicMs;
  /** Those whose time has not come, or has not been looked at. */
  readonly #queue = new DeadlineQueue<Entry>();
  /** Those that are due, the most urgent first; see {@link URGENT_AFTER_PERIODS}. */
  readonly #due = new DeadlineQueue<Urgency>();
  readonly #staggers = new Map<number, Stagger>();
  #size = 0;
  #inTurn = false;
  #stopWaiting: Release | undefined;
  #idleTurnAt: MonotonicMs | undefined;
  #turnEndedAt: MonotonicMs;
  #turnTookMs = 0;

  constructor(clock: Clock, options: Partial<SchedulerOptions> = {}) {
    this.#clock = clock;
    this.#options = validated({ ...defaults, ...options });
    this.#origin = clock.now();
    this.#turnEndedAt = this.#origin;
  }

  /** How many tasks tick. */
  get size(): number {
    return this.#size;
  }

  /**
   * Lets a task tick `tickRate` times a second. Its first step is due within one period from now.
   *
   * @param firstTick what the first step is called: above 0 for a room that is restored.
   * @throws RangeError where the rate is no positive number.
   */
  add(task: TickTask, tickRate: number, firstTick: Tick = tick(0)): ScheduledTask {
    const period = periodMs(tickRate);
    const stagger = this.#stagger(period);
    const place = stagger.take();
    const grid = this.#origin + Stagger.phase(place) * period;
    const periods = tickAt(this.#clock.now(), grid, period) + 1;
    const entry = new Entry(task, dueAt(grid, periods - firstTick, period), period, firstTick, () => {
      stagger.release(place);
      this.#forget(entry);
    });
    this.#size += 1;
    this.#queue.add(entry);
    if (this.#queue.first() === entry) this.#wait();
    return entry;
  }

  /**
   * Called before something of the network is dealt with: in a storm of connections one turn of the network lasts for
   * hundreds of milliseconds. Runs rooms that are late, where the network has had at least as long since the last turn
   * as that took, so that neither starves the other.
   */
  relieve(): void {
    if (this.#inTurn) return;
    const now = this.#clock.now();
    const first = this.#mostUrgent(now);
    if (first === undefined) return;
    const { pressAfterMs } = this.#options;
    if (now - first.dueAt < pressAfterMs) return;
    if (now - this.#turnEndedAt < Math.max(pressAfterMs, this.#turnTookMs)) return;
    this.#stopWaiting?.();
    this.#turn();
  }

  #stagger(period: number): Stagger {
    const known = this.#staggers.get(period);
    if (known !== undefined) return known;
    const stagger = new Stagger();
    this.#staggers.set(period, stagger);
    return stagger;
  }

  #forget(entry: Entry): void {
    this.#size -= 1;
    this.#queue.remove(entry);
    this.#due.remove(entry.urgency);
    // Otherwise the turn that was meant for it finds it gone, and waits for the next.
    if (this.#size === 0) this.#wait();
  }

  /** Arms the one wake-up, for whatever is due first. At the end of a turn, or where that has changed. */
  #wait(): void {
    if (this.#inTurn) return;
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    const first = this.#due.first()?.entry ?? this.#queue.first();
    if (first === undefined) return;
    const now = this.#clock.now();
    const waitMs = first.dueAt - now;
    // A clock that stands still while the event loop turns is moved by timers alone: spinning would not end.
    const spins = this.#size < this.#options.spinBelowRooms && now !== this.#idleTurnAt;
    const sleepMs = spins ? waitMs - this.#options.wakeEarlyMs : waitMs;
    this.#stopWaiting = sleepMs <= 0 ? this.#clock.soon(this.#turn) : this.#clock.after(sleepMs, this.#turn);
  }

  /**
   * Runs one step, or some that are short: then the event loop serves the network. Where the network takes so long
   * that rooms become late, their steps follow each other, for a bounded time: else busy sockets would starve the
   * ticks.
   */
  readonly #turn = (): void => {
    this.#stopWaiting = undefined;
    const began = this.#clock.now();
    const first = this.#mostUrgent(began);
    if (first === undefined) {
      this.#wait();
      this.#idleTurnAt = began;
      return;
    }
    this.#inTurn = true;
    try {
      let entry: Entry | undefined = first;
      for (
        let now = began;
        entry !== undefined;
        now = this.#clock.now(), entry = this.#nextInTurn(began, now)
      ) {
        this.#due.remove(entry.urgency);
        try {
          this.#step(entry, now);
        } finally {
          if (!entry.released) this.#queue.add(entry);
        }
      }
    } finally {
      this.#inTurn = false;
      this.#turnEndedAt = this.#clock.now();
      this.#turnTookMs = this.#turnEndedAt - began;
      this.#wait();
    }
  };

  /** Of all tasks that are due the most urgent one; `undefined` where none is due. */
  #mostUrgent(now: MonotonicMs): Entry | undefined {
    for (
      let first = this.#queue.first();
      first !== undefined && first.dueAt <= now;
      first = this.#queue.first()
    ) {
      this.#queue.remove(first);
      first.urgency.dueAt = first.dueAt + URGENT_AFTER_PERIODS * first.periodMs;
      this.#due.add(first.urgency);
    }
    return this.#due.first()?.entry;
  }

  /** The next task that is due, while this turn has time left: more of it for one that is late already. */
  #nextInTurn(turnBegan: MonotonicMs, now: MonotonicMs): Entry | undefined {
    const first = this.#mostUrgent(now);
    if (first === undefined) return undefined;
    const { shareTurnMs, pressAfterMs, turnBudgetMs } = this.#options;
    const budgetMs = now - first.dueAt < pressAfterMs ? shareTurnMs : turnBudgetMs;
    return now - turnBegan < budgetMs ? first : undefined;
  }

  #step(entry: Entry, now: MonotonicMs): void {
    const { maxCatchUpTicks } = this.#options;
    const behind = tickAt(now, entry.epoch, entry.periodMs) - entry.next;
    const catchesUp = behind > 0 && behind < maxCatchUpTicks && entry.unpublished + 1 < maxCatchUpTicks;
    if (behind > 0 && !catchesUp) this.#slip(entry, behind);
    if (entry.released) return;
    entry.unpublished = catchesUp ? entry.unpublished + 1 : 0;
    const intended = entry.dueAt;
    const n = entry.advance();
    // Rounding of a new epoch may leave its tick due a hair after the present.
    const latenessMs = Math.max(0, now - intended);
    this.#contain(entry.task, () => entry.task.step(n, { dueAt: intended, latenessMs, publish: !catchesUp }));
  }

  #slip(entry: Entry, periods: number): void {
    const skippedMs = periods * entry.periodMs;
    entry.moveTo(dueAt(entry.epoch, periods, entry.periodMs));
    this.#contain(entry.task, () => entry.task.slipped(entry.next, entry.epoch, skippedMs));
  }

  #contain(task: TickTask, call: () => void): void {
    try {
      call();
    } catch (error) {
      if (this.#options.onTaskError !== undefined) this.#options.onTaskError(error, task);
      else
        this.#clock.soon(() => {
          throw error;
        });
    }
  }
}

/** The place of a task among those that are due. */
class Urgency implements Deadline {
  readonly entry: Entry;
  dueAt: MonotonicMs = 0;
  arrival = 0;
  position = NOT_QUEUED;

  constructor(entry: Entry) {
    this.entry = entry;
  }
}

class Entry implements Deadline, ScheduledTask {
  readonly urgency = new Urgency(this);
  readonly task: TickTask;
  readonly periodMs: number;
  epoch: MonotonicMs;
  next: Tick;
  dueAt: MonotonicMs;
  /** Steps since the last that published. */
  unpublished = 0;
  released = false;
  arrival = 0;
  position = NOT_QUEUED;
  readonly #onRelease: () => void;

  constructor(task: TickTask, epoch: MonotonicMs, period: number, first: Tick, onRelease: () => void) {
    this.task = task;
    this.periodMs = period;
    this.epoch = epoch;
    this.next = first;
    this.dueAt = dueAt(epoch, first, period);
    this.#onRelease = onRelease;
  }

  /** Takes the next tick. Before its step runs, so that no failure of that repeats it. */
  advance(): Tick {
    const n = this.next;
    this.next = tick(n + 1);
    this.dueAt = dueAt(this.epoch, this.next, this.periodMs);
    return n;
  }

  moveTo(epoch: MonotonicMs): void {
    this.epoch = epoch;
    this.dueAt = dueAt(epoch, this.next, this.periodMs);
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.#onRelease();
  }
}

function validated(options: SchedulerOptions): SchedulerOptions {
  const { maxCatchUpTicks, spinBelowRooms, wakeEarlyMs, shareTurnMs, pressAfterMs, turnBudgetMs } = options;
  if (!(Number.isSafeInteger(maxCatchUpTicks) && maxCatchUpTicks >= 1))
    throw new RangeError(`maxCatchUpTicks must be a whole number of at least 1, not ${maxCatchUpTicks}`);
  if (!(spinBelowRooms >= 0)) throw new RangeError(`spinBelowRooms must be 0 or more, not ${spinBelowRooms}`);
  if (!(wakeEarlyMs >= 0 && Number.isFinite(wakeEarlyMs)))
    throw new RangeError(`wakeEarlyMs must be finite and 0 or more, not ${wakeEarlyMs}`);
  if (!(shareTurnMs >= 0)) throw new RangeError(`shareTurnMs must be 0 or more, not ${shareTurnMs}`);
  if (!(pressAfterMs >= 0)) throw new RangeError(`pressAfterMs must be 0 or more, not ${pressAfterMs}`);
  if (!(turnBudgetMs >= 0)) throw new RangeError(`turnBudgetMs must be 0 or more, not ${turnBudgetMs}`);
  return options;
}
