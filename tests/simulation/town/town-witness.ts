import type { ClientRoom, RolledBack } from "../../../client/client-room.ts";
import type { GameDescription } from "../../../shared/definition/description.ts";
import { type GameLayout, gameLayout } from "../../../shared/state/game-layout.ts";
import { roomHash } from "../../kit/room-hash.ts";
import { areSameNumbers } from "../same-numbers.ts";
import type { RoomLife, TownTick, TownTold } from "./chronicle.ts";

/** What the town's servers remember of what they told, in milliseconds. */
const HORIZON_MS = 5_000;

export interface TownWitnessParts {
  readonly room: ClientRoom;
  /** The life of the room in the process that the client is connected to. */
  readonly life: () => RoomLife | undefined;
  /** How many of the player's calls were taken in some life of the room, and do not count in this one. */
  readonly undoneCalls: (life: RoomLife) => number;
  /** Since when that process drains. */
  readonly drainsSince: () => number | undefined;
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

/**
 * Holds a stay over all processes to what is promised: each mirror is what that tick of that timeline committed; what was
 * told in ticks that count is heard once and in order, or told as lost where it may be; and exactly those are told of a
 * rollback who saw what was undone.
 */
export class TownWitness {
  ticks = 0;
  /** Calls that were told as undone. */
  undone = 0;
  /** How often the stay went on in another timeline. */
  migrations = 0;
  readonly #parts: TownWitnessParts;
  readonly #layout: GameLayout;
  readonly #horizonTicks: number;
  #heard: number[] = [];
  #life: RoomLife | undefined;
  #last = 0;
  #resyncs = 0;
  #lostUpTo = 0;
  #undoneNow = 0;
  #rolledBack: RolledBack | undefined;

  constructor(parts: TownWitnessParts) {
    const { room, happened } = parts;
    this.#parts = parts;
    const game: GameDescription = room.game;
    this.#layout = gameLayout(game);
    this.#horizonTicks = Math.ceil((HORIZON_MS * game.tickRate) / 1000);
    for (const { name } of game.events)
      room.on(name as never, (event) => this.#heard.push((event as { readonly n: number }).n));
    room.onRolledBack((rolledBack) => {
      happened("rolled back");
      if (this.#rolledBack !== undefined) this.#violated("a rollback was told twice");
      this.#rolledBack = rolledBack;
    });
    room.onLost((lost) => {
      happened(`lost ${lost.what}`);
      if (lost.what === "events") this.#lostUpTo = lost.upToTick;
      else if (lost.what === "calls") this.#undoneNow += lost.count;
      else this.#violated("a message was not taken");
    });
    room.onTick((tick) => this.#check(tick));
  }

  /** The life of the last tick. */
  get life(): RoomLife | undefined {
    return this.#life;
  }

  #check(tick: number): void {
    this.ticks += 1;
    const { room } = this.#parts;
    const life = this.#parts.life();
    const past = life?.ticks.get(tick);
    if (life === undefined || past === undefined) {
      this.#violated(`tick ${tick} was never published`);
      return;
    }
    if (roomHash(room, this.#layout) !== past.hash)
      this.#violated(`the mirror at tick ${tick} is not what was committed`);
    const before = this.#life ?? life;
    const last = this.#life === undefined ? past.previous : this.#last;
    const isResync = room.statistics.resyncs > this.#resyncs;
    if (!isResync && (life !== before || past.previous !== last))
      this.#violated(`tick ${past.previous} is missing: ${last} was the last`);
    const base = Math.min(last, life.sharedWith(before));
    this.#compareTold(life, { base, last, tick });
    this.#compareEvents(life, base, past);
    if (life !== before) this.#migrated(life);
    const announced = this.#parts.drainsSince() ?? Number.POSITIVE_INFINITY;
    if (!isResync && (life.at(last)?.at ?? 0) > announced && room.maintenance === undefined)
      this.#violated(`was not told by tick ${tick} that the server is about to close`);
    this.#life = life;
    this.#last = tick;
    this.#resyncs = room.statistics.resyncs;
    this.#lostUpTo = this.#undoneNow = 0;
    this.#rolledBack = undefined;
  }

  /** Exactly who saw what was undone is told so, and nothing else is told as lost than what nobody can know any more. */
  #compareTold(life: RoomLife, { base, last, tick }: Record<"base" | "last" | "tick", number>): void {
    const due = last > base ? `${last} → ${base}` : "nothing";
    const told = this.#rolledBack ? `${this.#rolledBack.from} → ${this.#rolledBack.to}` : "nothing";
    if (told !== due) this.#violated(`was told of ${told} as rolled back at tick ${tick}, not of ${due}`);
    if (this.#lostUpTo > 0 && tick - base <= this.#horizonTicks && !life.forgot(base))
      this.#violated(`events up to ${this.#lostUpTo} are lost, though ${base} was the last tick that counts`);
    if (this.#undoneNow > 0 && this.#life === life)
      this.#violated(`${this.#undoneNow} calls were undone, though nothing was`);
    this.undone += this.#undoneNow;
    if (this.#undoneNow > 0) this.#compareUndone(life);
  }

  /** One that is undone twice is told once. */
  #compareUndone(life: RoomLife): void {
    const undone = this.#parts.undoneCalls(life);
    if (this.undone > undone)
      this.#violated(`was told of ${this.undone} calls as undone in all, and ${undone} are`);
  }

  #compareEvents(life: RoomLife, base: number, past: TownTick): void {
    const after = Math.max(base, this.#lostUpTo);
    const expected: number[] = [];
    for (const { tick, audience, told } of life.between(Math.min(base, past.tick - 1), past.tick)) {
      if (tick <= after || !audience.has(this.#parts.room.playerId)) continue;
      for (const each of told) if (this.#hears(each)) expected.push(each.n);
    }
    if (!areSameNumbers(this.#heard, expected))
      this.#violated(`heard [${this.#heard.join()}], not [${expected.join()}]`);
    this.#heard = [];
  }

  /** What everybody is told is lost by the tick that ran, what one is told by the tick that was published. */
  #hears({ to, tick }: TownTold): boolean {
    return to === "all" ? tick > this.#lostUpTo : to.player === this.#parts.room.playerId;
  }

  #migrated({ origin }: RoomLife): void {
    this.migrations += 1;
    this.#parts.happened(origin?.kind === "exact" ? "back behind a stop" : "back behind a crash");
  }

  #violated(what: string): void {
    const { room, violated } = this.#parts;
    violated(`player ${room.playerId} of ${room.id}: ${what}`);
  }
}
