import type { ClientRoom } from "../../../client/client-room.ts";
import { ConnectError } from "../../../client/connect-error.ts";
import { gameLayout } from "../../../shared/state/game-layout.ts";
import { roomHash } from "../../kit/room-hash.ts";
import type { Dice } from "../dice.ts";
import type { ClusterWorld } from "./cluster-world.ts";
import { ferry } from "./ferry-game.ts";

export interface SailorSurroundings {
  readonly world: Pick<ClusterWorld, "connecting">;
  /** What was committed in that tick of that room, by whoever published it. */
  readonly committed: (room: string, tick: number) => ReadonlySet<string> | undefined;
  readonly happened: (what: string) => void;
  readonly violated: (what: string) => void;
}

/** What faults of a cluster, or the player, can end a stay with. */
const EXPECTED = new Set([
  "abnormal",
  "left",
  "no-such-room",
  "bad-token",
  "room-full",
  "server-busy",
  "server-stopping",
  "room-restarting",
  "room-moved",
  "greeting-timeout",
  "join-timeout",
]);

const layout = gameLayout(ferry.description);

/** One client of a cluster: it comes, calls, listens, and goes. */
export class Sailor {
  readonly number: number;
  ticks = 0;
  /** Ticks that were told as undone, and calls that were told as lost. */
  undone = 0;
  lostCalls = 0;
  readonly #dice: Dice;
  readonly #around: SailorSurroundings;
  #room: ClientRoom<typeof ferry.spec> | undefined;
  #calls = 0;
  #lastStroke: number | undefined;
  #isOver = false;

  constructor(number: number, dice: Dice, around: SailorSurroundings) {
    this.number = number;
    this.#dice = dice;
    this.#around = around;
  }

  get room(): ClientRoom<typeof ferry.spec> | undefined {
    return this.#isOver ? undefined : this.#room;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async arrive(at: string): Promise<void> {
    try {
      const join = { number: this.number };
      const room = await this.#around.world.connecting(ferry, "/ferry", at, join, { joinTimeoutMs: 3_000 });
      this.#enter(room);
    } catch (error) {
      this.#isOver = true;
      if (error instanceof ConnectError) this.#ended(error.close.name);
      else this.#violated(`could not connect: ${String(error)}`);
    }
  }

  /** What a player does in a tick's time. */
  play(): void {
    const { room } = this;
    if (room === undefined) return;
    if (this.#dice.chance(0.25)) room.send("call", { n: ++this.#calls });
    if (this.#dice.chance(0.004)) this.leave();
  }

  leave(): void {
    void this.room?.leave();
  }

  /**
   * To be called when all is whole again, and nothing is on its way.
   *
   * @param revived whether a life of the room may have come back that its successor had set players back from
   */
  settle(revived: boolean): void {
    const { room } = this;
    if (room === undefined) return;
    if (room.connection.state !== "joined") {
      this.#violated(`is neither back nor told: ${room.connection.state}`);
      return;
    }
    const counted = room.me?.calls ?? 0;
    const told = counted + this.lostCalls;
    if (told < this.#calls || (told > this.#calls && !revived))
      this.#violated(
        `called ${this.#calls} times; ${counted} count, and ${this.lostCalls} were told as lost`,
      );
  }

  #enter(room: ClientRoom<typeof ferry.spec>): void {
    this.#room = room;
    if (room.me?.number !== this.number) this.#violated(`has the row of ${room.me?.number}`);
    room.onTick((tick) => {
      this.ticks += 1;
      const committed = this.#around.committed(room.id, tick);
      if (committed === undefined) this.#violated(`tick ${tick} of ${room.id} was never published`);
      else if (!committed.has(roomHash(room as unknown as ClientRoom, layout)))
        this.#violated(`the mirror of ${room.id} at tick ${tick} is not what was committed`);
    });
    room.on("stroke", ({ n }) => {
      if (this.#lastStroke !== undefined && n !== this.#lastStroke + 1)
        this.#violated(`heard stroke ${n} behind ${this.#lastStroke}, and was told of nothing lost`);
      this.#lastStroke = n;
    });
    room.onLost((lost) => {
      this.#around.happened(`lost ${lost.what}`);
      if (lost.what === "calls") this.lostCalls += lost.count;
      else if (lost.what === "message") this.lostCalls += 1;
      else this.#lastStroke = undefined;
    });
    room.onRolledBack(({ from, to }) => {
      this.#around.happened("rolled back");
      this.undone += from - to;
      this.#lastStroke = undefined;
    });
    room.onConnection((connection) => {
      if (connection.state === "reconnecting") this.#around.happened("reconnecting");
      if (connection.state !== "closed") return;
      this.#isOver = true;
      this.#ended(connection.close.name);
    });
  }

  #ended(name: string): void {
    this.#around.happened(`ended as ${name}`);
    if (!EXPECTED.has(name)) this.#violated(`ended as ${name}`);
  }

  #violated(what: string): void {
    this.#around.violated(`player ${this.number}: ${what}`);
  }
}
