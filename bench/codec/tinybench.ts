import type { Bench } from "tinybench";
import { Complaint } from "../../shared/complaint.ts";

/** With the version: without it npm would keep one that a test runner brought along. */
const INSTALL = "npm install --save-dev tinybench@^6";

/**
 * Tinybench, which only the micro-benchmarks need.
 *
 * @throws Complaint where it is not installed, or in a version whose results are others
 */
export async function loadTinybench(
  load: () => Promise<{ readonly Bench: typeof Bench }> = () => import("tinybench"),
): Promise<typeof Bench> {
  const { Bench: Loaded } = await load().catch((error: unknown) => {
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw error;
    throw new Complaint(`the codec benchmark needs tinybench: install it with "${INSTALL}".`);
  });
  if (!tellsStates(Loaded))
    throw new Complaint(
      `the codec benchmark needs tinybench 6, and another version is installed: replace it with "${INSTALL}".`,
    );
  return Loaded;
}

/** As from version 6 on: the state of a task stands in its result, before it runs, too. */
function tellsStates(Loaded: typeof Bench): boolean {
  const bench = new Loaded();
  bench.add("state", () => {});
  const task: { readonly result?: { readonly state?: unknown } } | undefined = bench.getTask("state");
  return task?.result?.state !== undefined;
}
