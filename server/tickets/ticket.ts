import type { KeyObject } from "node:crypto";
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import type { TicketFault } from "./ticket-faults.ts";
import { ticketKey } from "./ticket-secret.ts";
import { MAX_TICKET_LETTERS } from "./ticket-size.ts";

/** A seat that matchmaking found: what `POST /join` says of it. */
export interface TicketPlace {
  /** The ticket's own id, which counts once. The seat that matchmaking keeps is kept for it. */
  readonly id: string;
  readonly game: string;
  readonly room: string;
  /** Of the server's {@link NodeIdentity}. */
  readonly node: string;
  readonly epoch: number;
}

/** What a join ticket says. */
export interface TicketContent extends TicketPlace {
  /** Who its bearer is, by your word: `admit` gets it as `identity.user`. */
  readonly user?: string;
  /** Anything of yours that JSON can hold: `admit` gets it as `identity.data`. Signed, not hidden: players can read it. */
  readonly data?: unknown;
  /** What the player presented to matchmaking: `admit` gets it as `ticket`. */
  readonly presented?: string;
}

export interface SignOptions {
  /** In seconds, default 15, at most {@link MAX_TICKET_SECONDS}. */
  readonly seconds?: number;
  /** In milliseconds since 1970. Default: `Date.now`. */
  readonly timeOfDay?: () => number;
}

/** Long enough for a slow page to load, short enough that a ticket that leaked is worth nothing. */
export const DEFAULT_TICKET_SECONDS = 15;

/** Who was let in by a ticket is remembered for so long, so no ticket may live longer. */
export const MAX_TICKET_SECONDS = 120;

/** By how much the clocks of two servers may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** Named in each ticket and asked for, so that no other token of the same secret passes for one (RFC 8725, 3.11). */
const TICKET_TYPE = "tickcast-join+jwt";

/** The only one, whatever a ticket says of itself. */
const ALGORITHM = "HS256";

/**
 * Signs a join ticket: a JWT (HS256) of some seconds that lets its bearer into one room of one server, once.
 *
 * @param content begins with the `place` that `POST /join` of the game server answered
 * @param secret one of the server's `ticketSecrets`, at least 32 bytes
 * @throws RangeError for a secret that is too short, a lifetime that is none, a user without a name, or content that is too much for a hello
 * @example
 * const { url, place } = await (await fetch("https://play.example.com/join/arena", { method: "POST" })).json();
 * const ticket = await signTicket({ ...place, user: "ada", data: { rank: 3 } }, secret);
 */
export async function signTicket(
  content: TicketContent,
  secret: string | KeyObject,
  { seconds = DEFAULT_TICKET_SECONDS, timeOfDay = Date.now }: SignOptions = {},
): Promise<string> {
  if (!(seconds > 0 && seconds <= MAX_TICKET_SECONDS))
    throw new RangeError(`seconds is ${seconds}; a ticket may live for up to ${MAX_TICKET_SECONDS} of them`);
  const key = typeof secret === "string" ? ticketKey(secret) : secret;
  const { id, game, room, node, epoch, user, data, presented } = content;
  const now = timeOfDay() / 1000;
  if (user === "") throw new RangeError("user is empty: say who the ticket is for, or leave it out");
  const ticket = await new SignJWT({
    ...(user !== undefined && { sub: user }),
    game,
    room,
    node,
    epoch,
    data,
    presented,
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: TICKET_TYPE })
    .setJti(id)
    .setIssuedAt(Math.floor(now))
    .setExpirationTime(Math.ceil(now + seconds))
    .sign(key);
  if (ticket.length > MAX_TICKET_LETTERS)
    throw new RangeError(
      `the ticket has ${ticket.length} letters; more than ${MAX_TICKET_LETTERS} do not fit into a hello: say less in its data`,
    );
  return ticket;
}

/** Whether a text claims to be a join ticket; whether it is one, {@link readTicket} says. */
export function claimsToBeTicket(text: string): boolean {
  try {
    return decodeProtectedHeader(text).typ === TICKET_TYPE;
  } catch {
    return false;
  }
}

/**
 * What a ticket says, once it is known to be one: signed with one of the keys, and of this moment.
 *
 * @param keys the newest first; several while an old one is still about
 * @param now milliseconds since 1970
 */
export async function readTicket(
  text: string,
  keys: readonly KeyObject[],
  now: number,
): Promise<TicketContent | TicketFault> {
  if (text.length > MAX_TICKET_LETTERS) return "invalid";
  const rules = {
    algorithms: [ALGORITHM],
    typ: TICKET_TYPE,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(now),
    requiredClaims: ["exp", "iat", "jti"],
  };
  for (const key of keys) {
    try {
      return contentOf((await jwtVerify(text, key, rules)).payload, now / 1000);
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      if (error instanceof errors.JWTExpired) return "expired";
      if (error instanceof errors.JOSEError) return "invalid";
      throw error;
    }
  }
  return "invalid";
}

function contentOf(claims: Readonly<Record<string, unknown>>, now: number): TicketContent | TicketFault {
  const { jti: id, sub: user, iat, exp, game, room, node, epoch, data, presented } = claims;
  const isWhole =
    [id, game, room, node].every((part) => typeof part === "string" && part !== "") &&
    typeof epoch === "number" &&
    (presented === undefined || typeof presented === "string");
  if (!isWhole) return "invalid";
  const lifetime = (exp as number) - (iat as number);
  // Fractions are rounded away from each other when it is signed.
  if (!(lifetime > 0 && lifetime <= MAX_TICKET_SECONDS + 1)) return "invalid";
  if ((iat as number) > now + CLOCK_TOLERANCE_SECONDS) return "not-yet";
  return {
    ...({ id, game, room, node, epoch } as TicketPlace),
    ...(typeof user === "string" && user !== "" && { user }),
    ...(data !== undefined && { data }),
    ...(presented !== undefined && { presented: presented as string }),
  };
}
