import type { ClientRoom } from "../../../client/client-room.ts";
import { connectWith } from "../../../client/connect.ts";
import { ConnectError } from "../../../client/connect-error.ts";
import { defaultLimits } from "../../../server/limits.ts";
import type { Seat } from "../../../server/room/seat.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Dice } from "../dice.ts";
import { LONGEST_SILENCE_MS } from "../faults.ts";
import { SimulatedLine } from "../simulated-line.ts";
import type { Trace } from "../trace.ts";
import { type Chronicle, callNumber } from "./chronicle.ts";
import { FORGE_FAULTS, forge, orchard } from "./town-games.ts";
import type { TownProcess } from "./town-process.ts";
import { TownWitness } from "./town-witness.ts";

export interface TownSurroundings {
  readonly clock: Clock;
  readonly trace: Trace;
  /** The process that serves now. */
  readonly process: () => TownProcess;
  readonly chronicle: Chronicle;
  /** A room that somebody is in, to come to by its id. */
  readonly someRoom: (game: string) => string | undefined;
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

const JOIN_WITHIN_MS = 4_000;
const RECONNECT_WITHIN_MS = 10_000;
const REPLY_WITHIN_MS = 8_000;
/** One whose ticks came on one connection and without a pause for so long has all replies that are due. */
const STEADY_MS = 3_000;
/** So much later at the latest a server has done what it was about to do when it closed a connection. */
const SETTLED_MS = 1_000;

/** What the way there, a busy server or the game's own code can end a stay with, besides its own goodbye. */
const EXPECTED = new Set([
  "abnormal",
  "left",
  "room-full",
  "room-locked",
  "no-such-room",
  "bad-token",
  "server-busy",
  "server-stopping",
  "load-failed",
  "room-failed",
  "room-closed",
  "internal-error",
  "too-many-errors",
  "too-slow",
  "greeting-timeout",
  "join-timeout",
]);

/** One client in a town: it comes by matchmaking or to a room that it knows, plays, and goes. */
export class Townsman {
  readonly number: number;
  readonly dice: Dice;
  readonly game: "orchard" | "forge";
  isHalfOpen = false;
  line: SimulatedLine | undefined;
  presses = 0;
  acted = 0;
  readonly #world: TownSurroundings;
  #room: ClientRoom | undefined;
  #home: TownProcess | undefined;
  #over = false;
  #leaving = false;
  #witness: TownWitness | undefined;
  #calls = 0;
  #openRequests = 0;
  #undoneRequests = 0;
  #quenches = 0;
  #lastTickAt = 0;
  /** Since when ticks come without a pause. */
  #steadySince = 0;
  /** It said goodbye while it had a connection, behind everything that it sent. */
  #saidGoodbye = false;

  constructor(number: number, dice: Dice, world: TownSurroundings) {
    this.number = number;
    this.dice = dice;
    this.game = dice.pick(["orchard", "orchard", "forge"]);
    this.#world = world;
  }

  get room(): ClientRoom | undefined {
    return this.#over ? undefined : this.#room;
  }

  get over(): boolean {
    return this.#over;
  }

  get ticks(): number {
    return this.#witness?.ticks ?? 0;
  }

  /** The process that it is connected to, or was last. */
  get home(): TownProcess | undefined {
    return this.#home;
  }

