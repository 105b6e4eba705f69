import type { CloseDescription } from "../shared/protocol/close-codes.ts";

/** Why there is no room: who or what refused, and what to do about it in `message`. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  /** To branch on: `close.name` says what happened, `close.retry` whether to try again. */
  readonly close: CloseDescription;
  /** For `client-outdated`: what the server's game lacks or has otherwise. */
  readonly problems: readonly string[];

  constructor(
    message: string,
    close: CloseDescription,
    details: { readonly problems?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.close = close;
    this.problems = details.problems ?? [];
  }
}
