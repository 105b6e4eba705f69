import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { NodeIdentity } from "../../server/tickets/node-identity.ts";
import type { TicketPlace } from "../../server/tickets/ticket.ts";
import { Tickets, type TicketsOptions } from "../../server/tickets/tickets.ts";
import { type Hosted, type HostOptions, host } from "./hosted.ts";

/** Of servers in tests. */
export const TICKET_SECRET = "a secret of thirty-two bytes, say";

/** A server's life, in tests. */
export const NODE: NodeIdentity = { id: "n1", epoch: 7 };

/** The time of day when the clock of a test says 0. */
const BEGAN_AT = 1_800_000_000_000;

/** What matchmaking answered. */
export interface JoinAnswer {
  readonly url: string;
  readonly room: string;
  readonly ticket: string;
  readonly place: TicketPlace;
  readonly expiresInMs: number;
}

/** A server in memory that takes tickets, on the test's clock. */
export async function ticketed(
  rooms: readonly RoomDefinition[],
  options: Partial<Pick<TicketsOptions, "mode" | "secrets" | "seconds" | "node" | "maxTickets">> = {},
  hostOptions: HostOptions = {},
) {
  let lastId = 0;
  let made: Tickets | undefined;
  const faults: string[] = [];
  const hosted: Hosted = await host(rooms, {
    ...hostOptions,
    tickets: (clock, bus) => {
      made = new Tickets({
        mode: "required",
        secrets: [TICKET_SECRET],
        node: NODE,
        clock,
        timeOfDay: () => BEGAN_AT + clock.now(),
        id: () => `t${++lastId}`,
        maxTickets: 100,
        bus,
        ...options,
      });
      return made;
    },
  });
  hosted.server.bus.on("ticketRefused", ({ fault }) => faults.push(fault));
  /** Asks matchmaking. */
  const ask = async (path = "/join/probe", init: RequestInit = {}): Promise<Response> =>
    settled(
      hosted,
      hosted.transport.request(new Request(`http://memory${path}`, { method: "POST", ...init })),
    );
  return {
    hosted,
    /** Why tickets were refused, in order. */
    faults,
    timeOfDay: () => BEGAN_AT + hosted.clock.now(),
    ask,
    /** A seat that matchmaking found. */
    seat: async (path?: string, init?: RequestInit): Promise<JoinAnswer> =>
      (await ask(path, init)).json() as Promise<JoinAnswer>,
    get size() {
      return made?.size;
    },
  };
}

/** Signing happens on threads, so the event loop has to turn meanwhile. */
export async function settled<Result>(hosted: Hosted, pending: Promise<Result>): Promise<Result> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  pending.then(end, end);
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    await hosted.clock.settle();
  }
  return pending;
}
