import type { EventPart } from "../../shared/protocol/frames.ts";
import {
  type ArrivalRecord,
  ArrivalType,
  EventAudience,
  type EventRecord,
  type InputRecord,
  type Kept,
  type RecordingHeader,
  RecordType,
} from "../../shared/recording/format.ts";
import { encodeRecord } from "../../shared/recording/records.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import type { Arrival, Membership } from "../room/arrivals.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { RoomTap, ToldTo } from "../room/room-tap.ts";
import type { Seat } from "../room/seat.ts";
import { keptOf } from "./kept.ts";
import type { RecordingWriter } from "./recording-writer.ts";
import { StateDiffer } from "./state-differ.ts";

/** A block is complete after so long: what a crash costs, and what a seek reads at most. */
const BLOCK_MS = 5_000;
/** Or with so many bytes of records. */
const BLOCK_BYTES = 1024 * 1024;

/** Of a room that began with nothing. */
const FIRST_TICK = 1;

/** A join whose player has no id before the step has run. */
interface JoinBegun {
  readonly membership: Membership;
  readonly join: Kept;
  readonly data: Kept;
}

interface Step {
  readonly tick: number;
  readonly latenessUs: number;
  readonly arrivals: readonly (ArrivalRecord | JoinBegun)[];
  readonly inputs: readonly InputRecord[];
}

export interface RecorderParts {
  readonly room: RoomCore;
  readonly writer: Pick<RecordingWriter, "header" | "begin" | "add" | "endBlock">;
  /** All of the header that does not follow from the room. */
  readonly header: Pick<
    RecordingHeader,
    "from" | "seed" | "options" | "loaded" | "startedAt" | "limits" | "writer"
  >;
}

