/** For backends of one's own: tickets that say who a player is. Loads neither the server nor uWebSockets.js. */
export type { NodeIdentity } from "./node-identity.ts";
export {
  DEFAULT_TICKET_SECONDS,
  MAX_TICKET_SECONDS,
  type SignOptions,
  signTicket,
  type TicketContent,
  type TicketPlace,
} from "./ticket.ts";
