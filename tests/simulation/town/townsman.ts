import type { ClientRoom } from "../../../client/client-room.ts";
import { connectWith } from "../../../client/connect.ts";
import { ConnectError } from "../../../client/connect-error.ts";
import type { GameDescription } from "../../../shared/definition/description.ts";
import { gameLayout } from "../../../shared/state/game-layout.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import { roomHash } from "../../kit/room-hash.ts";
import type { Dice } from "../dice.ts";
import { SimulatedLine } from "../simulated-line.ts";
import type { Trace } from "../trace.ts";
import { FORGE_FAULTS, forge, orchard } from "./town-games.ts";
import type { TownProcess } from "./town-process.ts";

export interface TownSurroundings {
  readonly clock: Clock;
  readonly trace: Trace;
  /** The process that serves now. */
  readonly process: () => TownProcess;
  /** A room that somebody is in, to come to by its id. */
  readonly someRoom: (game: string) => string | undefined;
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

const JOIN_WITHIN_MS = 4_000;
const RECONNECT_WITHIN_MS = 10_000;

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
  ticks = 0;
  presses = 0;
  acted = 0;
  readonly #world: TownSurroundings;
  #room: ClientRoom | undefined;
  #home: TownProcess | undefined;
  #over = false;
  #leaving = false;

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
        const { transport } = this.#world.process();
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
    if (dice.chance(0.15)) this.#press(room);
    if (this.game === "orchard") {
      if (dice.chance(0.2))
        (room as unknown as ClientRoom<typeof orchard.spec>).input({ pace: dice.int(-4, 4) });
      if (dice.chance(0.01)) room.send("lock" as never, { whether: dice.chance(0.5) } as never);
      if (dice.chance(0.01)) room.send("hide" as never, {} as never);
    } else if (dice.chance(0.05)) room.send("quench" as never, {} as never);
    if (dice.chance(0.01)) this.leave();
  }

  /** Who is still on the way in leaves on arrival. */
  leave(): void {
    this.#leaving = true;
    void this.room?.leave();
  }

  /** To be called when everything is over. */
  settle(): void {
    if (this.acted > this.presses) this.#violated(`${this.acted} presses of ${this.presses} acted`);
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

  #enter(room: ClientRoom): void {
    const { clock, trace } = this.#world;
    this.#room = room;
    this.#home = this.#world.process();
    const layout = gameLayout(room.game satisfies GameDescription);
    const me = room.me as { readonly number: number } | undefined;
    if (me?.number !== this.number) this.#violated(`has the row of ${me?.number}`);
    room.onTick((tick) => {
      this.ticks += 1;
      const committed = this.#home?.hashOf(room.id, tick);
      if (committed === undefined) this.#violated(`tick ${tick} of ${room.id} was never published`);
      else if (roomHash(room, layout) !== committed)
        this.#violated(`the mirror of ${room.id} at tick ${tick} is not what was committed`);
    });
    room.onLost(({ what }) => this.#world.happened(`lost ${what}`));
    room.onConnection((connection) => {
      trace.note(clock.now(), this.number, connection.state);
      if (connection.state === "reconnecting") this.#world.happened("reconnecting");
      if (connection.state !== "closed") return;
      this.#over = true;
      this.#ended(connection.close.name, room.id);
    });
    if (this.#leaving) void room.leave();
  }

  #ended(name: string, room: string): void {
    this.#world.happened(`ended as ${name}`);
    this.#world.trace.note(this.#world.clock.now(), this.number, name);
    if (!EXPECTED.has(name)) this.#violated(`ended as ${name}`);
    if (name === "room-failed" && room !== "refused" && this.#home?.failed.has(room) !== true)
      this.#violated(`was told that room ${room} failed, which did not`);
  }

  #violated(what: string): void {
    this.#world.violated(`client ${this.number}: ${what}`);
  }
}
