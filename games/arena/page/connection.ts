import type { ClientRoom } from "tickcast/client";
import type { LinkConditioner } from "tickcast/conditioner";
import { RoomConnection, type Status as RoomStatus } from "../../page/connection.ts";
import { type ArenaSpec, arena } from "../arena.ts";

export { type Entry, invitedTo, type Remedy } from "../../page/connection.ts";

export type GameRoom = ClientRoom<ArenaSpec>;
export type Status = RoomStatus<ArenaSpec>;

export interface Pilot {
  readonly name: string;
  readonly colour: number;
}

/** @param conditioner the network that the visitor asks for */
export function arenaConnection(
  pilot: Pilot,
  conditioner: LinkConditioner,
  tell: (status: Status) => void,
): RoomConnection<ArenaSpec> {
  return new RoomConnection(
    {
      game: arena,
      join: pilot,
      again: ({ me }) => me && { name: me.name, colour: me.colour },
      options: { conditioner },
    },
    tell,
  );
}
