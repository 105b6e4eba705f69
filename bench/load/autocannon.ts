import type autocannon from "autocannon";
import { Complaint } from "../../shared/complaint.ts";

export type Autocannon = typeof autocannon;

/**
 * Autocannon, which only the HTTP scenario needs and who only plays need not have.
 *
 * @throws Complaint where it is not installed
 */
export async function loadAutocannon(
  load: () => Promise<{ readonly default: Autocannon }> = () => import("autocannon"),
): Promise<Autocannon> {
  try {
    return (await load()).default;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Complaint(
      'the http benchmark needs autocannon: install it with "npm install --save-dev autocannon".',
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
