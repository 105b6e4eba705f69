import fc from "fast-check";
import { expect } from "vitest";
import {
  bytes,
  cold,
  fixed,
  list,
  oneOf,
  optional,
  ref,
  text,
  u8,
  visibleTo,
} from "../definition/field-types.ts";
import { defineGame } from "../definition/game.ts";
import { record, table } from "../definition/table.ts";
import { decodeTrusted, encode } from "../protocol/codec.ts";
import { type DeltaFrame, type KeyframeFrame, ServerFrame } from "../protocol/frames.ts";
import { trimFrame } from "../protocol/trim-frame.ts";
import type { SourceRow } from "./committed-row.ts";
import { CommittedState } from "./committed-state.ts";
import type { Wire } from "./field-codec.ts";
import { gameLayout, type TableLayout } from "./game-layout.ts";
import { Replica, type ReplicaSink } from "./replica.ts";
import { RowStream } from "./row-stream.ts";

/**
 * The rule that every mirror keeps, as a model: a room whose author does anything at all, players with mirrors of
 * it, frames encoded and decoded between them, and what each mirror must then show.
 */
const game = defineGame({
  name: "mirror",
  tickRate: 20,
  state: {
    players: table(
      {
        name: text(6),
        x: fixed(-10, 10, 0.1),
        friend: ref("players"),
        hand: visibleTo("owner", list(u8, 3)),
        aim: visibleTo("owner", optional(u8)),
      },
      { owner: "player" },
    ),
    things: table({
      hp: u8,
      tags: list(oneOf("a", "b"), 2),
      of: optional(ref("players")),
      data: bytes(3),
      level: cold(list(u8, 2)),
    }),
    match: record({ phase: oneOf("warmup", "live"), seen: list(ref("things"), 2) }),
  },
});
export const layout = gameLayout(game.description);
export const [players, things, match] = layout.tables as [TableLayout, TableLayout, TableLayout];
export const ROOM = 0;
export const HORIZON = 3;
const ID_REST = 3;

/** What the model's author does; numbers pick rows and values, whatever is there. */
export type Action =
  | { readonly do: "join" | "leave" | "spawn" | "despawn" | "blink"; readonly at: number }
  | {
      readonly do: "set";
      readonly table: number;
      readonly at: number;
      readonly field: number;
      readonly to: Loose;
    }
  | { readonly do: "mutate"; readonly at: number; readonly to: Loose };
interface Loose {
  readonly number: number;
  readonly text: string;
  readonly items: readonly number[];
}

const loose: fc.Arbitrary<Loose> = fc.record({
  number: fc.oneof(fc.double({ min: -12, max: 12, noNaN: true }), fc.integer({ min: -2, max: 300 })),
  text: fc.string({ unit: fc.constantFrom("a", "é", "😀", "\ud83d", "\ufeff"), maxLength: 5 }),
  items: fc.array(fc.nat(300), { maxLength: 4 }),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("join", "spawn"), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("leave", "despawn", "blink"), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("mutate"), at: fc.nat(), to: loose }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("set"),
      table: fc.nat(2),
      at: fc.nat(),
      field: fc.nat(),
      to: loose,
    }),
  },
);
export const histories = fc.array(fc.array(action, { maxLength: 6 }), { minLength: 1, maxLength: 14 });

/** A client: the streams it holds, its copy, and what that copy was told in the last tick. */
export class Mirror {
  readonly replica = new Replica(layout);
  readonly streams: readonly RowStream[];
  told: string[] = [];

  /** Begins with a keyframe of each stream. */
  constructor(streams: readonly RowStream[], keyframes: readonly Uint8Array[]) {
    this.streams = streams;
    this.apply(keyframes);
  }

