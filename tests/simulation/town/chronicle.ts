import type { ImageKind } from "../../../server/room/image/room-image.ts";

/** An event that a room told, numbered over the whole town. */
export interface TownTold {
  readonly n: number;
  readonly to: "all" | { readonly player: number };
  /** The tick that ran, whether it was published or not. */
  readonly tick: number;
}

/** What one tick published. */
export interface TownTick {
  readonly tick: number;
  /** The published tick before it, in this life or in the one that it goes on from. */
  readonly previous: number;
  readonly hash: string;
  readonly told: readonly TownTold[];
  /** Who had a seat at its end, … */
  readonly players: readonly number[];
  /** … and who was told it: those who left with it, too. */
  readonly audience: ReadonlySet<number>;
  readonly at: number;
}

/** A call of a client that a room's handler took, and in which tick. */
export interface TakenCall {
  readonly tick: number;
  readonly n: number;
}

const NOTHING_TOLD: readonly TownTold[] = [];

/** Numbers of calls tell whose they are. */
const CALLS_EACH = 10_000;

export const callNumber = (client: number, n: number): number => client * CALLS_EACH + n;
const clientOf = (call: number): number => Math.floor(call / CALLS_EACH);

/** Where a life goes on from: the end of a tick of an earlier one. */
export interface Origin {
  readonly life: RoomLife;
  readonly tick: number;
  readonly kind: ImageKind;
}

/** A room from its first tick, or from a restore, to the end of its process: one timeline. */
export class RoomLife {
  readonly room: string;
  readonly timeline: number;
  readonly origin: Origin | undefined;
  readonly ticks = new Map<number, TownTick>();
  /** By client, in order: everything that counts, of earlier lives too. */
  readonly calls: Map<number, TakenCall[]>;
  /** Who has a seat. */
  readonly seats: Set<number>;
  /** In which tick an id was given to a player. */
  readonly given = new Map<number, number>();
  /** Why clients left, by their numbers. */
  readonly left = new Map<number, string>();
  lastTick: number;
  #told: TownTold[] = [];

  constructor(room: string, timeline = 0, origin?: Origin) {
    this.room = room;
    this.timeline = timeline;
    this.origin = origin;
    this.lastTick = origin?.tick ?? 0;
    this.seats = new Set(origin?.life.at(origin.tick)?.players);
    this.calls = new Map(
      [...(origin?.life.calls ?? [])].map(([client, calls]) => [
        client,
        calls.filter(({ tick }) => tick <= (origin?.tick ?? 0)),
      ]),
    );
  }

  tell(told: TownTold): void {
    this.#told.push(told);
  }

  take(tick: number, n: number): void {
    const client = clientOf(n);
    const calls = this.calls.get(client) ?? [];
    calls.push({ tick, n });
    this.calls.set(client, calls);
  }

  publish(tick: number, hash: string, at: number): void {
    const { lastTick: previous } = this;
    this.ticks.set(tick, { tick, previous, hash, told: this.#takeTold(), ...this.#present(previous), at });
    this.lastTick = tick;
  }

  #takeTold(): readonly TownTold[] {
    if (this.#told.length === 0) return NOTHING_TOLD;
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** Of most ticks the same as of the one before: a town remembers many. */
  #present(previous: number): Pick<TownTick, "players" | "audience"> {
    const before = this.at(previous);
    const stayed = before?.players ?? [];
    const isSame = stayed.length === this.seats.size && stayed.every((player) => this.seats.has(player));
    const players = isSame ? stayed : [...this.seats];
    if (isSame && before?.audience.size === players.length) return { players, audience: before.audience };
    return { players, audience: new Set([...stayed, ...players]) };
  }

  /** A tick of this life or of those that it comes from. */
  at(tick: number): TownTick | undefined {
    const { origin } = this;
    return origin !== undefined && tick <= origin.tick ? origin.life.at(tick) : this.ticks.get(tick);
  }

  /** The published ticks after `after`, up to and with `upTo`, through all lives that it comes from. */
  between(after: number, upTo: number): TownTick[] {
    const ticks: TownTick[] = [];
    for (let at = upTo; at > after; ) {
      const past = this.at(at);
      if (past !== undefined) ticks.unshift(past);
      at = past?.previous ?? at - 1;
    }
    return ticks;
  }

  /** Nobody can tell a life of another that could not even save that it began. */
  comesFrom(other: RoomLife): boolean {
    return this === other || (this.origin?.life.comesFrom(other) ?? false);
  }

  /** The last tick that both have: what one saw later in `other` did not happen here. */
  sharedWith(other: RoomLife): number {
    const cuts = new Map<RoomLife, number>();
    let cut = Number.POSITIVE_INFINITY;
    for (let life: RoomLife | undefined = this; life !== undefined; life = life.origin?.life) {
      cuts.set(life, cut);
      cut = Math.min(cut, life.origin?.tick ?? 0);
    }
    let upTo = Number.POSITIVE_INFINITY;
    for (let life: RoomLife | undefined = other; life !== undefined; life = life.origin?.life) {
      const mine = cuts.get(life);
      if (mine !== undefined) return Math.min(mine, upTo);
      upTo = Math.min(upTo, life.origin?.tick ?? 0);
    }
    return 0;
  }

  /** Whether between that tick and now the room went on from a checkpoint that does not know what was told before it. */
  forgot(since: number): boolean {
    for (let { origin } = this as RoomLife; origin !== undefined; origin = origin.life.origin)
      if (origin.kind === "running" && origin.tick > since) return true;
    return false;
  }
}

/** The lives of all rooms of a town, by timeline: what stores and servers say of them is held against it. */
export class Chronicle {
  readonly #lives = new Map<string, RoomLife[]>();

  begin(life: RoomLife): RoomLife {
    this.livesOf(life.room).push(life);
    return life;
  }

  life(room: string, timeline: number): RoomLife | undefined {
    return this.livesOf(room).find((life) => life.timeline === timeline);
  }

  /** How many calls of a client were taken in some life of a room and do not count in this one. */
  undoneCalls({ room, calls }: RoomLife, client: number): number {
    const counting = new Set(calls.get(client)?.map(({ n }) => n));
    const taken = new Set(
      this.livesOf(room)
        .flatMap((life) => life.calls.get(client) ?? [])
        .map(({ n }) => n),
    );
    return [...taken].filter((n) => !counting.has(n)).length;
  }

  livesOf(room: string): RoomLife[] {
    const lives = this.#lives.get(room) ?? [];
    this.#lives.set(room, lives);
    return lives;
  }
}
