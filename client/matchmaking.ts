import { type CloseDescription, closeCodes, standardCloseCodes } from "../shared/protocol/close-codes.ts";
import type { Clock } from "../shared/tick/clock.ts";
import { socketUrl } from "./connect-url.ts";
import { connectErrorOf } from "./ending.ts";

/** Sends a POST, and reads the whole answer. Rejects where nobody answers. */
export type AskMatchmaking = (
  url: string,
  body: string,
) => Promise<{ readonly status: number; readonly text: string }>;

export interface MatchmakingQuestion {
  readonly url: string;
  readonly clock: Clock;
  readonly ask?: AskMatchmaking;
  /** What `admit` is to judge. */
  readonly ticket: string | undefined;
  readonly joinTimeoutMs: number;
}

/** Where the room is, and what lets in there. */
export interface FoundRoom {
  readonly url: string;
  readonly ticket: string | undefined;
}

/**
 * Asks matchmaking for a room.
 *
 * @throws ConnectError by the code that it answered, or as `abnormal` where it cannot be reached in time
 */
export async function findRoom(question: MatchmakingQuestion): Promise<FoundRoom> {
  const { url, clock, ask = askByFetch, ticket, joinTimeoutMs } = question;
  const refusal = (close: CloseDescription, reason: string) => connectErrorOf({ close, reason }, url);
  const { abnormal } = standardCloseCodes;
  const { status, text } = await new Promise<Awaited<ReturnType<AskMatchmaking>>>((answered, failed) => {
    const stop = clock.after(joinTimeoutMs, () => failed(refusal(abnormal, "matchmaking did not answer")));
    ask(url, ticket === undefined ? "" : JSON.stringify({ ticket }))
      .finally(stop)
      .then(answered, (cause) => failed(refusal(abnormal, String(cause))));
  });
  const answer = parsed(text);
  // A server without tickets leaves it to the game to judge.
  if (status === 200 && answer.url)
    return { url: socketUrl(answer.url, url), ticket: answer.ticket ?? ticket };
  const { code = "", message = `${status} instead of a room` } = answer.error ?? {};
  const close = Object.hasOwn(closeCodes, code) ? closeCodes[code as keyof typeof closeCodes] : undefined;
  // Behind a proxy a server that restarts is a 502.
  throw refusal(close ?? closeCodes[status >= 500 ? "server-busy" : "refused"], message);
}

/** What a server of ours said; a proxy in front of it says something else. */
function parsed(text: string): {
  readonly url?: string;
  readonly ticket?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
} {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

const askByFetch: AskMatchmaking = async (url, body) => {
  const answer = await fetch(url, { method: "POST", body });
  return { status: answer.status, text: await answer.text() };
};
