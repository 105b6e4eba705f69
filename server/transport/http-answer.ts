import type { TransportHandlers } from "./transport.ts";

/** What goes back to the peer: everything of a response, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` for an answer that has no body, not even an empty one: 204 and 304. */
  readonly body: Uint8Array | undefined;
}

/** Asks the server and reads its answer. Never rejects: a fault of the server is reported and answered with 500. */
export async function askForAnswer(
  handlers: TransportHandlers,
  request: Request,
  remoteAddress: string,
): Promise<HttpAnswer> {
  try {
    const response = await handlers.http(request, remoteAddress);
    if (response.status === 0) throw new TypeError("`Response.error()` cannot be sent");
    const bytes = new Uint8Array(await response.arrayBuffer());
    const bodiless = response.status === 204 || response.status === 304;
    return { status: response.status, headers: response.headers, body: bodiless ? undefined : bytes };
  } catch (error) {
    handlers.failed(error, "http");
    return plainAnswer(500, "Internal server error");
  }
}

/** A short answer in plain text, of the transport's own. */
export function plainAnswer(status: number, sentence: string): HttpAnswer {
  return {
    status,
    headers: new Headers({ "content-type": "text/plain; charset=utf-8" }),
    body: new TextEncoder().encode(`${sentence}\n`),
  };
}

/**
 * What `Content-Length` says: the bytes of the body, or `undefined` where there is none. Only an answer to HEAD
 * may name a length without making the bytes.
 */
export function contentLength(method: string, { headers, body }: HttpAnswer): number | undefined {
  const named = Number(headers.get("content-length"));
  const trusted = method === "HEAD" && body?.length === 0 && Number.isSafeInteger(named) && named > 0;
  return trusted ? named : body?.length;
}
