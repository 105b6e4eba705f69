/** A hello is bounded by `maxMessageBytes`; a ticket has to leave room for the join. */
export const MAX_TICKET_LETTERS = 8_192;

/** Of these: the header and the signature of HS256, with their dots. */
const AROUND_CLAIMS_LETTERS = 128;

/** The claims of a ticket of matchmaking besides what was presented: names of at most 64 letters, and three numbers. */
const PLACE_BYTES = 512;

/**
 * What a player presents to matchmaking goes along inside of the ticket. It has at most so many bytes as JSON in UTF-8, of
 * which Base64 makes four letters of three.
 */
export const MAX_PRESENTED_BYTES = ((MAX_TICKET_LETTERS - AROUND_CLAIMS_LETTERS) / 4) * 3 - PLACE_BYTES;
