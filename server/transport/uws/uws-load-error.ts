/** Why uWebSockets.js is not available. Each comes with a sentence that says what to do. */
export type UwsLoadFailure =
  | "not-installed"
  | "unsupported-platform"
  | "unsupported-node"
  | "musl"
  | "unknown-binary"
  | "no-cache-folder"
  | "not-loadable";

/** uWebSockets.js could not be loaded; there is no other implementation to fall back on. */
export class UwsLoadError extends Error {
  override readonly name = "UwsLoadError";
  readonly failure: UwsLoadFailure;

  constructor(failure: UwsLoadFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}
