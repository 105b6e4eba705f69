import { periodMs } from "../../../shared/tick/tick.ts";
import { Coverage } from "../coverage.ts";
import { Dice } from "../dice.ts";
import { type ClusterFault, LEAST_FAULTS } from "../faults.ts";
import { Trace } from "../trace.ts";
import { type ClusterProcess, ClusterWorld } from "./cluster-world.ts";
import { ferryRoom } from "./ferry-game.ts";
import { ProneStore } from "./prone-store.ts";
import { Sailor } from "./sailor.ts";

const STEP_MS = 50;
const NODES = 3;
/** A lease, what follows it, and how long clients wait between two attempts. */
const HEAL_MS = 14_000;
/** Longer than everything that waits for something. */
const COOL_DOWN_MS = 20_000;

/** By how often each is drawn. */
const faults: readonly [ClusterFault, ...ClusterFault[]] = [
  "node crashed",
  "node crashed",
  "node paused",
  "node paused",
  "node drained",
  "node drained",
  "node drained",
  "node stopped",
  "node cut off",
  "node cut off",
  "directory stopped",
  "directory lost",
  "store fails",
];

const inOrder: readonly [ClusterFault, ...ClusterFault[]] = ["node drained", "node drained", "node stopped"];

type Slot = { readonly player: Sailor } | { readonly backAt: number };

