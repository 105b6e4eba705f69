import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isThenable } from "./thenable.ts";

export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Parses a value that a peer sent. No schema accepts nothing but `undefined`.
 *
 * @throws TypeError for a schema that validates asynchronously: inside a tick there is no waiting
 */
export function validate(schema: StandardSchemaV1 | undefined, value: unknown): Validated {
  if (schema === undefined)
    return value === undefined ? { ok: true, value } : { ok: false, message: "nothing is expected here" };
  const result = schema["~standard"].validate(value);
  if (isThenable(result))
    throw new TypeError(
      "this schema validates asynchronously; use one that is synchronous, or check in admit",
    );
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, message: result.issues.map(describeIssue).join("; ") };
}

function describeIssue({ message, path }: StandardSchemaV1.Issue): string {
  const at = path?.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".");
  return at === undefined || at === "" ? message : `${at}: ${message}`;
}
