import type { ClientRoom } from "../../client/client-room.ts";
import { type Followed, isGroup } from "../../server/room/following.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Cell, Point } from "../../shared/state/sight-grid.ts";
import type { Audience, Told } from "./ledger.ts";
import { CELL, type Pasture } from "./pasture.ts";
import type { PastRow, PastSeat, PastTick, ServerHistory } from "./server-history.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type AnyTable = Iterable<Row> & {
  readonly size: number;
  get(id: number): Row | undefined;
  onLeaveSight(listener: (row: Row) => void): unknown;
  onRemove(listener: (row: Row) => void): unknown;
};

/**
 * Holds one stay to what is promised: after every tick that closes, the mirror is what that tick committed within
 * the player's sight; no published tick is left out but by a resync; and what the player heard is what the ticks
 * since the last told them, in order, whatever became of the connection meanwhile.
 */
export class StayWitness {
  ticks = 0;
  heardEvents = 0;
  /** How often the player was told that events are lost. */
  losses = 0;
  readonly #room: ClientRoom<Pasture>;
  readonly #history: ServerHistory;
  readonly #violated: (what: string) => void;
  #heard: number[] = [];
  /** Rows that listeners were told of as gone in this tick, and as out of sight: `table id`. */
  readonly #removed = new Set<string>();
  readonly #leftSight = new Set<string>();
  #lastTick: number | undefined;
  #resyncs = 0;
  /** Up to which tick the player was told that events are lost. */
  #lostUpTo = 0;

  constructor(room: ClientRoom<Pasture>, history: ServerHistory, violated: (what: string) => void) {
    this.#room = room;
    this.#history = history;
    this.#violated = (what) => violated(`player ${room.playerId} at tick ${room.tick}: ${what}`);
    room.on("rustle", ({ n }) => this.#heard.push(n));
    for (const { name, kind } of history.tables) {
      if (kind === "record") continue;
      this.#table(name).onRemove(({ id }) => this.#removed.add(`${name} ${id}`));
      this.#table(name).onLeaveSight(({ id }) => this.#leftSight.add(`${name} ${id}`));
    }
    room.onLost((lost) => {
      if (lost.what === "events") this.#lostUpTo = lost.upToTick;
      else this.#violated("a message was not taken");
    });
    room.onTick((tick) => this.#check(tick));
  }

  #check(tick: number): void {
    this.ticks += 1;
    const past = this.#history.at(tick);
    const seat = past?.seats.get(this.#room.playerId);
    if (past === undefined || seat === undefined) {
      this.#violated("the server published no such tick for this player");
      return;
    }
    const { resyncs } = this.#room.statistics;
    const isResync = resyncs > this.#resyncs;
    this.#resyncs = resyncs;
    const since = this.#lastTick ?? past.previous;
    if (!isResync && past.previous !== since)
      this.#violated(`tick ${past.previous} is missing: ${since} was the last`);
    if (this.#lostUpTo > 0) this.losses += 1;
    if (this.#lostUpTo > 0 && !isResync) this.#violated("something was lost without a resync");
    this.#lastTick = tick;
    this.#compareMirror(past, seat);
    this.#compareEvents(this.#history.between(Math.max(since, this.#lostUpTo), tick));
    // Who holds nothing of the past is not told what became of it.
    if (this.#lostUpTo === 0) this.#compareLeaves(past);
    this.#removed.clear();
    this.#leftSight.clear();
    this.#lostUpTo = 0;
  }

  /** What is gone from the state is removed, what is still there has left sight; never the other way round. */
  #compareLeaves({ rows }: PastTick): void {
    if (this.#removed.size + this.#leftSight.size === 0) return;
    const standing = new Set(rows.map(({ table, id }) => `${table.name} ${id}`));
    for (const key of this.#removed) if (standing.has(key)) this.#violated(`${key} was told as removed`);
    for (const key of this.#leftSight)
      if (!standing.has(key)) this.#violated(`${key} is gone, but was told as out of sight`);
  }

  #compareMirror({ rows }: PastTick, seat: PastSeat): void {
    const held = new Set(seat.held);
    const expected = new Map<string, number>();
    for (const row of rows) {
      const mask = maskOf(row, seat, held);
      if (mask === 0) continue;
      const { name, kind } = row.table;
      expected.set(name, (expected.get(name) ?? 0) + 1);
      const mirrored =
        kind === "record"
          ? (this.#room.state as never as Record<string, Row>)[name]
          : this.#table(name).get(row.id);
      if (mirrored === undefined) this.#violated(`${name} ${row.id} is missing`);
      else this.#compareRow(row, mask, mirrored);
    }
    for (const { name, kind } of this.#history.tables) {
      if (kind === "record") continue;
      const { size } = this.#table(name);
      const due = expected.get(name) ?? 0;
      if (size !== due) this.#violated(`${size} rows of ${name} instead of ${due}`);
    }
  }

  #compareRow({ table, id, values }: PastRow, mask: number, mirrored: Row): void {
    for (const [field, { name, codec }] of table.fields.entries()) {
      const expected =
        (mask & (1 << field)) === 0
          ? undefined
          : codec.restore(values[field] as Wire, (of, row) => this.#table(of).get(row));
      if (!Object.is(mirrored[name], expected))
        this.#violated(`${name} of ${table.name} ${id} is ${mirrored[name]}, not ${expected}`);
    }
  }

  #compareEvents(ticks: Iterable<PastTick>): void {
    const expected: number[] = [];
    for (const { told, seats } of ticks) {
      const seat = seats.get(this.#room.playerId);
      if (seat !== undefined)
        expected.push(
          ...told.filter((each) => this.#isKept(each) && this.#hears(each.to, seat)).map(({ n }) => n),
        );
    }
    this.heardEvents += expected.length;
    if (this.#heard.join() !== expected.join())
      this.#violated(`heard [${this.#heard.join()}], not [${expected.join()}]`);
    this.#heard = [];
  }

  /** Events of streams are lost by the tick that ran, what one player is told by the tick that was published. */
  #isKept({ to, tick }: Told): boolean {
    return tick > this.#lostUpTo || (to !== "all" && "player" in to);
  }

  #hears(to: Audience, { held, before }: PastSeat): boolean {
    if (to === "all") return true;
    if ("player" in to) return to.player === this.#room.playerId;
    return [...held, ...before].some((followed) => isIn(followed, to));
  }

  #table(name: string): AnyTable {
    return (this.#room.state as never as Record<string, AnyTable>)[name] as AnyTable;
  }
}

/** Which fields of a row a player is to see. */
function maskOf(
  { table, cells, group, source }: PastRow,
  seat: PastSeat,
  held: ReadonlySet<Followed>,
): number {
  const { masks } = table;
  const inSight = cells.some((cell) => cell !== undefined && held.has(cell));
  const inGroup = group !== undefined && held.has(group);
  return (
    masks.room |
    (inSight ? masks.sight : 0) |
    (inGroup ? masks.group : 0) |
    (source === seat.row ? masks.owner : 0)
  );
}

/** Whether what happens at a point or in a group is heard where this is followed. */
function isIn(followed: Followed, to: Point | { readonly group: GroupName }): boolean {
  if ("group" in to) return isGroup(followed) && followed.name === to.group;
  return !isGroup(followed) && isAt(followed, to);
}

/** The plain rule: no border counts for what happens at a point. */
function isAt({ level, column, row }: Cell, { x, y }: Point): boolean {
  // Three levels: the world is more than four cells wide, and less than sixteen.
  if (level === 2) return true;
  const size = CELL * 4 ** level;
  return Math.floor(x / size) === column && Math.floor(y / size) === row;
}