  async arrive(): Promise<void> {
    const { clock, trace, happened } = this.#world;
    const { dice } = this;
    const conditions = { latencyMs: dice.int(0, 80), jitterMs: dice.pick([0, 5, 40]), bytesPerSecond: 1e6 };
    const { connect } = connectWith({
      clock,
      clockId: "town",
      random: dice.random,
      page: "ws://town/",
      report: (error) => this.#violated(`the client failed: ${String(error)}`),
      openSocket: (url, listener) => {
        const { pathname, search } = new URL(url);
        const heard = (bytes: Uint8Array): void => trace.note(clock.now(), this.number, bytes);
        const parts = { clock, random: dice.random, conditions };
        this.isHalfOpen = false;
        this.#home = this.#world.process();
        const { transport } = this.#home;
        this.line = new SimulatedLine(parts, transport, `${pathname}${search}`, listener, heard);
        return this.line;
      },
    });
    const options = { joinTimeoutMs: JOIN_WITHIN_MS, reconnectWithinMs: RECONNECT_WITHIN_MS };
    const join = { number: this.number };
    try {
      const room =
        this.game === "orchard"
          ? await connect(orchard, this.#path(), join, options)
          : await connect(forge, this.#path(), join, options);
      this.#enter(room as unknown as ClientRoom);
    } catch (error) {
      this.#over = true;
      if (!(error instanceof ConnectError)) this.#violated(`could not connect: ${String(error)}`);
      else this.#ended(error.close.name, "refused");
      happened("refused");
    }
  }

  /** What a player does in a tick's time. */
  play(): void {
    const { room, dice } = this;
    if (room === undefined || this.#leaving) return;
    const silentMs = this.line?.silentMs ?? 0;
    if (room.connection.state === "joined" && silentMs > LONGEST_SILENCE_MS)
      this.#violated(`takes a line for whole that is silent for ${silentMs} ms`);
    if (dice.chance(0.15)) this.#press(room);
    if (this.game === "orchard") {
      if (dice.chance(0.2))
        (room as unknown as ClientRoom<typeof orchard.spec>).input({ pace: dice.int(-4, 4) });
      if (dice.chance(0.01)) this.#send(room, "lock", { whether: dice.chance(0.5) });
      if (dice.chance(0.01)) this.#send(room, "hide");
      if (dice.chance(0.05)) this.#ask(room);
    } else if (dice.chance(0.05)) this.#send(room, "quench");
    if (dice.chance(0.1)) this.#send(room, "note");
    if (dice.chance(0.006)) this.leave();
  }

  /** Who is still on the way in leaves on arrival. */
  leave(): void {
    this.#leaving = true;
    this.#saidGoodbye = this.room?.connection.state === "joined";
    void this.room?.leave();
  }

  /** To be called when everything is over: what was sent against what counts now and what was told as undone. */
  settle(): void {
    if (this.acted > this.presses) this.#violated(`${this.acted} presses of ${this.presses} acted`);
    if (this.#openRequests > 0) this.#violated(`${this.#openRequests} requests never settled`);
    const { undone = 0, life } = this.#witness ?? {};
    // Of one in which no tick reached the client nobody can say what it knows of it.
    if (life === undefined || life !== this.#home?.life(life.room)) return;
    const taken = (life.calls.get(this.number) ?? []).map(({ n }) => n - callNumber(this.number, 0));
    if (taken.some((n, index) => n <= (taken[index - 1] ?? 0)))
      this.#violated(`calls were taken as [${taken.join()}], not each once and in order`);
    const gaps = (taken.at(-1) ?? 0) - taken.length;
    if (gaps > undone)
      this.#violated(`${gaps} calls before the last are missing, ${undone} were told as undone`);
    if (this.#undoneRequests > undone)
      this.#violated(`${this.#undoneRequests} requests of ${undone} calls are lost`);
    // Those whom the room sends away are not heard any more, even where their goodbye came just before.
    const isSentAway = this.#quenches >= defaultLimits.maxFailingCalls;
    if (this.#saidGoodbye && life.left.get(this.number) === "left" && !isSentAway) {
      if (taken.length + undone !== this.#calls)
        this.#violated(`${taken.length} of ${this.#calls} calls count, ${undone} were told as undone`);
    } else if (taken.length + undone > this.#calls)
      this.#violated(`${taken.length} calls count and ${undone} are undone, of ${this.#calls}`);
  }

  #path(): string {
    const { dice, game } = this;
    const known = dice.chance(0.25) ? this.#world.someRoom(game) : undefined;
    if (known !== undefined) {
      this.#world.happened("came by id");
      return `/${game}/${known}`;
    }
    this.#world.happened("came by matchmaking");
    if (game === "orchard") return `/orchard?sort=${dice.pick(["red", "green"])}`;
    return `/forge?fault=${dice.pick(FORGE_FAULTS)}`;
  }

  #press(room: ClientRoom): void {
    this.presses += 1;
    const press = this.game === "orchard" ? { pick: true } : { strike: true };
    (room as unknown as { input(values: object): void }).input(press);
  }

  #send(room: ClientRoom, message: string, more: object = {}): void {
    this.#calls += 1;
    if (message === "quench") this.#quenches += 1;
    room.send(message as never, { n: callNumber(this.number, this.#calls), ...more } as never);
  }

  #ask(room: ClientRoom): void {
    this.#calls += 1;
    this.#openRequests += 1;
    const n = callNumber(this.number, this.#calls);
    const { dice } = this;
    const asked = (room as unknown as ClientRoom<typeof orchard.spec>).request(
      "weigh",
      { n, waitMs: dice.pick([0, 0, 30, 200]) },
      { timeoutMs: REPLY_WITHIN_MS },
    );
    const migrations = (): number => this.#witness?.migrations ?? 0;
    const before = migrations();
    void asked.then((result) => {
      this.#openRequests -= 1;
      if (result.ok) {
        this.#world.happened("reply");
        if (result.value.twice !== 2 * n) this.#violated(`request ${n} came to ${result.value.twice}`);
        return;
      }
      const { error } = result;
      this.#world.happened(`request ${error}`);
      if (error === "lost") this.#undoneRequests += 1;
      const may = {
        closed: () => this.#over || this.#leaving,
        // Nobody answers what a handler had not answered by the end of its process.
        internal: () => migrations() > before,
        lost: () => true,
        timeout: () => !this.#isSteady,
        invalid: () => false,
      }[error];
      if (!may()) this.#violated(`request ${n} came to ${error}`);
    });
  }

  get #isSteady(): boolean {
    const now = this.#world.clock.now();
    return now - this.#steadySince > STEADY_MS && now - this.#lastTickAt < SETTLED_MS;
  }

  #enter(room: ClientRoom): void {
    const { clock, trace, happened } = this.#world;
    this.#room = room;
    const me = room.me as { readonly number: number } | undefined;
    if (me?.number !== this.number) this.#violated(`has the row of ${me?.number}`);
    this.#witness = new TownWitness({
      room,
      life: () => this.#home?.life(room.id),
      undoneCalls: (life) => this.#world.chronicle.undoneCalls(life, this.number),
      drainsSince: () => this.#home?.drainsSince,
      happened,
      violated: (what) => this.#violated(what),
    });
    room.onTick(() => {
      if (clock.now() - this.#lastTickAt > SETTLED_MS) this.#steadySince = clock.now();
      this.#lastTickAt = clock.now();
    });
    room.onMaintenance((maintenance) => {
      if (maintenance === undefined) return;
      happened("told of maintenance");
      if (this.#home?.drainsSince === undefined) this.#violated("was told of maintenance, and there is none");
    });
    room.onConnection((connection) => {
      trace.note(clock.now(), this.number, connection.state);
      this.#steadySince = clock.now();
      if (connection.state === "reconnecting") happened("reconnecting");
      if (connection.state !== "closed") return;
      this.#over = true;
      this.#ended(connection.close.name, room.id);
    });
    if (this.#leaving) {
      this.#saidGoodbye = true;
      void room.leave();
    }
  }

  #ended(name: string, room: string): void {
    this.#world.happened(`ended as ${name}`);
    this.#world.trace.note(this.#world.clock.now(), this.number, name);
    if (!EXPECTED.has(name)) this.#violated(`ended as ${name}`);
    if (name === "room-failed" && room !== "refused" && this.#home?.failed.has(room) !== true)
      this.#violated(`was told that room ${room} failed, which did not`);
    if (name === "bad-token" || name === "no-such-room") this.#expectGone(name, room);
  }

  /** Who is sent away from their seat has none: not a moment later, either. */
  #expectGone(name: string, room: string): void {
    const { clock } = this.#world;
    const home = this.#home;
    const player = this.#room?.playerId;
    if (home === undefined || player === undefined) return;
    clock.after(SETTLED_MS, () => {
      // The id alone says nothing: behind a disk that forgot a life another has it by now.
      const isTheirs = ({ id, row }: Seat): boolean => id === player && row?.number === this.number;
      if ([...(home.server.matchmaker.rooms.get(room)?.seats ?? [])].some(isTheirs))
        this.#violated(`ended as ${name}, and has a seat in ${room}`);
    });
  }

  #violated(what: string): void {
    this.#world.violated(`client ${this.number}: ${what}`);
  }
}
