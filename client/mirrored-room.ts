import type { GameDescription } from "../shared/definition/description.ts";
import type { GameSpec } from "../shared/definition/game.ts";
import type { Release } from "../shared/tick/clock.ts";
import type {
  ClientRoom,
  ConnectionState,
  LinkStatistics,
  Lost,
  Maintenance,
  RolledBack,
} from "./client-room.ts";
import type { Seat } from "./seat.ts";
import type { StreamStatistics } from "./stream-statistics.ts";

const defaultRequestTimeoutMs = 10_000;

type Room = ClientRoom<GameSpec>;

/** What a game holds of its seat: the public face, untyped by any one game. */
export class MirroredRoom implements Room {
  readonly #seat: Seat;
  readonly #leave: () => Promise<void>;

  constructor(seat: Seat, leave: () => Promise<void>) {
    this.#seat = seat;
    this.#leave = leave;
  }

  get id(): string {
    return this.#seat.roomId;
  }

  get playerId(): number {
    return this.#seat.playerId;
  }

  get game(): GameDescription {
    return this.#seat.description;
  }

  get tick(): number {
    return this.#seat.tick;
  }

  get state(): Room["state"] {
    return this.#seat.mirror.state as unknown as Room["state"];
  }

  get me(): Room["me"] {
    return this.#seat.mirror.own(this.#seat.rowId) as Room["me"];
  }

  view(): ReturnType<Room["view"]> {
    return this.#seat.view() as unknown as ReturnType<Room["view"]>;
  }

  get connection(): ConnectionState {
    return this.#seat.connection;
  }

  get maintenance(): Maintenance | undefined {
    return this.#seat.maintenance;
  }

  get token(): string | undefined {
    return this.#seat.token;
  }

  get statistics(): LinkStatistics {
    const { link, ticksClosed, ticksMissed, resyncs, pauses, inputMarginMs, interpolationDelayMs } =
      this.#seat;
    const { rttMs, jitterMs } = this.#seat.serverClock;
    const { framesReceived, bytesReceived, messagesSent, bytesSent, bufferedBytes } = link;
    return {
      framesReceived,
      bytesReceived,
      messagesSent,
      bytesSent,
      bufferedBytes,
      ticksClosed,
      ticksMissed,
      resyncs,
      pauses,
      rttMs,
      jitterMs,
      inputMarginMs,
      inputsLate: this.#seat.sender.late,
      mispredictions: this.#seat.prediction?.mispredictions ?? 0,
      lastCorrection: this.#seat.prediction?.lastCorrection ?? 0,
      interpolationDelayMs,
    };
  }

  get streams(): readonly StreamStatistics[] {
    return this.#seat.streams.statistics();
  }

  intendedTimeOf(tick: number): ReturnType<Room["intendedTimeOf"]> {
    return this.#seat.serverClock.intendedTimeOf(tick);
  }

  on(event: string, listener: (event: never) => void): Release {
    return this.#seat.events.on(event, listener as (event: unknown) => void);
  }

  onTick(listener: (tick: number) => void): Release {
    return this.#seat.onTick.add(listener);
  }

  onRecordChange(name: string, listener: (row: never, changed: ReadonlySet<never>) => void): Release {
    const record = this.#seat.mirror.record(name);
    if (record === undefined) throw new RangeError(`the game has no record "${name}"`);
    return record.onChange(listener as (row: unknown, changed: ReadonlySet<string>) => void);
  }

  onConnection(listener: (connection: ConnectionState) => void): Release {
    return this.#seat.onConnection.add(listener);
  }

  onRolledBack(listener: (rolledBack: RolledBack) => void): Release {
    return this.#seat.timeline.onRolledBack.add(listener);
  }

  onLost(listener: (lost: Lost) => void): Release {
    return this.#seat.timeline.onLost.add(listener);
  }

  onMaintenance(listener: (maintenance: Maintenance | undefined) => void): Release {
    const { maintenance } = this.#seat;
    if (maintenance) listener(maintenance);
    return this.#seat.onMaintenance.add(listener);
  }

  send(message: string, payload: unknown): void {
    this.#seat.send(message, payload);
  }

  request(
    request: string,
    input: unknown,
    { timeoutMs = defaultRequestTimeoutMs }: { readonly timeoutMs?: number } = {},
  ): ReturnType<Room["request"]> {
    return this.#seat.request(request, input, timeoutMs) as ReturnType<Room["request"]>;
  }

  input(values: Readonly<Record<string, unknown>>): void {
    this.#seat.inputs.set(values);
  }

  leave(): Promise<void> {
    return this.#leave();
  }
}
