import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import { ConnectError } from "../../client/connect-error.ts";
import { defaultLimits } from "../../server/limits.ts";
import { readSeatToken } from "../../server/room/seat-token.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Dice } from "./dice.ts";
import { type FaultKind, LONGEST_FAULT_MS, LONGEST_SILENCE_MS } from "./faults.ts";
import { StayWitness } from "./invariants.ts";
import type { Ledger, Stay } from "./ledger.ts";
import { CELL, GROUPS, HERDS, type Pasture, pasture, WOLF, WORLD } from "./pasture.ts";
import type { ServerHistory } from "./server-history.ts";
import { SimulatedLine } from "./simulated-line.ts";
import type { Trace } from "./trace.ts";

/** What a simulated player meets. */
export interface Surroundings {
  readonly clock: Clock;
  readonly transport: MemoryTransport;
  readonly ledger: Ledger;
  readonly history: () => ServerHistory;
  readonly trace: Trace;
  readonly violated: (what: string) => void;
  /** A connection, or the attempt at one, ended under this name. */
  readonly closed: (name: string) => void;
  readonly suffered: (fault: FaultKind) => void;
}

const JOIN_WITHIN_MS = 4_000;
const REPLY_WITHIN_MS = 3_000;
/** The handshake may be there by then, the hello not. */
const HELD_UP_AFTER_MS = 20;
const RECONNECT_WITHIN_MS = 12_000;

/** Numbers of notes and requests tell whose they are. */
const NUMBERS_EACH = 10_000;

/** One client of a simulated player, from the attempt to join to the end of the stay, over several connections. */
export class SimulatedPlayer {
  readonly number: number;
  readonly dice: Dice;
  witness: StayWitness | undefined;
  /** Another client is after the seat. */
  isReplaced = false;
  /** Nobody was told that this line is dead. */
  isHalfOpen = false;
  repliesHeard = 0;
  readonly #world: Surroundings;
  #line: SimulatedLine | undefined;
  #room: ClientRoom<Pasture> | undefined;
  #stay: Stay | undefined;
  #over = false;
  #leaving = false;
  #notes = 0;
  #requests = 0;
  #openRequests = 0;
  #isResting = false;
  /** The token of another client's seat. */
  #wanted: string | undefined;
  /** It draws what it sees, as pages do; others only read, as bots do. */
  readonly #looks: boolean;
  /** Its goodbye was not sent: it had no connection. */
  #leftWhileAway = false;

  constructor(number: number, dice: Dice, world: Surroundings) {
    this.number = number;
    this.dice = dice;
    this.#looks = dice.chance(0.5);
    this.#world = world;
  }

  get room(): ClientRoom<Pasture> | undefined {
    return this.#over ? undefined : this.#room;
  }

  /** The client knows that it is over, and no request is left open. */
  get over(): boolean {
    return this.#over && this.#openRequests === 0;
  }

  get line(): SimulatedLine | undefined {
    return this.#line;
  }

  /**
   * Connects. What comes of it shows in `room` and `over`.
   *
   * @param token of another client's seat, which this one takes over
   */
  async arrive(path: string, token?: string): Promise<void> {
    this.#wanted = token;
    const { clock, transport, trace, closed, suffered } = this.#world;
    const { dice } = this;
    const conditions = {
      latencyMs: dice.int(0, 80),
      jitterMs: dice.pick([0, 5, 60]),
      bytesPerSecond: dice.pick([64_000, 1e6, Number.POSITIVE_INFINITY]),
    };
    const { connect, connectGeneric } = connectWith({
      clock,
      clockId: "simulation",
      random: dice.random,
      page: "ws://memory/",
      report: (error) => this.#violated(`the client failed: ${String(error)}`),
      openSocket: (url, listener) => {
        const heard = (bytes: Uint8Array): void => trace.note(clock.now(), this.number, bytes);
        const parts = { clock, random: dice.random, conditions };
        this.isHalfOpen = false;
        const line = new SimulatedLine(parts, transport, new URL(url).pathname, listener, heard);
        this.#line = line;
        // On the way back: the client gives it up, and what it sent comes behind what the next attempt sends.
        if (this.#room !== undefined && dice.chance(0.05) && !this.#isResting) {
          suffered("held-up attempt");
          clock.after(HELD_UP_AFTER_MS, () => line.link.stall("up", dice.int(1_000, LONGEST_FAULT_MS)));
        }
        return line;
      },
    });
    const name = dice.chance(0.06) ? WOLF : `p${this.number % 1000}`;
    const join = { name, waitMs: dice.pick([0, 0, 20, 90]) };
    const options = {
      joinTimeoutMs: JOIN_WITHIN_MS,
      reconnectWithinMs: RECONNECT_WITHIN_MS,
      predict: dice.chance(0.6),
      ...(token !== undefined && { token }),
    };
    try {
      const room = dice.chance(0.15)
        ? ((await connectGeneric(path, join, options)) as unknown as ClientRoom<Pasture>)
        : await connect(pasture, path, join, options);
      this.#enter(room);
    } catch (error) {
      this.#over = true;
      closed(error instanceof ConnectError ? error.close.name : "no ConnectError");
      if (!(error instanceof ConnectError)) this.#violated(`could not connect: ${String(error)}`);
      else if (error.close.name === "bad-frame") this.#violated(error.message);
    }
  }

