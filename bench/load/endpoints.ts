/** An address that is requested over connections of its own. */
export interface Endpoint {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /** Each has one request under way at a time. */
  readonly connections: number;
  /** Requests a second at most; absent: the next follows an answer at once. */
  readonly ratePerSecond?: number;
}

/** One for each endpoint at least. */
export const MIN_CONNECTIONS = 3;

/**
 * So few that the rooms there are at any time stay far below a server's `maxRooms`, and that their ticks weigh
 * little beside those of the rooms that are played in.
 */
export const ROOMS_MADE_PER_SECOND = 2;

/**
 * What is requested at the same time: the two that read share the connections, the one that makes rooms has
 * one. Those rooms are private, so that the list of rooms is as long at the end as at the beginning.
 */
export function endpoints(connections: number, game: string): readonly Endpoint[] {
  const reading = connections - 1;
  const listing = Math.ceil(reading / 2);
  return [
    { name: "GET /rooms", method: "GET", path: "/rooms", connections: listing },
    { name: "GET /health", method: "GET", path: "/health", connections: reading - listing },
    {
      name: "POST /rooms",
      method: "POST",
      path: "/rooms",
      body: JSON.stringify({ game, visibility: "private" }),
      connections: 1,
      ratePerSecond: ROOMS_MADE_PER_SECOND,
    },
  ];
}
