import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { STATUS_CODES } from "node:http";
import type { ClientAddress } from "../../access/client-address.ts";
import { askForAnswer, contentLength, type HttpAnswer, plainAnswer } from "../http-answer.ts";
import type { TransportHandlers } from "../transport.ts";
import { headerLines } from "./header-lines.ts";
import { remoteAddressText } from "./remote-address.ts";

/** Written by uWebSockets.js itself, or true of one connection only. */
const NOT_FORWARDED = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

/**
 * So much of a body beyond its limit is still read, and thrown away: a peer that is cut while it sends never
 * sees the answer.
 */
const LINGER_BYTES = 1024 * 1024;

/** Ends the host of an address, or begins it anew: what came behind would pass for the path, which proxies judge. */
const BEYOND_HOST = /[/\\?#@]/;

type After = "keep" | "close";

/** What uWebSockets.js shows of a request during its callback only, copied. */
interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: [name: string, value: string][];
}

/**
 * Answers one HTTP request of uWebSockets.js through the web's own `Request` and `Response`. The request's
 * `signal` aborts when the peer goes away.
 */
export function bridgeHttp(
  response: HttpResponse,
  request: HttpRequest,
  handlers: TransportHandlers,
  maxBodyBytes: number,
  clientAddress: ClientAddress,
): void {
  const abort = new AbortController();
  // First of all: without it, anything that throws before an answer ends the process.
  response.onAborted(() => abort.abort());
  const head = readHead(request);
  const peer = remoteAddressText(response.getRemoteAddress());
  const remoteAddress = clientAddress(peer, headerLines(request));

  const answer = (body: Uint8Array<ArrayBuffer> | undefined): void => {
    const asked = toRequest(head, body, abort.signal);
    if (asked === undefined) {
      write(response, head, plainAnswer(400, "Malformed request"), "keep");
      return;
    }
    void askForAnswer(handlers, asked, remoteAddress).then((given) => {
      // An aborted response must not be touched any more.
      if (!abort.signal.aborted) write(response, head, given, "keep");
    });
  };

  if (head.method === "GET" || head.method === "HEAD") {
    answer(undefined);
    return;
  }
  readBody(response, maxBodyBytes, answer, (after) => {
    handlers.limited("maxBodyBytes", remoteAddress);
    write(response, head, plainAnswer(413, `The body is larger than ${maxBodyBytes} bytes`), after);
  });
}

/** An answer of the transport's own, to a request of which no more is read. */
export interface ImmediateAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers at once, in the callback in which the request came. */
export function answerNow(response: HttpResponse, { status, reason, headers }: ImmediateAnswer): void {
  const answer = plainAnswer(status, reason);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  write(response, { method: "GET" }, answer, "keep");
}

function readHead(request: HttpRequest): RequestHead {
  const headers: [string, string][] = [];
  request.forEach((name, value) => {
    headers.push([name, value]);
  });
  // Its types promise a text, but without a question mark there is none.
  const query: string | undefined = request.getQuery();
  const url = request.getUrl() + (query ? `?${query}` : "");
  return { method: request.getCaseSensitiveMethod(), url, headers };
}

/** `undefined` if a standard request cannot say this: an impossible host, header or method. */
function toRequest(
  head: RequestHead,
  body: Uint8Array<ArrayBuffer> | undefined,
  signal: AbortSignal,
): Request | undefined {
  try {
    const headers = new Headers(head.headers);
    const host = headers.get("host") ?? "localhost";
    if (BEYOND_HOST.test(host)) return undefined;
    // Joined by hand: resolved against a base, a path such as `//other.host` would name another host.
    const url = new URL(`http://${host}${head.url}`);
    return new Request(url, { method: head.method, headers, signal, body: body ?? null });
  } catch {
    // Each step above throws for what the peer sent and for nothing else.
    return undefined;
  }
}

/** Collects the body; calls one of the two exactly once, unless the peer goes away. */
function readBody(
  response: HttpResponse,
  maxBytes: number,
  complete: (body: Uint8Array<ArrayBuffer>) => void,
  tooLarge: (after: After) => void,
): void {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let refused = false;
  response.onData((chunk, isLast) => {
    if (refused) return;
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      chunks.length = 0;
      refused = isLast || bytes > maxBytes + LINGER_BYTES;
      if (refused) tooLarge(isLast ? "keep" : "close");
      return;
    }
    // Copied, because the chunk is emptied when this returns.
    chunks.push(new Uint8Array(chunk.slice(0)));
    if (isLast) complete(new Uint8Array(Buffer.concat(chunks)));
  });
}

function write(
  response: HttpResponse,
  { method }: Pick<RequestHead, "method">,
  answer: HttpAnswer,
  after: After,
): void {
  response.cork(() => {
    response.writeStatus(`${answer.status} ${STATUS_CODES[answer.status] ?? "Unknown"}`);
    for (const [name, value] of answer.headers) {
      // Header values are Latin-1; given a string, uWebSockets.js would write UTF-8.
      if (!NOT_FORWARDED.has(name)) response.writeHeader(name, Buffer.from(value, "latin1"));
    }
    const close = after === "close";
    if (answer.body === undefined || method === "HEAD") {
      response.endWithoutBody(contentLength(method, answer), close);
    } else response.end(answer.body, close);
  });
}
