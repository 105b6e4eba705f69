import { GameServer } from "../../server/game-server.ts";
import type { Room } from "../../server/room/room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { Coverage } from "./coverage.ts";
import { Dice } from "./dice.ts";
import { inflict, LONGEST_FAULT_MS, lineFaults } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { CELL, GROUPS, type Pasture, PERIOD_MS, pastureRoom, SIGN_GROUPS, WORLD } from "./pasture.ts";
import { runUntil } from "./run-until.ts";
import { ServerHistory } from "./server-history.ts";
import { SimulatedPlayer, type Surroundings } from "./simulated-player.ts";
import { Trace } from "./trace.ts";

const ROOM_ID = "r1";
const MAX_CRUMBS = 24;
const MAX_SIGNS = 8;
/** Drawn for each seed: mostly as many as there are players, at times one less. */
const SEATS = [7, 8, 8, 8] as const;
/** Drawn for each seed: none, within what the server remembers, and beyond. */
const GRACE_MS = [0, 3_000, 3_000, 8_000] as const;
/** For a client that stands still too long: some seconds of this game's frames. */
const MAX_BUFFERED_BYTES = 4 * 1024;
/** Shorter than real ones, so that a few hundred ticks reach beyond them. */
const LIMITS = { horizonMs: 5_000, maxStalledMs: 4_000, stallBacklogBytes: 256, joinsPerSecond: 20 };
/** Longer than everything that waits for something: joins, replies, leaves, stalls, grace, reconnections. */
const COOL_DOWN_MS = 20_000;
/** The last fault, and the return behind it: by then at the latest all is well again. */
const RECOVERY_MS = LONGEST_FAULT_MS + 4_000;
/** Longer than a lag that counts takes to show. */
const LEAST_RECOVERY_MS = 2_000;
/** How many ticks a player on a healthy line may be behind. */
const MAX_LAG_TICKS = 20;

/** Beyond a tick's share of joins and resyncs everybody else comes first, which is one a tick. */
const MOST_WAITING_TICKS = 12;

/** Somebody at the keyboard: connected, or back at that tick. */
type Slot = { readonly player: SimulatedPlayer } | { readonly backAt: number };