  apply(frames: readonly Uint8Array[]): void {
    for (const bytes of frames) {
      const frame = decodeTrusted(bytes) as KeyframeFrame | DeltaFrame;
      if (frame[0] === ServerFrame.keyframe) this.replica.stageKeyframe(frame[2], frame[3] ?? []);
      else this.replica.stageDelta(frame[3], frame[4] ?? [], frame[5] ?? []);
    }
    const told: string[] = [];
    const sink: ReplicaSink = {
      entered: (row) => told.push(`entered ${row.table.name} ${row.id}`),
      changed: (row, mask) => told.push(`changed ${row.table.name} ${row.id} ${mask}`),
      left: (row, how) => told.push(`${how} ${row.table.name} ${row.id}`),
      faded: (row) => told.push(`faded ${row.table.name} ${row.id}`),
    };
    this.replica.close(sink);
    this.replica.sweep(sink);
    this.told = told.toSorted();
  }
}

export class Model {
  readonly room = new RowStream(ROOM, "room", HORIZON);
  readonly state = new CommittedState(layout, {
    roomStream: this.room,
    idRestTicks: ID_REST,
    onOutOfRange: () => {},
  });
  /** Each player's row and private stream. */
  readonly seats: { readonly row: SourceRow; readonly own: RowStream }[] = [];
  readonly things: SourceRow[] = [];
  readonly match = this.state.add(match, {});
  /** By table and id: the tick that removed the row. */
  readonly removedAt = new Map<string, number>();
  tick = 0;
  #nextStream = 1;

  perform(action: Action): void {
    switch (action.do) {
      case "join": {
        const own = new RowStream(this.#nextStream++, "owner", HORIZON);
        this.seats.push({ row: this.#add(players, {}, own), own });
        break;
      }
      case "leave": {
        const [seat] = this.seats.splice(action.at % (this.seats.length + 1), 1);
        if (seat !== undefined) this.#remove(players, seat.row);
        break;
      }
      case "spawn":
        this.things.push(this.#add(things, { of: this.#pick(this.seats, action.at)?.row }));
        break;
      case "despawn": {
        const [thing] = this.things.splice(action.at % (this.things.length + 1), 1);
        if (thing !== undefined) this.#remove(things, thing);
        break;
      }
      case "blink":
        this.#remove(things, this.#add(things, { hp: action.at % 256 }));
        break;
      case "mutate": {
        const thing = this.#pick(this.things, action.at);
        (thing?.tags as string[] | undefined)?.push("b");
        (thing?.data as Uint8Array | undefined)?.fill(action.to.number);
        const hand = this.#pick(this.seats, action.at)?.row.hand as number[] | undefined;
        hand?.splice(0, 1, ...action.to.items);
        break;
      }
      case "set": {
        const table = layout.tables[action.table] as TableLayout;
        const rows = [this.seats.map(({ row }) => row), this.things, [this.match]][action.table];
        const row = this.#pick(rows as SourceRow[], action.at);
        const { name } = table.fields[action.field % table.fields.length] as TableLayout["fields"][number];
        if (row !== undefined) row[name] = this.#value(name, action.to);
      }
    }
  }

  /** Something that the field takes, in range or not. */
  #value(field: string, { number, text, items }: Loose): unknown {
    const values: Record<string, () => unknown> = {
      name: () => text,
      friend: () => this.#pick(this.seats, items.length)?.row,
      of: () => this.#pick(this.seats, items.length)?.row,
      seen: () => items.map((item) => this.#pick(this.things, item)),
      hand: () => [...items],
      level: () => [...items],
      aim: () => (number < 0 ? undefined : number),
      tags: () => items.map((item) => (item % 2 === 0 ? "a" : "b")),
      data: () => Uint8Array.from(items),
      phase: () => (number < 0 ? "warmup" : "live"),
    };
    return field in values ? values[field]?.() : number;
  }

  /** Commits, and returns the frames of every stream, by its id, as bytes. */
  endTick(): ReadonlyMap<number, Uint8Array> {
    this.tick += 1;
    this.state.commit(this.tick);
    return new Map(
      this.streams().map((stream) => [
        stream.id,
        this.#delta(stream, stream.takeDelta(this.tick), this.tick - 1),
      ]),
    );
  }

  streams(): RowStream[] {
    return [...this.seats.map(({ own }) => own), this.room];
  }

  keyframe(stream: RowStream): Uint8Array {
    return encode([ServerFrame.keyframe, this.tick, stream.id, stream.keyframe()] satisfies KeyframeFrame);
  }

  deltaSince(stream: RowStream, base: number): Uint8Array {
    return this.#delta(stream, stream.deltaSince(base), base);
  }

  #delta(stream: RowStream, { rows, leaves }: ReturnType<RowStream["takeDelta"]>, base: number): Uint8Array {
    return encode(
      trimFrame([ServerFrame.delta, this.tick, base, stream.id, rows, leaves] satisfies DeltaFrame, 4),
    );
  }

  #add(table: TableLayout, given: Record<string, unknown>, own?: RowStream): SourceRow {
    const row = this.state.add(table, given, own);
    const removed = this.removedAt.get(`${table.name} ${row.id}`);
    if (removed !== undefined) expect(this.tick + 1).toBeGreaterThanOrEqual(removed + ID_REST);
    return row;
  }

  #remove(table: TableLayout, row: SourceRow): void {
    expect(this.state.remove(table, row)).toBe(true);
    this.removedAt.set(`${table.name} ${row.id}`, this.tick + 1);
  }

  #pick<T>(from: readonly T[], at: number): T | undefined {
    return from[at % from.length];
  }
}

