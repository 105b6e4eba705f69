import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import type { OpenSocket } from "../../client/socket.ts";
import type { ServerLimits } from "../../server/limits.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { Room } from "../../server/room/room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import { closeByCode } from "../../shared/protocol/close-codes.ts";
import { decodeTrusted } from "../../shared/protocol/codec.ts";
import { type AnyServerFrame, ReplyStatus, ServerFrame } from "../../shared/protocol/frames.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { openMemorySocket } from "../kit/memory-socket.ts";
import { type Hosted, host } from "../server-kit/hosted.ts";
import { seenState } from "./seen-state.ts";
import { type Specimen, specimen } from "./specimen.ts";
import {
  type AfterTick,
  clientFrameName,
  hexOf,
  plain,
  type Scenario,
  type Step,
  serverFrameName,
  type Told,
} from "./vector-format.ts";

type AuthorRoom = Room<Specimen>;
type Row = { readonly id: number };
interface AnyTable {
  onAdd(listener: (row: Row) => void): void;
  onChange(listener: (row: Row, changed: ReadonlySet<string>) => void): void;
  onLeaveSight(listener: (row: Row) => void): void;
  onRemove(listener: (row: Row) => void): void;
}

/** What listeners were told since the last tick. */
function nothingYet() {
  return {
    added: [] as string[],
    changed: {} as Record<string, string[]>,
    leftSight: [] as string[],
    removed: [] as string[],
    events: [] as (readonly [string, unknown])[],
    lostUpTo: 0,
  };
}

/** One player of the specimen on a server in memory, with everything that crosses the wire written down. */
export class RecordedPlay {
  readonly hosted: Hosted;
  readonly steps: Step[] = [];
  link: MemorySocket | undefined;
  /** While it is out of reach no connection opens. */
  reach: "in-reach" | "out-of-reach" = "in-reach";
  /** By tick: what the server says that this player sees. */
  readonly #seen = new Map<number, ReturnType<typeof seenState>>();
  readonly #connect: ReturnType<typeof connectWith>;
  #client: ClientRoom | undefined;
  #seat: Seat | undefined;
  #told = nothingYet();
  /** The frame that closed the last tick, whose listeners were not all told yet. */
  #closing: { readonly index: number; readonly frames: readonly AnyServerFrame[] }[] = [];
  #frames: AnyServerFrame[] = [];