/** A server, its players and the lines between them, on one clock and from one seed. */
export class Simulation {
  readonly trace = new Trace();
  readonly coverage = new Coverage();
  readonly violations: string[] = [];
  readonly #clock = new ManualClock();
  readonly #ledger = new Ledger(() => this.#core.tick);
  readonly #dice: Dice;
  readonly #transport: MemoryTransport;
  readonly #server: GameServer;
  readonly #world: Surroundings;
  #history: ServerHistory | undefined;
  #secrets = 0;
  #slots: Slot[] = [];
  /** Since which tick a seat waits for its welcome or its resync. */
  readonly #waiting = new WeakMap<Seat, number>();
  readonly #everybody: SimulatedPlayer[] = [];

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    const clock = this.#clock;
    this.#transport = new MemoryTransport({ clock, limits: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    this.#server = new GameServer({
      rooms: [pastureRoom(clock, this.#ledger, this.#dice.pick(SEATS), this.#dice.pick(GRACE_MS))],
      transport: this.#transport,
      clock,
      clockId: "simulation",
      limits: LIMITS,
      scheduler: { spinBelowRooms: 0 },
      roomId: () => ROOM_ID,
      secret: () => `secret${this.#secrets++}`,
      seed: () => this.#dice.int(0, 2 ** 32 - 1),
    });
    this.#world = {
      clock,
      transport: this.#transport,
      ledger: this.#ledger,
      trace: this.trace,
      history: () => this.#historyOf(this.#core),
      violated: (what) => this.violations.push(what),
      closed: (name) => this.coverage.closed(name),
      suffered: (fault) => this.coverage.suffered(fault),
    };
    this.#listen();
  }

  /** Plays so many ticks with that many players, then lets everybody leave and looks at what is left. */
  async run(ticks: number, players: number): Promise<void> {
    await this.#server.listen({ host: "memory", port: 0 });
    await this.#openRoom();
    this.#slots = Array.from({ length: players }, () => ({ backAt: this.#dice.int(0, 20) }));
    for (let n = 0; n < ticks; n++) {
      this.#author();
      this.#slots = this.#slots.map((slot) => this.#move(slot, n));
      const early = this.#dice.int(0, PERIOD_MS);
      await this.#clock.run(early);
      for (const slot of this.#slots) if ("player" in slot) slot.player.play();
      await this.#clock.run(PERIOD_MS - early);
    }
    for (const player of this.#everybody) player.rest();
    await this.#recover();
    await this.#end();
  }

  get #core(): RoomCore {
    const core = this.#server.matchmaker.rooms.get(ROOM_ID);
    if (core === undefined) throw new Error("the room is gone");
    return core;
  }

  #historyOf(core: RoomCore): ServerHistory {
    this.#history ??= new ServerHistory(core, this.#ledger);
    return this.#history;
  }

  #listen(): void {
    const { bus } = this.#server;
    bus.on("tickDone", ({ tick }) => {
      this.#historyOf(this.#core).keep(tick);
      this.#expectAllLookedAt(tick);
    });
    bus.on("sessionChanged", ({ from, to }) => this.coverage.changed(from, to));
    bus.on("presenceChanged", ({ from, to, why }) => {
      this.coverage.presenceChanged(from, to);
      if (to === "returning") this.coverage.resynced(why ?? "");
    });
    bus.on("tickSlipped", () => this.coverage.suffered("late-server"));
    bus.on("hookFailed", ({ where, error }) => {
      if (where.hook !== "message" || where.name !== "stumble")
        this.violations.push(`hook ${where.hook} failed: ${String(error)}`);
    });
    bus.on("listenerFailed", ({ error }) => this.violations.push(`a listener failed: ${String(error)}`));
    bus.on("transportFailed", ({ error }) => this.violations.push(`the transport failed: ${String(error)}`));
    bus.on("sessionClosed", ({ name }) => {
      this.coverage.closedAtServer(name);
      if (name === "bad-frame") this.violations.push("the server closed a client as bad-frame");
    });
  }

  /** The room must be there before its players come by its id. */
  async #openRoom(): Promise<void> {
    while (!this.#server.matchmaker.rooms.has(ROOM_ID)) {
      const first = this.#newPlayer();
      void first.arrive("/pasture");
      await this.#clock.run(1_000);
      first.leave();
      await this.#clock.run(1_000);
    }
  }

  #newPlayer(): SimulatedPlayer {
    const player = new SimulatedPlayer(this.#everybody.length, this.#dice.fork(), this.#world);
    this.#everybody.push(player);
    return player;
  }

  #move(slot: Slot, n: number): Slot {
    const dice = this.#dice;
    if ("backAt" in slot) {
      if (slot.backAt > n) return slot;
      const player = this.#newPlayer();
      void player.arrive(`/pasture/${ROOM_ID}`);
      if (dice.chance(0.12)) {
        this.coverage.suffered("early-cut");
        this.#clock.after(dice.int(0, 250), () => player.line?.link.cut());
      }
      return { player };
    }
    const { player } = slot;
    const token = player.room?.token;
    if (token !== undefined && dice.chance(0.002)) {
      this.coverage.suffered("newer client");
      player.isReplaced = true;
      return { player: this.#takeOver(token) };
    }
    if (player.over) return { backAt: n + dice.int(1, 15) };
    if (player.room !== undefined && !player.isHalfOpen && dice.chance(0.02)) {
      const fault = dice.pick(lineFaults);
      this.coverage.suffered(fault);
      inflict(fault, player, this.#clock);
    }
    return slot;
  }

  /** Every line breaks at once, and some again as soon as they are back: more want to return than a tick takes. */
  #cutAll(): void {
    const dice = this.#dice;
    this.coverage.suffered("cut of all");
    for (const { line, room } of this.#everybody)
      if (room !== undefined) line?.cutAtClient(dice.int(0, 3_000));
    for (const player of this.#everybody)
      if (player.room !== undefined && dice.chance(0.5))
        this.#clock.after(dice.int(100, 500), () => player.line?.cutAtClient(dice.int(0, 3_000)));
  }

  /** Another client takes the seat, at times in vain, at times one behind the other. */
  #takeOver(token: string): SimulatedPlayer {
    const dice = this.#dice;
    const newer = this.#newPlayer();
    // Whoever took the seat over before may be on a slow line still, and come later.
    newer.isReplaced = this.#everybody.some((player) => player.isOnTheWayTo(token));
    void newer.arrive(`/pasture/${ROOM_ID}`, token);
    if (dice.chance(0.2)) this.#clock.after(dice.int(0, 250), () => newer.line?.link.cut());
    if (!dice.chance(0.2)) return newer;
    // Which of the two comes first is up to their lines.
    const other = this.#takeOver(token);
    newer.isReplaced = true;
    other.isReplaced = true;
    return other;
  }

  /** What the game itself does in the next tick. */
  #author(): void {
    const dice = this.#dice;
    const ledger = this.#ledger;
    if (dice.chance(0.01)) {
      const ms = dice.int(60, 600);
      this.#core.runInTick(() => this.#clock.block(ms));
    }
    if (dice.chance(0.003)) this.#cutAll();
    this.#core.runInTick(() => {
      const room = this.#core.facade as unknown as Room<Pasture>;
      const { crumbs, walkers, scores, weather, signs } = room.state;
      const anywhere = () => ({
        x: dice.int(-WORLD - 5, WORLD + 5),
        y: dice.int(-2, 2) * CELL + dice.int(-3, 3),
      });
      if (dice.chance(0.3)) crumbs.add({ ...anywhere(), n: room.tick, by: dice.any(walkers) });
      const old = dice.any(crumbs);
      if (old !== undefined && (crumbs.size > MAX_CRUMBS || dice.chance(0.1))) crumbs.remove(old);
      const rolling = dice.any(crumbs);
      if (rolling !== undefined && dice.chance(0.4)) rolling.x += dice.int(-6, 6) / 2;
      const blown = dice.any(crumbs);
      if (blown !== undefined && dice.chance(0.1)) Object.assign(blown, anywhere());
      const walker = dice.any(walkers);
      if (walker !== undefined && dice.chance(0.2)) walker.mood = dice.int(0, 255);
      if (walker !== undefined && dice.chance(0.2)) walker.purse = dice.int(0, 255);
      if (walker !== undefined && dice.chance(0.02)) Object.assign(walker, anywhere());
      if (walker !== undefined && dice.chance(0.1)) walker.plan = dice.int(0, 999);
      if (dice.chance(0.1)) signs.add({ of: dice.pick([...SIGN_GROUPS, undefined]), n: room.tick });
      const sign = dice.any(signs);
      if (sign !== undefined && dice.chance(0.1)) sign.of = dice.pick([...SIGN_GROUPS, undefined]);
      if (sign !== undefined && dice.chance(0.1)) sign.n = dice.int(0, 999);
      if (sign !== undefined && (signs.size > MAX_SIGNS || dice.chance(0.05))) signs.remove(sign);
      if (dice.chance(0.05)) weather.wind = dice.int(0, 255);
      if (dice.chance(0.02)) scores.add({ n: room.tick });
      const place = anywhere();
      if (dice.chance(0.5))
        ledger.tell(place, (value) => room.near(place.x, place.y).broadcast("rustle", value));
      if (dice.chance(0.1)) ledger.tell("all", (value) => room.broadcast("rustle", value));
      const group = dice.pick(GROUPS);
      if (dice.chance(0.3)) ledger.tell({ group }, (value) => room.group(group).broadcast("rustle", value));
      const player = dice.any(room.players);
      if (player !== undefined && dice.chance(0.1))
        ledger.tell({ player: player.id }, (value) => player.send("rustle", value));
      if (player !== undefined && dice.chance(0.008)) {
        ledger.sentAway(player);
        player.close();
      }
    });
  }

  /**
   * No seat was left out: what each follows is what it is to follow (mirrors are compared with that, so it is not to be
   * taken on trust), none is behind without being stalled, and none waits for its turn for long.
   */
  #expectAllLookedAt(tick: number): void {
    for (const seat of this.#core.seats) {
      const { id, following, presence, acks } = seat;
      const { state } = presence.now;
      const { entered, released } = following.update(tick);
      if (entered.length + released.length > 0)
        this.violations.push(`tick ${tick} left out that player ${id} came to see something else`);
      if (state === "following" && acks.isStalled(tick))
        this.violations.push(`tick ${tick} left out that player ${id} is behind`);
      if (state !== "entering" && state !== "returning") this.#waiting.delete(seat);
      else if (!this.#waiting.has(seat)) this.#waiting.set(seat, tick);
      else if (tick - (this.#waiting.get(seat) ?? tick) > MOST_WAITING_TICKS)
        this.violations.push(
          `player ${id} is ${state} since tick ${this.#waiting.get(seat)}, now it is ${tick}`,
        );
    }
  }

  /** Without a fault for a while, whoever has a connection is at the server's tick, and drawn where they are. */
  async #recover(): Promise<void> {
    await this.#clock.run(LEAST_RECOVERY_MS);
    await runUntil(this.#clock, RECOVERY_MS - LEAST_RECOVERY_MS, () => this.#isRecovered);
    this.violations.push(...this.#behind());
  }

  get #isRecovered(): boolean {
    const isOnItsWay = this.#everybody.some(({ room }) => room?.connection.state === "reconnecting");
    return !isOnItsWay && this.#behind().length === 0;
  }

  /** What is not as it is to be without faults. */
  #behind(): string[] {
    const { tick } = this.#core;
    return this.#everybody.flatMap((player) => {
      const { number, room } = player;
      if (room?.connection.state !== "joined") return [];
      const isBehind = tick - room.tick > MAX_LAG_TICKS;
      return [
        ...(isBehind ? [`connection ${number} is at ${room.tick}, the server at ${tick}`] : []),
        ...player.drawnElsewhere(),
      ];
    });
  }

  get #isDeserted(): boolean {
    const left = this.#core.seats.taken + this.#server.sessions.size;
    return left === 0 && this.#everybody.every(({ over }) => over);
  }

  async #end(): Promise<void> {
    for (const player of this.#everybody) player.leave();
    await runUntil(this.#clock, COOL_DOWN_MS, () => this.#isDeserted);
    await this.#clock.run(LONGEST_FAULT_MS);
    this.#core.runInTick(() => {
      const { crumbs, signs } = (this.#core.facade as unknown as Room<Pasture>).state;
      for (const crumb of [...crumbs]) crumbs.remove(crumb);
      for (const sign of [...signs]) signs.remove(sign);
    });
    await this.#clock.run(2 * PERIOD_MS);
    for (const player of this.#everybody) {
      player.settle();
      if (!player.over) this.violations.push(`connection ${player.number} never ended`);
      this.coverage.played(player);
    }
    const { seats, sight, groups, tick } = this.#core;
    this.#expectNothing("taken seats", seats.taken);
    this.#expectNothing("cells", sight?.grid.cellCount ?? 0);
    this.#expectNothing("groups", groups.count);
    this.#expectNothing("sessions", this.#server.sessions.size);
    this.trace.note(this.#clock.now(), tick, this.#core.state.hash());
    const stopped = this.#server.stop();
    await this.#clock.run(3_000);
    await stopped;
    this.#expectNothing("rooms", this.#server.matchmaker.rooms.size);
    this.#expectNothing("timers", this.#clock.pending);
  }

  #expectNothing(what: string, left: number): void {
    if (left !== 0) this.violations.push(`${left} ${what} are left after everybody is gone`);
  }
}