/** A cluster from one seed: nodes that crash, pause, drain and are cut off, and a directory and a store that fail. */
export class ClusterSimulation {
  readonly trace = new Trace();
  readonly coverage = new Coverage();
  readonly violations: string[] = [];
  readonly #happened = new Map<string, number>();
  readonly #dice: Dice;
  readonly #world: ClusterWorld<ProneStore>;
  readonly #everybody: Sailor[] = [];
  /** Of every published tick: `room tick` to the hashes of what was committed. */
  readonly #committed = new Map<string, Set<string>>();
  readonly #room = ferryRoom({
    called: (number, n, last) => {
      if (n <= last) this.violations.push(`call ${n} of player ${number} counted again, behind ${last}`);
    },
  });
  /** When the newest checkpoint of a room was taken that the store has confirmed. */
  readonly #savedAt = new Map<string, number>();
  /** By room: how often it had been saved with its last checkpoint. */
  readonly #savesBefore = new Map<string, number>();
  /** In a calm world nodes come and go in order, and nobody may be set back. */
  readonly #isCalm: boolean;
  #directoryIsUp = true;
  #nodes = 0;
  #slots: Slot[] = [];

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#isCalm = this.#dice.chance(0.25);
    this.#world = new ClusterWorld(
      {
        random: this.#dice.fork().random,
        reconnectWithinMs: 20_000,
        writeMs: () => this.#dice.int(0, 300),
        made: (process) => this.#watch(process),
        heard: (bytes) => this.trace.note(this.#world.clock.now(), 0, bytes),
      },
      () => new ProneStore(),
    );
  }

  /** Plays so many steps of 50 ms with that many players, then heals everything and looks at what came of them. */
  async run(ticks: number, players: number): Promise<void> {
    for (let n = 0; n < NODES; n++) await this.#startNode();
    this.#slots = Array.from({ length: players }, () => ({ backAt: this.#dice.int(0, 20) }));
    for (let n = 0; n < ticks; n++) {
      const suffered = this.coverage.faultCount;
      const isDue = suffered < LEAST_FAULTS && n >= ((suffered + 1) * ticks) / (LEAST_FAULTS + 1);
      if (this.#dice.chance(0.02) || isDue) await this.#misfortune();
      this.#slots = this.#slots.map((slot) => this.#move(slot, n));
      for (const slot of this.#slots) if ("player" in slot) slot.player.play();
      await this.#world.run(STEP_MS);
      this.#expectNoSeatTwice();
    }
    await this.#end();
  }

  get #running(): ClusterProcess[] {
    return this.#world.processes.filter(({ state }) => state === "runs");
  }

  async #startNode(id = `n${this.#nodes++}`): Promise<void> {
    await this.#world.start(id, this.#room);
  }

  #watch({ id: node, server: { bus, matchmaker } }: ClusterProcess): void {
    bus.on("tickDone", ({ room, tick }) => {
      const core = matchmaker.rooms.get(room.id);
      if (core === undefined) return;
      const key = `${room.id} ${tick}`;
      const hashes = this.#committed.get(key) ?? new Set();
      this.#committed.set(key, hashes.add(core.state.hash()));
    });
    bus.on("checkpointSaved", ({ room: { id }, kind, captureMs, writeMs }) => {
      // What a former owner saves before the next one does is no promise.
      if (kind !== "running" || this.#world.record(id)?.owner.node !== node) return;
      const takenAt = this.#world.clock.now() - captureMs - writeMs;
      this.#savedAt.set(id, Math.max(this.#savedAt.get(id) ?? 0, takenAt));
      this.#savesBefore.set(id, this.#world.store.saves(id).length);
    });
    bus.on("roomRestored", ({ room: { id }, timeline, kind, ageMs }) => {
      this.#count(`restored ${kind}`);
      const lateMs = (this.#savedAt.get(id) ?? 0) - (this.#world.clock.now() - ageMs);
      // A restore says so in the checkpoint, before the room ticks. Where that is all that is saved of it, the next one
      // counts it as a tick, for nobody knows how far it came.
      const saves = this.#world.store.saves(id).slice(this.#savesBefore.get(id) ?? 0);
      const restores = saves.filter((epoch) => epoch !== timeline).length;
      if (lateMs > 1 + restores * periodMs(this.#room.game.spec.tickRate))
        this.violations.push(`room ${id} was restored from ${lateMs} ms before its last checkpoint`);
    });
    bus.on("roomMoved", ({ isThere }) => this.#count(isThere ? "moved" : "moved, and not seen there"));
    bus.on("roomForgotten", () => this.#count("forgotten"));
    bus.on("roomDisowned", ({ reason }) => this.#count(`disowned: ${reason}`));
    bus.on("fenceChanged", ({ state }) => this.#count(`fence ${state}`));
    bus.on("checkpointFailed", ({ reason }) => this.#count(`checkpoint refused: ${reason}`));
  }

  async #misfortune(): Promise<void> {
    const dice = this.#dice;
    const fault = dice.pick(this.#isCalm ? inOrder : faults);
    const node = dice.any(this.#running.filter(({ clock }) => !clock.isPaused));
    if (node === undefined) return;
    this.coverage.suffered(fault);
    switch (fault) {
      case "node crashed":
        this.#world.crash(node.id);
        this.#later(dice.int(100, 4_000), () => this.#startNode(dice.chance(0.5) ? node.id : undefined));
        return;
      case "node paused":
        this.#world.pause(node.id, dice.int(200, 6_000));
        return;
      case "node drained":
        // Another comes first, as in a rolling update.
        await this.#startNode();
        await this.#world.stop(node.id, 10_000);
        return;
      case "node stopped":
        await this.#startNode();
        await this.#world.stop(node.id);
        return;
      case "node cut off": {
        const heal = this.#world.cut(node.id, dice.pick(["refused", "silent", "answers-lost"]));
        this.#later(dice.int(200, 6_000), async () => heal());
        return;
      }
      case "directory stopped":
      case "directory lost":
        if (!this.#directoryIsUp) return;
        this.#directoryIsUp = false;
        this.#world.hub.stop();
        this.#later(dice.int(200, 5_000), async () => {
          this.#directoryIsUp = true;
          this.#world.hub.start(fault === "directory lost" ? "lost" : "kept");
        });
        return;
      case "store fails":
        this.#world.store.fails = true;
        this.#later(dice.int(200, 3_000), async () => {
          this.#world.store.fails = false;
        });
    }
  }

  #later(ms: number, what: () => Promise<void>): void {
    this.#world.clock.after(ms, () => void what().catch((error) => this.violations.push(String(error))));
  }

  #move(slot: Slot, n: number): Slot {
    const dice = this.#dice;
    if ("player" in slot) return slot.player.isOver ? { backAt: n + dice.int(1, 15) } : slot;
    const at = dice.any(this.#running);
    if (slot.backAt > n || at === undefined) return slot;
    const player = new Sailor(this.#everybody.length, dice.fork(), {
      world: this.#world,
      committed: (room, tick) => this.#committed.get(`${room} ${tick}`),
      happened: (what) => this.#count(what),
      violated: (what) => this.violations.push(what),
    });
    this.#everybody.push(player);
    void player.arrive(at.id);
    return { player };
  }

  /** In one room every client that plays has a seat of its own. */
  #expectNoSeatTwice(): void {
    const seats = new Set<string>();
    for (const { number, room } of this.#everybody) {
      if (room?.connection.state !== "joined") continue;
      const seat = `${room.id} ${room.playerId}`;
      if (seats.has(seat)) this.violations.push(`player ${number} has the seat ${seat}, as another has`);
      seats.add(seat);
    }
  }

  async #end(): Promise<void> {
    const world = this.#world;
    await world.run(HEAL_MS);
    for (const player of this.#everybody) player.settle(this.#mayRevive);
    this.#expectOneOwner();
    this.violations.push(...world.ownership.overlaps());
    if (this.#isCalm)
      for (const { number, undone, lostCalls } of this.#everybody)
        if (undone + lostCalls > 0)
          this.violations.push(`player ${number} was set back where nothing failed`);
    for (const player of this.#everybody) player.leave();
    await world.run(COOL_DOWN_MS);
    for (const { number, isOver } of this.#everybody)
      if (!isOver) this.violations.push(`player ${number} never ended`);
    for (const { id } of this.#running) await world.stop(id);
    await world.run(1_000);
    this.violations.push(...world.errors.map((error) => `something failed: ${String(error)}`));
    if (world.clock.pending !== 0) this.violations.push(`${world.clock.pending} timers are left`);
    const ticks = this.#everybody.reduce((sum, player) => sum + player.ticks, 0);
    this.coverage.livedThrough(this.#happened, ticks);
  }

  /**
   * A room that was taken over is known by the directory and the store. Where the one lost everything and the other failed,
   * and who took it died, its former owner cannot hear of it, and goes on: calls that were told as undone count after all.
   */
  get #mayRevive(): boolean {
    return this.coverage.faults.has("directory lost") && this.#happened.has("checkpoint refused: store");
  }

  /** Where all is whole again every room runs on one node, which the directory names. */
  #expectOneOwner(): void {
    const hosts = new Map<string, string[]>();
    for (const { id, server } of this.#running)
      for (const room of server.matchmaker.rooms.keys()) hosts.set(room, [...(hosts.get(room) ?? []), id]);
    for (const [room, nodes] of hosts) {
      const record = this.#world.record(room);
      if (nodes.length !== 1 || record?.owner.node !== nodes[0] || record?.state !== "open")
        this.violations.push(
          `room ${room} runs on ${nodes.join(" and ")}; the directory says ${record?.state} on ${record?.owner.node}`,
        );
    }
  }

  #count(what: string): void {
    this.#happened.set(what, (this.#happened.get(what) ?? 0) + 1);
  }
}
