import type { ClientRoom } from "../../client/client-room.ts";
import { type Followed, isGroup } from "../../server/room/following.ts";
import type { RowLookup, Wire } from "../../shared/state/field-codec.ts";
import type { FieldLayout } from "../../shared/state/game-layout.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Cell, Point } from "../../shared/state/sight-grid.ts";
import type { Audience, Told } from "./ledger.ts";
import { CELL, type Pasture } from "./pasture.ts";
import { areSameNumbers } from "./same-numbers.ts";
import type { PastRow, PastSeat, PastTick, ServerHistory } from "./server-history.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: number };
interface RowName {
  readonly table: string;
  readonly id: number;
}
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
  readonly #report: (what: string) => void;
  /** The mirror's tables, by their places in the layout; `undefined` for records. */
  readonly #tables: readonly (AnyTable | undefined)[];
  readonly #lookup: RowLookup = (table, id) => this.#table(table).get(id);
  #heard: number[] = [];
  /** Rows that listeners were told of as gone in this tick, and as out of sight. */
  #removed: RowName[] = [];
  #leftSight: RowName[] = [];
  #lastTick: number | undefined;
  #resyncs = 0;
  /** Up to which tick the player was told that events are lost. */
  #lostUpTo = 0;

  constructor(room: ClientRoom<Pasture>, history: ServerHistory, violated: (what: string) => void) {
    this.#room = room;
    this.#history = history;
    this.#report = violated;
    room.on("rustle", ({ n }) => this.#heard.push(n));
    this.#tables = history.tables.map(({ name, kind }) => {
      if (kind === "record") return undefined;
      const table = this.#table(name);
      table.onRemove(({ id }) => this.#removed.push({ table: name, id }));
      table.onLeaveSight(({ id }) => this.#leftSight.push({ table: name, id }));
      return table;
    });
    room.onLost((lost) => {
      if (lost.what === "events") this.#lostUpTo = lost.upToTick;
      else this.#violated("a message was not taken");
    });
    room.onTick((tick) => this.#check(tick));
  }

  #violated(what: string): void {
    const { playerId, tick } = this.#room;
    this.#report(`player ${playerId} at tick ${tick}: ${what}`);
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
    this.#removed = [];
    this.#leftSight = [];
    this.#lostUpTo = 0;
  }

  /** What is gone from the state is removed, what is still there has left sight; never the other way round. */
  #compareLeaves(past: PastTick): void {
    for (const gone of this.#removed)
      if (isStanding(gone, past)) this.#violated(`${gone.table} ${gone.id} was told as removed`);
    for (const gone of this.#leftSight)
      if (!isStanding(gone, past))
        this.#violated(`${gone.table} ${gone.id} is gone, but was told as out of sight`);
  }

  #compareMirror({ rows }: PastTick, seat: PastSeat): void {
    const expected = this.#tables.map(() => 0);
    for (const row of rows) {
      const mask = maskOf(row, seat);
      if (mask === 0) continue;
      const { index, name } = row.table;
      expected[index] = (expected[index] as number) + 1;
      const table = this.#tables[index];
      const mirrored = table === undefined ? this.#record(name) : table.get(row.id);
      if (mirrored === undefined) this.#violated(`${name} ${row.id} is missing`);
      else this.#compareRow(row, mask, mirrored);
    }
    this.#tables.forEach((table, index) => {
      if (table !== undefined && table.size !== expected[index])
        this.#violated(
          `${table.size} rows of ${this.#history.tables[index]?.name} instead of ${expected[index]}`,
        );
    });
  }

  #compareRow({ table, id, values, shown }: PastRow, mask: number, mirrored: Row): void {
    const { fields } = table;
    for (let field = 0; field < fields.length; field++) {
      const { name, codec, refers } = fields[field] as FieldLayout;
      const isSeen = (mask & (1 << field)) !== 0;
      const value = refers && isSeen ? codec.restore(values[field] as Wire, this.#lookup) : shown[field];
      const expected = isSeen ? value : undefined;
      if (!Object.is(mirrored[name], expected))
        this.#violated(`${name} of ${table.name} ${id} is ${mirrored[name]}, not ${expected}`);
    }
  }

  #compareEvents(ticks: Iterable<PastTick>): void {
    const expected: number[] = [];
    for (const { told, seats } of ticks) {
      const seat = seats.get(this.#room.playerId);
      if (seat === undefined) continue;
      for (const each of told) if (this.#isKept(each) && this.#hears(each.to, seat)) expected.push(each.n);
    }
    this.heardEvents += expected.length;
    if (!areSameNumbers(this.#heard, expected))
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
    for (const followed of held) if (isIn(followed, to)) return true;
    for (const followed of before) if (isIn(followed, to)) return true;
    return false;
  }

  #record(name: string): Row | undefined {
    return (this.#room.state as never as Record<string, Row>)[name];
  }

  #table(name: string): AnyTable {
    return (this.#room.state as never as Record<string, AnyTable>)[name] as AnyTable;
  }
}

function isStanding({ table, id }: RowName, { rows }: PastTick): boolean {
  return rows.some((row) => row.id === id && row.table.name === table);
}

/** Which fields of a row a player is to see. */
function maskOf({ table, cells, group, source }: PastRow, { held, row }: PastSeat): number {
  const { masks } = table;
  let mask = masks.room;
  if (source === row) mask |= masks.owner;
  if (group !== undefined && held.has(group)) mask |= masks.group;
  for (const cell of cells) if (cell !== undefined && held.has(cell)) return mask | masks.sight;
  return mask;
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
