import { createHash, timingSafeEqual } from "node:crypto";
import { problem } from "./json.ts";

/** What a proxy adds: who comes through one comes from elsewhere, whatever the connection's own address. */
const FORWARDING_HEADERS = ["x-forwarded-for", "forwarded", "via"];

/**
 * Whether a request may see what is for operators: with the token, or without one from this machine itself.
 *
 * @returns the refusal: 401 where a token would help, 404 where nothing would; `undefined` lets the request in
 */
export function refuseStranger(
  request: Request,
  remoteAddress: string,
  token: string | undefined,
): Response | undefined {
  if (isThisMachine(request, remoteAddress)) return undefined;
  if (token === undefined)
    return problem(404, "not-found", `There is nothing at ${new URL(request.url).pathname}.`);
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given !== undefined && isSame(given, token)) return undefined;
  return problem(401, "unauthorized", "Send the token: Authorization: Bearer …", {
    "www-authenticate": "Bearer",
  });
}

function isThisMachine({ headers }: Request, address: string): boolean {
  if (FORWARDING_HEADERS.some((name) => headers.has(name))) return false;
  return address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** Hashes are of one length, so that neither content nor length shows in the time that comparing takes. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
