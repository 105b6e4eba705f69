import { nodeFunctions, roomFunctions } from "./shared-functions.ts";

/** A script as Redis runs it: atomic, cached there by its hash. */
export interface DirectoryScript {
  readonly name: string;
  readonly source: string;
}

/**
 * Every script has one key, the prefix, and one argument, a JSON object `a`. It builds the names of further keys itself:
 * all begin with the prefix, whose braces put them into one slot. It answers a list: a code, then what belongs to it.
 */
export function script(name: string, body: string): DirectoryScript {
  return { name, source: `${nodeFunctions}\n${roomFunctions}\n${body}` };
}
