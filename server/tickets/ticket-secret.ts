import { createSecretKey, type KeyObject } from "node:crypto";

/** As many as a hash of SHA-256 has: what is shorter is easier to guess than to forge (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

/** What a secret has wrong, as a sentence without the secret. */
export function secretProblem(secret: string): string | undefined {
  const bytes = Buffer.byteLength(secret);
  return bytes >= MIN_SECRET_BYTES
    ? undefined
    : `a ticket secret has ${bytes} bytes; it must have at least ${MIN_SECRET_BYTES}, as "openssl rand -base64 32" gives them`;
}

/** @throws RangeError for a secret that is too short */
export function ticketKey(secret: string): KeyObject {
  const problem = secretProblem(secret);
  if (problem !== undefined) throw new RangeError(problem);
  return createSecretKey(secret, "utf8");
}