export type View = ReadonlyMap<string, readonly (Wire | undefined)[]>;

/** What the holder of these streams must see, by the author's rows as they are now, quantised anew. */
export function truth(model: Model, streams: readonly RowStream[]): View {
  const context = {
    outOfRange: () => {},
    holds: (table: string, row: { readonly id: number }) => model.state.find(table, row.id) === row,
  };
  const view = new Map<string, (Wire | undefined)[]>();
  for (const table of layout.tables)
    for (const row of model.state.rows(table)) {
      const seen = streams.reduce(
        (mask, stream) => (stream.has(row) ? mask | table.masks[stream.audience] : mask),
        0,
      );
      const values = table.fields.map(({ name, codec }, field) =>
        (seen & (1 << field)) === 0 ? undefined : codec.quantise(row.source[name], context),
      );
      if (seen !== 0) view.set(`${table.name} ${row.id}`, values);
    }
  return view;
}

export function seenBy({ replica }: Mirror): View {
  const view = new Map<string, readonly (Wire | undefined)[]>();
  for (const table of layout.tables)
    for (const row of replica.rows(table).values())
      view.set(
        `${table.name} ${row.id}`,
        Array.from(table.fields, (_, field) => row.values[field]),
      );
  return view;
}

/** What a sink is told that goes from one view to the other. */
export function difference(before: View, after: View): string[] {
  const told: string[] = [];
  for (const [row, values] of after) {
    const held = before.get(row);
    const differs = (value: unknown, field: number) =>
      Buffer.compare(encode([value]), encode([held?.[field]])) !== 0;
    const mask = values.reduce(
      (bits: number, value, field) => (differs(value, field) ? bits | (1 << field) : bits),
      0,
    );
    if (held === undefined) told.push(`entered ${row}`);
    else if (mask !== 0) told.push(`changed ${row} ${mask}`);
  }
  for (const row of before.keys()) if (!after.has(row)) told.push(`removed ${row}`);
  return told.toSorted();
}

/** Checks the mirror against the author's rows, and what it was told against what it saw before. */
export function expectTrue(mirror: Mirror, model: Model, before: View): void {
  const view = truth(model, mirror.streams);
  expect(seenBy(mirror)).toEqual(view);
  expect(mirror.told).toEqual(difference(before, view));
  expect(mirror.replica.hash()).toBe(model.state.hash());
}

/** Plays a history, with the frames of each tick by stream. */
export function play(
  history: readonly Action[][],
  onTick: (model: Model, frames: ReadonlyMap<number, Uint8Array>) => void,
): void {
  const model = new Model();
  for (const actions of history) {
    for (const action of actions) model.perform(action);
    onTick(model, model.endTick());
  }
}