/** Turns what one room does into records. It never waits and never throws because of what a room holds. */
export class Recorder implements RoomTap {
  readonly #parts: RecorderParts;
  readonly #differ: StateDiffer;
  readonly #blockTicks: number;
  #inputs: InputRecord[] = [];
  #events: EventRecord[] = [];
  #step: Step | undefined;
  /** Steps that ran since the last published tick. */
  #unpublished: Step[] = [];
  /** The last published tick; `undefined` before the first block. */
  #base: number | undefined;
  #epoch = 0;
  #from: RecordingHeader["from"];
  #begunAs: Pick<RecordingHeader, "metadata" | "visibility">;
  #blockBegan = 0;
  #blockBytes = 0;
  #ticks = 0;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#begunAs = publicSideOf(parts.room);
    this.#from = parts.header.from;
    this.#differ = new StateDiffer(parts.room.state);
    this.#blockTicks = Math.ceil(BLOCK_MS / periodMs(parts.room.game.spec.tickRate));
  }

  /** Published ticks in the recording. */
  get ticks(): number {
    return this.#ticks;
  }

  /** The room is about to run its `create`. */
  opening(): void {
    this.#begunAs = publicSideOf(this.#parts.room);
  }

  began(tick: number, dueAt: number, latenessMs: number, arrivals: readonly Arrival[]): void {
    this.#epoch = dueAt - tick * periodMs(this.#parts.room.game.spec.tickRate);
    if (this.#base === undefined) {
      // In mid-game, or in a room that was restored, it begins with what this tick leaves behind.
      if (tick !== FIRST_TICK) this.#from = "present";
      if (this.#from === "present") return;
      this.#writeHeader();
      this.#beginBlock(tick - 1);
    }
    if (this.#step !== undefined) this.#unpublished.push(this.#step);
    this.#step = {
      tick,
      latenessUs: Math.round(latenessMs * 1_000),
      arrivals: arrivals.flatMap(arrivalRecord),
      inputs: this.#inputs,
    };
    this.#inputs = [];
  }

  input(seat: Seat, tick: number, viewTick: number, values: readonly unknown[]): void {
    this.#inputs.push([seat.id, tick, viewTick, ...values] as unknown as InputRecord);
  }

  told(to: ToldTo, event: number, values: EventPart): void {
    this.#events.push(eventRecord(to, event, values));
  }

  /** A tick is committed and published. */
  published(tick: number): void {
    if (this.#base === undefined) {
      this.#writeHeader();
      this.#events = [];
      this.#inputs = [];
      this.#differ.look(0);
      this.#beginBlock(tick);
      return;
    }
    const step = this.#step;
    if (step === undefined || step.tick !== tick) return;
    for (const { tick: late, latenessUs, arrivals, inputs } of this.#unpublished)
      this.#add(encodeRecord([RecordType.step, late, latenessUs, arrivals.map(settled), inputs]));
    this.#unpublished = [];
    this.#step = undefined;
    const { rows, leaves } = this.#differ.look(this.#base);
    const { latenessUs, arrivals, inputs } = step;
    const { digest } = this.#differ;
    const head = [
      RecordType.tick,
      tick,
      latenessUs,
      arrivals.map(settled),
      inputs,
      digest,
      this.#base,
    ] as const;
    this.#add(encodeRecord([...head, rows, leaves, this.#events]));
    this.#events = [];
    this.#base = tick;
    this.#ticks += 1;
    if (tick - this.#blockBegan < this.#blockTicks && this.#blockBytes < BLOCK_BYTES) return;
    this.#parts.writer.endBlock(tick);
    this.#beginBlock(tick);
  }

  /** Nothing more comes: the last block is complete as it is. */
  end(): void {
    if (this.#base !== undefined) this.#parts.writer.endBlock(this.#base);
  }

  #writeHeader(): void {
    const { room, writer, header } = this.#parts;
    const { description, hash } = room.game;
    const { tickRate } = room.game.spec;
    writer.header({
      ...header,
      from: this.#from,
      game: room.name.game,
      room: room.name.id,
      hash,
      description,
      ...this.#begunAs,
      timeline: 0,
      epoch: this.#epoch,
      tickRate,
      seats: [...room.seats].map(({ id, row }) => ({ player: id, row: row?.id ?? 0 })),
    });
  }

  #beginBlock(tick: number): void {
    const keyframe = encodeRecord([RecordType.keyframe, tick, this.#differ.digest, this.#differ.keyframe()]);
    this.#base = tick;
    this.#blockBegan = tick;
    this.#blockBytes = keyframe.length;
    this.#parts.writer.begin(keyframe, tick);
  }

  #add(record: Uint8Array): void {
    this.#blockBytes += record.length;
    this.#parts.writer.add(record);
  }
}

function publicSideOf({ metadata, visibility }: RoomCore): Pick<RecordingHeader, "metadata" | "visibility"> {
  return { metadata: { ...metadata }, visibility };
}

/** What acts in a step, as of its beginning: nothing of it is there where it would not act. */
function arrivalRecord(arrival: Arrival): (ArrivalRecord | JoinBegun)[] {
  switch (arrival.kind) {
    case "join":
      if (arrival.membership.withdrawn || !arrival.link.open) return [];
      return [{ membership: arrival.membership, join: keptOf(arrival.join), data: keptOf(arrival.data) }];
    case "away":
    case "back":
      return [[arrival.kind === "away" ? ArrivalType.away : ArrivalType.back, arrival.seat.id]];
    case "leave":
      return [[ArrivalType.leave, arrival.seat.id, arrival.reason]];
    case "call": {
      const { seat, call } = arrival;
      // Whom the room has sent away is not heard.
      if (seat.dismissed) return [];
      const type = call.kind === "message" ? ArrivalType.message : ArrivalType.request;
      return [[type, seat.id, call.index, keptOf(call.payload)]];
    }
    case "run":
      if (arrival.hook === undefined) return [[ArrivalType.run]];
      return arrival.hook.hook === "drain"
        ? [[ArrivalType.drain, arrival.hook.secondsLeft]]
        : [[ArrivalType.announce, arrival.hook.text]];
  }
}

function settled(arrival: ArrivalRecord | JoinBegun): ArrivalRecord {
  if (!("membership" in arrival)) return arrival;
  const { membership, join, data } = arrival;
  return [ArrivalType.join, membership.seat?.id ?? 0, membership.seat?.row?.id ?? 0, join, data];
}

function eventRecord(told: ToldTo, event: number, values: EventPart): EventRecord {
  switch (told.to) {
    case "room":
      return [EventAudience.room, null, event, ...values];
    case "near":
      return [EventAudience.near, [told.x, told.y], event, ...values];
    case "group":
      return [EventAudience.group, told.name, event, ...values];
    case "player":
      return [EventAudience.player, told.player, event, ...values];
  }
}
