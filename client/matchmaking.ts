import {
  type CloseDescription,
  type CloseName,
  closeCodes,
  standardCloseCodes,
} from "../shared/protocol/close-codes.ts";
import type { Clock } from "../shared/tick/clock.ts";
import type { ConnectError } from "./connect-error.ts";
import { socketUrl } from "./connect-url.ts";
import { connectErrorOf } from "./ending.ts";
import type { ClientSocket, OpenSocket } from "./socket.ts";

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
  /** In a cluster: which life of which server has it, for saying that it cannot be reached. */
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
}

/** Beyond it the server that was there last is tried. A server that awaits the room answers before. */
const ASK_AGAIN_MS = 4_000;

/** Characters of an answer that nobody expected: enough to see whose it is. */
const MOST_SHOWN = 80;

/**
 * For rooms that are found by matchmaking: each connection but one to what was just found asks where the room is by now, for
 * it may have moved. Where nobody knows, the address that it had is as good as any. Whose server does not answer says so
 * with the next question: it is answered when the room is somebody else's, instead of with the same address again.
 */
export function followingRoom(
  openSocket: OpenSocket,
  question: MatchmakingQuestion,
  first: "found" | "returning",
): OpenSocket {
  let state = first;
  let unreachable: string | undefined;
  return (url, listener) => {
    const [, game, room] = /([^/]+)\/([^/]+)$/.exec(new URL(url).pathname) ?? [];
    const isFound = state === "found" || room === undefined;
    state = "returning";
    if (isFound) return openSocket(url, listener);
    const [base = ""] = question.url.split("/join/");
    let socket: ClientSocket | undefined;
    let givenUp = false;
    const open = (at: string, owner?: string): void => {
      if (givenUp) return;
      unreachable = owner;
      socket = openSocket(at, {
        opened() {
          unreachable = undefined;
          listener.opened();
        },
        received: (bytes) => listener.received(bytes),
        closed: (code, reason) => listener.closed(code, reason),
      });
    };
    const asked = { ...question, url: `${base}/join/${game}/${room}`, joinTimeoutMs: ASK_AGAIN_MS };
    const answered = ask(asked, { returning: true, unreachable }).then(
      (answer) => open(answer.url, answer.owner),
      ({ close, message }: ConnectError) => {
        if (close.name !== "room-restarting" && close.retry !== "never") open(url);
        else if (!givenUp) listener.closed(close.code, message);
      },
    );
    // The platform may forbid the attempt, as a secure page an insecure address.
    answered.catch((cause) => {
      if (!givenUp) listener.closed(standardCloseCodes.abnormal.code, String(cause));
    });
    return {
      send: (bytes) => socket?.send(bytes),
      close: (code, reason) => {
        givenUp = true;
        socket?.close(code, reason);
      },
      get bufferedBytes() {
        return socket?.bufferedBytes ?? 0;
      },
    };
  };
}

/**
 * Asks matchmaking for a room.
 *
 * @throws ConnectError by the code that it answered, or as `abnormal` where it cannot be reached in time
 */
export function findRoom(question: MatchmakingQuestion): Promise<FoundRoom> {
  return ask(question, question.ticket === undefined ? undefined : { ticket: question.ticket });
}

async function ask(question: MatchmakingQuestion, body: object | undefined): Promise<FoundRoom> {
  const { url, clock, ask: post = askByFetch, ticket, joinTimeoutMs } = question;
  const refusal = (close: CloseDescription, reason: string) => connectErrorOf({ close, reason }, url);
  const { abnormal } = standardCloseCodes;
  const { status, text } = await new Promise<Awaited<ReturnType<AskMatchmaking>>>((answered, failed) => {
    const stop = clock.after(joinTimeoutMs, () => failed(refusal(abnormal, "matchmaking did not answer")));
    post(url, body === undefined ? "" : JSON.stringify(body))
      .finally(stop)
      .then(answered, (cause) => failed(refusal(abnormal, String(cause))));
  });
  const answer = parsed(text);
  const address = status === 200 && typeof answer.url === "string" ? addressIn(answer.url, url) : undefined;
  // A server without tickets leaves it to the game to judge.
  if (address !== undefined) return { url: address, owner: answer.owner, ticket: answer.ticket ?? ticket };
  const { code = "", message = `${status} instead of a room: ${text.slice(0, MOST_SHOWN)}` } =
    answer.error ?? {};
  // All else is of no server of ours: of a proxy whose server restarts, a limit, a network that one is to log in to.
  const strange =
    status >= 500 || status === 429 ? closeCodes["server-busy"] : standardCloseCodes["bad-gateway"];
  throw refusal(Object.hasOwn(closeCodes, code) ? closeCodes[code as CloseName] : strange, message);
}

function addressIn(written: string, asked: string): string | undefined {
  try {
    return socketUrl(written, asked);
  } catch {
    return undefined;
  }
}

/** What a server of ours said; a proxy in front of it says something else. */
function parsed(text: string): {
  readonly url?: unknown;
  readonly owner?: string;
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
