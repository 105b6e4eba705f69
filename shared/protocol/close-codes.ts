/**
 * Whether to connect again after a close.
 *
 * - `soon`: at once but for jitter, then with growing pauses
 * - `later`: the same after a first pause of seconds, for what does not mend in a moment
 * - `never`: the same attempt would end in the same way; a person or a new version has to act
 */
export type CloseRetry = "soon" | "later" | "never";

interface CloseRow {
  readonly code: number;
  readonly retry: CloseRetry;
  /** What happened and what to do. ASCII, and within the 123 bytes that a close frame has for its reason. */
  readonly sentence: string;
}

/** Why a connection ended, in a form to branch on (`name`, `retry`) and to show (`sentence`). */
export interface CloseDescription<Name extends string = CloseName | StandardCloseName | "unknown">
  extends CloseRow {
  readonly name: Name;
}

type CloseTable<Name extends string> = { readonly [N in Name]: CloseDescription<N> };

/**
 * The codes that Tickcast closes with: 4000–4499 invite to try again, 4500–4999 do not. The ranges are the
 * contract: a client that meets a code newer than itself still knows what to do.
 *
 * `left` has a code of its own (not 1000) because a server must tell a player who leaves, and whose seat is free
 * at once, from a closed tab or an idle proxy, whose player may return within the grace period.
 */
export const closeCodes = named({
  // 40xx: the server
  "server-stopping": {
    code: 4000,
    retry: "soon",
    sentence: "The server is stopping. Connect again: another server takes over.",
  },
  "server-busy": {
    code: 4001,
    retry: "later",
    sentence: "The server takes no more players at the moment. Try again in a little while.",
  },

  // 41xx: the room
  "room-restarting": {
    code: 4100,
    retry: "soon",
    sentence: "The room restarts, here or on another server. Connect again to go on playing.",
  },
  "room-full": {
    code: 4101,
    retry: "later",
    sentence: "All seats of the room are taken. Try again later, or join another room.",
  },
  "room-locked": {
    code: 4102,
    retry: "later",
    sentence: "The room admits nobody at the moment. Try again later, or join another room.",
  },
  "room-failed": {
    code: 4103,
    retry: "later",
    sentence: "The game's code failed and its room was closed. Connect again to play in a new one.",
  },
  "load-failed": {
    code: 4104,
    retry: "later",
    sentence: "The room could not be loaded. Try again later; the cause is in the server's log.",
  },
  "room-overloaded": {
    code: 4105,
    retry: "later",
    sentence: "The room needed more time than it has and was closed. Connect again to play in a new one.",
  },
  "room-moved": {
    code: 4106,
    retry: "soon",
    sentence: "The room is on another server by now. Ask matchmaking where (POST /join), and connect there.",
  },

  // 42xx: the connection
  "greeting-timeout": {
    code: 4200,
    retry: "soon",
    sentence: "No greeting arrived in time after the connection opened. Connect again.",
  },
  "seat-expired": {
    code: 4201,
    retry: "soon",
    sentence: "The reserved seat was not taken in time. Connect again to get a new one.",
  },
  "too-slow": {
    code: 4202,
    retry: "soon",
    sentence: "The connection could not keep up with the game. Connect again to catch up.",
  },
  "rate-limited": {
    code: 4203,
    retry: "later",
    sentence: "Too much was sent in too short a time. Wait a moment, then connect again and send less.",
  },

  // 45xx: the player's stay is over
  left: { code: 4500, retry: "never", sentence: "The player left the room. Join again to play on." },
  kicked: {
    code: 4501,
    retry: "never",
    sentence: "The game removed the player from the room. Join another room, or ask the host.",
  },
  replaced: {
    code: 4502,
    retry: "never",
    sentence: "The same player connected from elsewhere. Go on there, or join again here.",
  },
  "room-closed": { code: 4503, retry: "never", sentence: "The room was closed. Join another room." },

  // 46xx: not let in
  refused: {
    code: 4600,
    retry: "never",
    sentence: "The game did not admit the player. Sign in again, or ask its operator for access.",
  },
  "bad-join": {
    code: 4601,
    retry: "never",
    sentence: "The join options are not what the game asks for. Correct them and join again.",
  },
  "bad-token": {
    code: 4602,
    retry: "never",
    sentence: "The ticket or token is not valid, or no longer. Get a new one and join again.",
  },
  "no-such-game": {
    code: 4603,
    retry: "never",
    sentence: "This server does not host that game. Check the address and the game's name.",
  },
  "no-such-room": {
    code: 4604,
    retry: "never",
    sentence: "There is no room with that id. It may have closed: join another room.",
  },

  // 47xx: client and server do not understand each other
  "client-outdated": {
    code: 4700,
    retry: "never",
    sentence: "The game has a new version. Reload the page or update the client.",
  },
  "protocol-version": {
    code: 4701,
    retry: "never",
    sentence: "Client and server speak different protocol versions. Update the older of the two.",
  },
  "bad-frame": {
    code: 4702,
    retry: "never",
    sentence: "A frame was not what the protocol allows. Update the client, or report the fault.",
  },
  "too-many-errors": {
    code: 4703,
    retry: "never",
    sentence: "Too many of the player's calls failed in a short time. Reload, or report the fault.",
  },
});

