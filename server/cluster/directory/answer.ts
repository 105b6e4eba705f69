/** What every question to the directory may end in, besides its own codes: see {@link Answer}. */
export const UNAVAILABLE = "directory-unavailable";

/**
 * What the directory answered: a value, or a code that says why there is none.
 *
 * `directory-unavailable` leaves open whether a write happened: it may have, or may still, for as long as the answer
 * could be under way. Every write may be repeated: it states values, not differences, and what is already so is `ok`.
 */
export type Answer<Value, Code extends string = never> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: Code | typeof UNAVAILABLE; readonly message: string };

/** The sentences of the codes. `directory-unavailable` says its reason instead. */
const sentences = {
  "lease-lost": "This node's lease is over, or a newer incarnation holds it: register again.",
  "no-such-room": "The directory has no room of that id.",
  "no-node": "No node that takes rooms serves this game and build: start one, or wait for one that has room.",
  "room-exists": "The directory has a room of that id already.",
  "room-taken": "The room has an owner that lives, or was claimed meanwhile.",
  "stale-owner": "The room has another owner, or a later epoch: stop running it.",
} as const;

export type DirectoryCode = keyof typeof sentences;

export function value<Value>(given: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value: given };
}

export function refusal<Code extends DirectoryCode>(
  code: Code,
): { readonly ok: false; readonly code: Code; readonly message: string } {
  return { ok: false, code, message: sentences[code] };
}

export function unavailable(reason: string): {
  readonly ok: false;
  readonly code: typeof UNAVAILABLE;
  readonly message: string;
} {
  return { ok: false, code: UNAVAILABLE, message: `The directory is out of reach: ${reason}.` };
}