  #enter(room: ClientRoom<Pasture>): void {
    const { ledger, history, violated, closed, clock, trace } = this.#world;
    this.#room = room;
    this.#stay = ledger.stay(room.playerId);
    this.witness = new StayWitness(room, history(), violated);
    room.onConnection((connection) => {
      trace.note(clock.now(), this.number, connection.state);
      if (connection.state !== "closed") return;
      const { name } = connection.close;
      this.#over = true;
      closed(name);
      trace.note(clock.now(), this.number, name);
      if (name === "bad-frame") this.#violated(`closed as bad-frame: ${connection.message}`);
      if (name === "replaced" && !this.isReplaced)
        this.#violated("replaced, though nobody is after the seat");
    });
  }

  /** Whether it was sent after the seat of that token, and is not there yet. */
  isOnTheWayTo(token: string): boolean {
    const isSame = readSeatToken(token)?.secret === readSeatToken(this.#wanted ?? "")?.secret;
    return this.#wanted !== undefined && isSame && this.#room === undefined && !this.#over;
  }

  /** What a player does in a tick's time. */
  play(): void {
    const { room, dice } = this;
    if (room !== undefined && this.#looks) this.#look(room);
    // What is said after the goodbye is not sent.
    if (room === undefined || this.#leaving) return;
    const silentMs = this.#line?.silentMs ?? 0;
    if (room.connection.state === "joined" && silentMs > LONGEST_SILENCE_MS)
      this.#violated(`takes a line for whole that is silent for ${silentMs} ms`);
    if (dice.chance(0.2)) this.#walk(room);
    if (dice.chance(0.08)) room.send("note", { n: this.#numberOf(++this.#notes) });
    if (dice.chance(0.05)) this.#ask(room);
    if (dice.chance(0.03)) room.send("look", this.#focus());
    if (dice.chance(0.03)) room.send("side", { herd: dice.pick([...HERDS, undefined]) });
    if (dice.chance(0.06)) room.send("follow", { group: dice.pick(GROUPS), whether: dice.chance(0.6) });
    if (dice.chance(0.006)) for (let times = dice.int(1, 3); times > 0; times--) this.#stumble(room);
    if (dice.chance(0.0005)) for (let n = 0; n < 80; n++) room.send("look", this.#focus());
    if (dice.chance(0.004)) this.leave();
  }

  /** Stands still, on a line without further faults, so that what is predicted and what is told come together. */
  rest(): void {
    this.#isResting = true;
    this.room?.input({ dx: 0, dy: 0 });
    if (this.isHalfOpen) this.#line?.link.cut();
  }

  /** How the drawn place differs from the true one, which it is not to do where nothing has moved for a while. */
  drawnElsewhere(): string[] {
    const { room } = this;
    if (room === undefined || !this.#looks) return [];
    const [drawn, told] = [room.view().me, room.me];
    return (["x", "y"] as const)
      .filter((axis) => Math.abs((drawn?.[axis] ?? 0) - (told?.[axis] ?? 0)) > 0.5)
      .map(
        (axis) => `connection ${this.number} is drawn at ${axis} ${drawn?.[axis]}, and is at ${told?.[axis]}`,
      );
  }

  leave(): void {
    if (this.room === undefined) return;
    this.#leaving = true;
    this.#leftWhileAway = this.room.connection.state !== "joined";
    void this.room.leave();
  }

  /** To be called when everything is over: what the server's author has of this player, against what was sent. */
  settle(): void {
    const stay = this.#stay;
    if (stay === undefined) return;
    if (this.#openRequests > 0) this.#violated(`${this.#openRequests} requests never settled`);
    const notes = this.#own(stay.notes);
    if (notes.some((n, index) => n !== index + 1))
      this.#violated(`notes came as [${notes.join()}], not each once and in order`);
    const asked = this.#own(stay.asked);
    if (asked.some((n, index) => n !== index + 1))
      this.#violated(`requests came as [${asked.join()}], not each once and in order`);
    if (stay.left === undefined) this.#violated("the author never heard that the player left");
    else {
      const { reason, hops } = stay.left;
      if (hops > stay.presses) this.#violated(`${hops} hops of ${stay.presses} presses`);
      // Those whom the room sends away are not heard any more, even where their goodbye came just before.
      const isSentAway = stay.isSentAway || stay.stumbles >= defaultLimits.maxFailingCalls;
      const saidGoodbye = reason === "left" && this.#leaving && !this.isReplaced && !this.#leftWhileAway;
      if (saidGoodbye && !isSentAway && notes.length !== this.#notes)
        this.#violated(`${notes.length} notes of ${this.#notes} arrived before the goodbye behind them`);
    }
  }

  /** What is drawn is of a tick that has closed, and of the rows that are there. */
  #look(room: ClientRoom<Pasture>): void {
    const { tick, me, state } = room.view();
    if (tick > room.tick) this.#violated(`draws tick ${tick}, the last was ${room.tick}`);
    const { walkers } = room.state;
    if (!areAlike(state.walkers, walkers))
      this.#violated(`draws the walkers ${idsOf(state.walkers).join()}, not ${idsOf(walkers).join()}`);
    if (me?.id !== room.me?.id) this.#violated(`draws ${me?.id} as its own, which is ${room.me?.id}`);
  }

  #walk(room: ClientRoom<Pasture>): void {
    const { dice } = this;
    const hop = dice.chance(0.3);
    if (hop && this.#stay) this.#stay.presses += 1;
    // Along a border, across it, to and fro over it, or not at all.
    const pace = dice.pick([-12, -3, -1, 0, 0, 1, 3, 12]);
    const way = dice.chance(0.5) ? { dx: pace, dy: 0 } : { dx: dice.int(-1, 1), dy: pace };
    room.input(hop ? { ...way, hop } : way);
  }

  #stumble(room: ClientRoom<Pasture>): void {
    if (this.#stay) this.#stay.stumbles += 1;
    room.send("stumble", {});
  }

  #focus(): { at: { x: number; y: number }[]; far: boolean } {
    const { dice } = this;
    const point = () => ({ x: dice.int(-WORLD, WORLD), y: dice.int(-2, 2) * CELL + dice.int(-2, 2) });
    const at = Array.from({ length: dice.pick([0, 0, 1, 1, 2, 5]) }, point);
    return { at, far: dice.chance(0.15) };
  }

  #ask(room: ClientRoom<Pasture>): void {
    const n = this.#numberOf(++this.#requests);
    const waitMs = this.dice.pick([0, 0, 30, 200]);
    this.#openRequests += 1;
    room.request("double", { n, waitMs }, { timeoutMs: REPLY_WITHIN_MS }).then(
      (result) => {
        this.#openRequests -= 1;
        if (result.ok ? result.value.twice !== 2 * n || n % 2 === 1 : !this.#mayFail(n, result.error))
          this.#violated(`request ${n} came to ${JSON.stringify(result)}`);
        if (result.ok || result.error === "odd") this.repliesHeard += 1;
      },
      (error: unknown) => this.#violated(`request ${n} threw ${String(error)}`),
    );
  }

  #mayFail(n: number, error: string): boolean {
    // What the end of a connection leaves open it settles itself, without waiting for the time to run out.
    if (error === "timeout") return !this.#over;
    return error === "closed" || (error === "odd" && n % 2 === 1);
  }

  #numberOf(n: number): number {
    return this.number * NUMBERS_EACH + n;
  }

  /** Of what reached the author that which this client sent, as it numbered it. */
  #own(numbers: readonly number[]): number[] {
    return numbers.filter((n) => Math.floor(n / NUMBERS_EACH) === this.number).map((n) => n % NUMBERS_EACH);
  }

  #violated(what: string): void {
    this.#world.violated(`connection ${this.number}: ${what}`);
  }
}

type Rows = Iterable<{ readonly id: number }>;

/** The same ids in the same order. */
function areAlike(some: Rows, others: Rows): boolean {
  const rest = others[Symbol.iterator]();
  for (const { id } of some) if (id !== rest.next().value?.id) return false;
  return rest.next().done === true;
}

function idsOf(rows: Rows): number[] {
  return Array.from(rows, ({ id }) => id);
}
