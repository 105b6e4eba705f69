import { createHash, timingSafeEqual } from "node:crypto";

const LEAST_CHARACTERS = 16;

/**
 * @param name of the setting whose value it is
 * @returns what is wrong with it, in a sentence that does not repeat it; `undefined` for one that is fit
 */
export function tokenProblem(name: string, token: string): string | undefined {
  if (token.length < LEAST_CHARACTERS)
    return `${name} has ${token.length} characters; it needs at least ${LEAST_CHARACTERS}. Make one with: openssl rand -base64 24`;
  if (!/^[\x21-\x7e]+$/.test(token))
    return `${name} has to be of letters, digits and signs of ASCII, without spaces. Make one with: openssl rand -base64 24`;
  return undefined;
}

/** What opens the dashboard. Compared as hashes, so that the time it takes says nothing. */
export class AdminToken {
  readonly #hash: Buffer;

  /** @throws RangeError for a token that is too easy to guess or that no header can carry */
  constructor(token: string) {
    const problem = tokenProblem("adminToken", token);
    if (problem !== undefined) throw new RangeError(problem);
    this.#hash = hashOf(token);
  }

  /** Whether an `Authorization` header carries the token. */
  isIn(authorization: string | null): boolean {
    const shown = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
    return timingSafeEqual(hashOf(shown), this.#hash);
  }
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
