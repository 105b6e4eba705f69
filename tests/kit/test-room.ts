import type { Player, Players, Room, ServerState } from "../../server/room/room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { GameSpec } from "../../shared/definition/game.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { TestClient } from "./test-client.ts";
import type { TestTime } from "./test-time.ts";

/**
 * The server's side of a room, as its author's code has it: rows at full precision, with what no player sees.
 * Between two ticks a test may assign rows, too: players see it with the next tick.
 */
export class TestRoom<G extends GameSpec = GameSpec, Data = unknown> {
  readonly #core: RoomCore;
  readonly #time: TestTime;
  readonly #room: Room<G, unknown, Data>;

  constructor(core: RoomCore, time: TestTime) {
    this.#core = core;
    this.#time = time;
    this.#room = core.facade as unknown as Room<G, unknown, Data>;
  }

  get id(): string {
    return this.#core.name.id;
  }

  /** The last tick. */
  get tick(): number {
    return this.#core.tick;
  }

  get state(): ServerState<G["state"]> {
    return this.#room.state;
  }

  get players(): Players<G, unknown> {
    return this.#room.players;
  }

  /** What the room's `data` returned. */
  get data(): Data {
    return this.#room.data;
  }

  get visibility(): "public" | "private" {
    return this.#room.visibility;
  }

  /** Why the room has closed; `undefined` while it has not. */
  get closedBy(): CloseName | undefined {
    return this.#core.closedBy;
  }

  /** Lets so many of the room's ticks pass, with everything that follows from them. */
  async ticks(count: number): Promise<void> {
    const { tickRate } = this.#core.game.spec;
    const until = this.#core.tick + count;
    await this.#time.run((count * 1_000) / tickRate);
    // Fractions of a millisecond add up where a period is no whole number of them.
    while (this.#core.closedBy === undefined && this.#core.tick < until) await this.#time.run(1);
  }

  /** Does something as the author's code in the room's next tick, and lets that pass. */
  run<Result>(change: (room: Room<G, unknown, Data>) => Result): Promise<Result> {
    return this.#time.until(this.#room.run(() => change(this.#room)));
  }

  /**
   * A client's player, as hooks get it.
   *
   * @throws Error where they have no seat (any more)
   */
  player(client: TestClient<G>): Player<G> {
    const player = this.#room.players.get(client.room.playerId);
    if (player !== undefined) return player;
    throw new Error(`player ${client.room.playerId} has no seat in room "${this.id}" (any more)`);
  }

  /** Ends a player's stay, and lets that pass. */
  async kick(client: TestClient<G>, reason: CloseName = "kicked"): Promise<void> {
    this.player(client).close(reason);
    await this.ticks(1);
  }
}
