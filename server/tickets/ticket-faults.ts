/** Why a ticket lets nobody in, with the sentence that the player gets: ASCII, at most 123 bytes. */
export const ticketFaults = {
  missing: "This server asks for a ticket. Join through matchmaking (POST /join), or get a ticket first.",
  invalid: "The ticket is none of this server's. Get a new one and join again.",
  expired: "The ticket is too old. Get a new one and join again.",
  "not-yet": "The ticket is from the future: the clocks of two servers differ. Ask the operator.",
  used: "The ticket was used already. Get a new one and join again.",
  "other-node": "The ticket is for another server, or for this one before it was restarted. Get a new one.",
  "other-room": "The ticket is for another room. Join the one that it names, or get a new one.",
  anonymous: "The ticket does not say who you are. Sign in, and get a ticket from where you did.",
} as const;

export type TicketFault = keyof typeof ticketFaults;