/**
 * Codes of the WebSocket standard (RFC 6455 and the IANA registry) as they are met around a game. The server
 * itself closes with `text-frame` and `too-large`; the others come from browsers, proxies and networks.
 */
export const standardCloseCodes = named({
  normal: {
    code: 1000,
    retry: "never",
    sentence: "The connection was closed on purpose. Join again to play.",
  },
  "going-away": {
    code: 1001,
    retry: "soon",
    sentence: "The page was left or the server went away. Connect again.",
  },
  "protocol-error": {
    code: 1002,
    retry: "never",
    sentence: "The WebSocket protocol was broken. Update the client, or check the proxies on the way.",
  },
  "text-frame": {
    code: 1003,
    retry: "never",
    sentence:
      "A text frame was sent, but only binary frames are understood. Send MessagePack in binary frames.",
  },
  "no-status": {
    code: 1005,
    retry: "soon",
    sentence: "The connection was closed without a reason. Connect again.",
  },
  abnormal: {
    code: 1006,
    retry: "soon",
    sentence: "The connection broke or could not be opened. Check the network, then connect again.",
  },
  "bad-data": {
    code: 1007,
    retry: "never",
    sentence: "A frame held bytes that do not fit its type. Update the client, or report the fault.",
  },
  policy: {
    code: 1008,
    retry: "never",
    sentence: "The server or a proxy does not allow this connection. Ask the operator.",
  },
  "too-large": {
    code: 1009,
    retry: "never",
    sentence: "A frame was larger than the server accepts. Send less at a time.",
  },
  "extension-missing": {
    code: 1010,
    retry: "never",
    sentence: "The server lacks a WebSocket extension that the client requires. Do not require it.",
  },
  "internal-error": {
    code: 1011,
    retry: "later",
    sentence: "The server met an error of its own. Try again later; the cause is in its log.",
  },
  "service-restart": { code: 1012, retry: "soon", sentence: "The service restarts. Connect again." },
  "try-again-later": {
    code: 1013,
    retry: "later",
    sentence: "The service is overloaded. Try again in a little while.",
  },
  "bad-gateway": {
    code: 1014,
    retry: "later",
    sentence: "A proxy got no valid answer from the server. Try again in a little while.",
  },
  "tls-failed": {
    code: 1015,
    retry: "never",
    sentence: "The encrypted connection could not be set up. Check the server's certificate.",
  },
});

export type CloseName = keyof typeof closeCodes;
export type StandardCloseName = keyof typeof standardCloseCodes;

const byCode = new Map<number, CloseDescription>(
  [...Object.values(closeCodes), ...Object.values(standardCloseCodes)].map((close) => [close.code, close]),
);

/**
 * What a close code means. Total: a code that is in no table gets the name `unknown` and is judged by its range,
 * and outside of 4500–4999 the benefit of the doubt.
 *
 * @example
 * closeByCode(4101).name; // "room-full"
 * closeByCode(4999).retry; // "never"
 */
export function closeByCode(code: number): CloseDescription {
  const known = byCode.get(code);
  if (known !== undefined) return known;
  if (code >= 4500 && code <= 4999) {
    return {
      code,
      name: "unknown",
      retry: "never",
      sentence: "The connection was closed for good, for a reason that this client does not know. Update it.",
    };
  }
  return {
    code,
    name: "unknown",
    retry: "later",
    sentence: "The connection was closed for a reason that this client does not know. Try again later.",
  };
}

/**
 * Whether a client's end can close with a code. A platform's WebSocket takes 1000 and 3000–4999 and throws for all
 * others: what is left of the standard's codes is the platform's own to say.
 */
export function isClientCode(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999);
}

/** A row's name stands in its key alone. */
function named<const Name extends string>(rows: { readonly [N in Name]: CloseRow }): CloseTable<Name> {
  const entries = Object.entries<CloseRow>(rows).map(([name, row]) => [name, { name, ...row }]);
  return Object.fromEntries(entries) as CloseTable<Name>;
}
