import type { Bench } from "tinybench";
import { Complaint } from "../../shared/complaint.ts";

/**
 * Tinybench, which only the micro-benchmarks need.
 *
 * @throws Complaint where it is not installed
 */
export async function loadTinybench(
  load: () => Promise<{ readonly Bench: typeof Bench }> = () => import("tinybench"),
): Promise<typeof Bench> {
  try {
    return (await load()).Bench;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw error;
    throw new Complaint(
      'the codec benchmark needs tinybench: install it with "npm install --save-dev tinybench".',
    );
  }
}
