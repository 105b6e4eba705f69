import type { Matchmaker, NoRoom } from "../../matchmaking/matchmaker.ts";
import type { RoomCore } from "../../room/room-core.ts";
import type { Tickets } from "../../tickets/tickets.ts";
import type { Directory } from "../directory/directory.ts";
import type { ClusterNode } from "../node/index.ts";
import type { SeatAnswer, SeatQuestion } from "./seat-question.ts";

export interface SeatKeeperParts {
  readonly matchmaker: Matchmaker;
  readonly tickets: Tickets | undefined;
  readonly node: ClusterNode;
  readonly directory: Directory;
}

/** The owner's word: keeps seats in rooms of this node for players who were sent here, and makes the room where it was claimed for it. */
export class SeatKeeper {
  readonly #parts: SeatKeeperParts;
  /** Rooms that are being made: a hundred who were sent to one room make it once. */
  readonly #making = new Map<string, Promise<RoomCore | NoRoom>>();

  constructor(parts: SeatKeeperParts) {
    this.#parts = parts;
  }

  async keep({ game, room: id, hold, presented, make }: SeatQuestion): Promise<SeatAnswer> {
    const { matchmaker, tickets, node } = this.#parts;
    if (tickets?.isFull) return { kept: false, refused: "server-busy" };
    if (make !== undefined && !matchmaker.rooms.has(id)) {
      const made = await this.#made(game, id, make.options);
      if ("refused" in made) return { kept: false, ...made };
    }
    const acquired = matchmaker.acquireById(game, id);
    if ("refused" in acquired) return { kept: false, ...acquired };
    if (tickets === undefined) {
      // The directory's hold is all that keeps the seat.
      acquired.release();
      return { kept: true };
    }
    const seat = await tickets.issue(acquired, presented);
    // From now on the seat is among those that this node reports.
    if (hold !== undefined) node.records.settle(id, hold);
    return { kept: true, seat };
  }

  #made(game: string, id: string, options: Readonly<Record<string, string>>): Promise<RoomCore | NoRoom> {
    const under = this.#making.get(id);
    if (under !== undefined) return under;
    const making = this.#make(game, id, options).finally(() => this.#making.delete(id));
    this.#making.set(id, making);
    return making;
  }

  async #make(
    game: string,
    id: string,
    options: Readonly<Record<string, string>>,
  ): Promise<RoomCore | NoRoom> {
    const { matchmaker, directory, node } = this.#parts;
    // Whoever asks may be mistaken, or late: what is made is what the directory has as this node's to make.
    const known = await directory.room(id);
    if (!known.ok) return { refused: known.code === "no-such-room" ? "no-such-room" : "server-busy" };
    const { owner, state } = known.value.room;
    if (owner.node !== node.id || owner.epoch !== node.lease?.epoch) return { refused: "room-moved" };
    if (state !== "creating") return { refused: "no-such-room" };
    return matchmaker.create({ game, options, id });
  }
}
