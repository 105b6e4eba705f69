import type { CloseDescription } from "../shared/protocol/close-codes.ts";
import { ConnectError } from "./connect-error.ts";

/** Why a connection or a whole stay ends, and what is known beyond the code. */
export interface Ending {
  readonly close: CloseDescription;
  readonly reason?: string;
  readonly problems?: readonly string[];
  readonly cause?: unknown;
}

/** A sentence that says what happened and what to do, with all that is known. */
export function connectErrorOf({ close, reason, problems = [], cause }: Ending, url: string): ConnectError {
  const details = [...(reason && reason !== close.sentence ? [reason] : []), ...problems];
  const known = details.length > 0 ? ` (${details.join("; ")})` : "";
  return new ConnectError(`could not join ${url}: ${close.sentence}${known}`, close, { problems, cause });
}