  private constructor(hosted: Hosted) {
    this.hosted = hosted;
    this.#connect = connectWith({
      openSocket: this.#recorded(openMemorySocket(hosted.transport, (link) => (this.link = link))),
      clock: hosted.clock,
      clockId: "elsewhere",
      random: seededRandom(1),
      page: "ws://memory/",
    });
    hosted.server.bus.on("tickDone", ({ tick }) => {
      const seat = this.#seatNow();
      if (seat !== undefined) this.#seen.set(tick, seenState(this.core, seat));
    });
  }

  static async begin(room: RoomDefinition, limits: Partial<ServerLimits> = {}): Promise<RecordedPlay> {
    return new RecordedPlay(await host([room], { seed: 1, clockId: "a-clock", limits }));
  }

  get core(): RoomCore {
    return this.hosted.room();
  }

  get client(): ClientRoom {
    if (this.#client === undefined) throw new Error("the player has not joined");
    return this.#client;
  }

  /** Joins without a definition, as clients in other languages do. */
  async join(name = "Ada"): Promise<void> {
    const pending = this.#connect.connectGeneric("/specimen", { name });
    let room: ClientRoom | undefined;
    void pending.then((joined) => {
      room = joined;
      this.#listen(joined);
    });
    for (let ticks = 0; room === undefined && ticks < 10; ticks++) await this.hosted.ticks(1);
    this.#client = room;
  }

  /** Another player, who is not recorded. */
  async guest(name: string): Promise<number> {
    const client = await this.hosted.join("/specimen", specimen as never, { name });
    return client.welcome.player;
  }

  /** As the game's author, in the next tick, which passes. */
  async tick(change?: (room: AuthorRoom) => void): Promise<void> {
    if (change) this.core.runInTick(() => change(this.core.facade as unknown as AuthorRoom));
    await this.hosted.ticks(1);
  }

  async end(name: string, about: string): Promise<Scenario> {
    const { failedHooks, faults } = this.hosted;
    if (faults.length > 0) throw new Error(`the server failed: ${JSON.stringify(faults)}`);
    if (failedHooks.some(({ where }) => where.hook !== "request"))
      throw new Error(`the game failed: ${String(failedHooks[0]?.error)}`);
    const { steps } = this;
    const scenario = { name, about, steps: [...steps] };
    void this.#client?.leave();
    await this.hosted.stop();
    return scenario;
  }

  #seatNow(): Seat | undefined {
    const player = this.#client?.playerId ?? 1;
    for (const seat of this.core.seats) if (seat.id === player) this.#seat = seat;
    return this.#seat;
  }

  #recorded(open: OpenSocket): OpenSocket {
    return (url, listener) => {
      if (this.reach === "out-of-reach") {
        this.hosted.clock.soon(() => listener.closed(1006, "nobody answers"));
        return { send: () => {}, close: () => {}, bufferedBytes: 0 };
      }
      const socket = open(url, {
        opened: () => {
          this.steps.push({ connection: "opened" });
          listener.opened();
        },
        received: (bytes) => {
          this.#received(bytes);
          listener.received(bytes);
        },
        closed: (code, reason) => {
          this.steps.push(
            code === 1006
              ? { connection: "lost" }
              : { connection: "closed", code, name: closeByCode(code).name },
          );
          listener.closed(code, reason);
        },
      });
      return {
        send: (bytes) => {
          const parts = decodeTrusted(bytes) as unknown[];
          this.steps.push({ client: clientFrameName(parts[0]), hex: hexOf(bytes), parts: plain(parts) });
          socket.send(bytes);
        },
        close: (code, reason) => socket.close(code, reason),
        get bufferedBytes() {
          return socket.bufferedBytes;
        },
      };
    };
  }

  #received(bytes: Uint8Array): void {
    const frame = decodeTrusted(bytes) as AnyServerFrame;
    this.#frames.push(frame);
    const index = this.steps.push({ server: serverFrameName(frame[0]), hex: hexOf(bytes) }) - 1;
    if (frame[0] !== ServerFrame.tickEnd) return;
    this.#closing.push({ index, frames: this.#frames });
    this.#frames = [];
  }

  #listen(room: ClientRoom): void {
    for (const { name, kind } of specimen.description.tables) {
      if (kind === "record")
        room.onRecordChange(name as never, (_row, changed) => {
          this.#told.changed[name] = [...changed].toSorted();
        });
      else this.#listenTo(name, room.state[name] as unknown as AnyTable);
    }
    for (const { name } of specimen.description.events)
      room.on(name as never, (event) => void this.#told.events.push([name, rowless(event)]));
    room.onLost((lost) => {
      if (lost.what === "events") this.#told.lostUpTo = lost.upToTick;
    });
    room.onTick((tick) => this.#closed(tick));
  }

  #listenTo(name: string, table: AnyTable): void {
    table.onAdd(({ id }) => this.#told.added.push(`${name} ${id}`));
    table.onChange(({ id }, changed) => {
      this.#told.changed[`${name} ${id}`] = [...changed].toSorted();
    });
    table.onLeaveSight(({ id }) => this.#told.leftSight.push(`${name} ${id}`));
    table.onRemove(({ id }) => this.#told.removed.push(`${name} ${id}`));
  }

  #closed(tick: number): void {
    const closing = this.#closing.shift();
    const seen = this.#seen.get(tick);
    if (closing === undefined || seen === undefined) throw new Error(`tick ${tick} closed without a frame`);
    const after: AfterTick = { tick, ...seen, told: toldOf(this.#told, closing.frames) };
    this.steps[closing.index] = { ...this.steps[closing.index], ...after } as Step;
    this.#told = nothingYet();
  }
}

/** Rows in an event by their id. */
function rowless(event: unknown): unknown {
  return Object.fromEntries(
    Object.entries(event as object).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && "id" in value ? { row: value.id } : plain(value),
    ]),
  );
}

function toldOf(heard: ReturnType<typeof nothingYet>, frames: readonly AnyServerFrame[]): Told {
  const replies = frames.flatMap((frame) => (frame[0] === ServerFrame.delta ? (frame[7] ?? []) : []));
  const late = frames.flatMap((frame) => (frame[0] === ServerFrame.delta ? (frame[8] ?? []) : []));
  const slip = frames.flatMap((frame) => (frame[0] === ServerFrame.tickEnd ? (frame[6] ?? []) : []));
  const told = {
    added: heard.added.toSorted(),
    changed: Object.fromEntries(Object.entries(heard.changed).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    leftSight: heard.leftSight.toSorted(),
    removed: heard.removed.toSorted(),
    events: heard.events,
    replies: replies.map(([sequence, status, value]) => ({ sequence, ...replyOf(status, value) })),
    late,
    slip,
    lostUpTo: heard.lostUpTo,
  };
  return Object.fromEntries(
    Object.entries(told).filter(([, value]) =>
      typeof value === "number" ? value > 0 : Object.keys(value).length > 0,
    ),
  );
}

function replyOf(status: number, value: unknown): object {
  switch (status) {
    case ReplyStatus.ok:
      return { ok: true, value: plain(value) };
    case ReplyStatus.declared:
      return { ok: false, error: specimen.description.requests[0]?.errors[value as number] };
    case ReplyStatus.invalid:
      return { ok: false, error: "invalid" };
    default:
      return { ok: false, error: "internal" };
  }
}
