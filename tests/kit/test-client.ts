import type { ClientRoom, RequestResult } from "../../client/client-room.ts";
import type { GameSpec } from "../../shared/definition/game.ts";
import type { ReplyOf, RequestErrorOf, RequestInputOf, RequestName } from "../../shared/definition/types.ts";
import type { TestNetwork } from "./test-network.ts";
import type { TestTime } from "./test-time.ts";

/** A client in a test: the SDK's room, the network below it, and what takes time as one call. */
export class TestClient<G extends GameSpec = GameSpec> {
  /** What a page or a bot has: state, inputs, messages, events. */
  readonly room: ClientRoom<G>;
  readonly network: TestNetwork;
  readonly #time: TestTime;

  constructor(room: ClientRoom<G>, network: TestNetwork, time: TestTime) {
    this.room = room;
    this.network = network;
    this.#time = time;
  }

  /** The mirror of the room's state. */
  get state(): ClientRoom<G>["state"] {
    return this.room.state;
  }

  /** Lets so many of the room's ticks pass, with everything that follows from them. */
  async ticks(count: number): Promise<void> {
    await this.#time.run((count * 1_000) / this.room.game.tickRate);
  }

  /** Asks, and lets time pass until the answer is there. */
  request<Name extends RequestName<G>>(
    request: Name,
    input: RequestInputOf<G, Name>,
  ): Promise<RequestResult<ReplyOf<G, Name>, RequestErrorOf<G, Name>>> {
    return this.#time.until(this.room.request(request, input));
  }

  /** Lets time pass until a lost connection is made up for: the client has its seat again, or has given up. */
  async returned(): Promise<void> {
    await this.#time.until(() => this.room.connection.state !== "reconnecting");
  }

  /** Leaves for good, and lets time pass until the connection is closed and the seat free. */
  async leave(): Promise<void> {
    await this.#time.until(this.room.leave());
    await this.ticks(1);
  }
}
