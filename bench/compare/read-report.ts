import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { Complaint } from "../../shared/complaint.ts";

const percentiles = v.object({ p50: v.number(), p99: v.number() });

const system = v.object({
  name: v.string(),
  clients: v.number(),
  hz: v.number(),
  seconds: v.number(),
  latencyMs: v.object({ all: percentiles, last: percentiles }),
  latenessMs: percentiles,
  serverCpuUsPerFrame: v.number(),
  bytesPerClientPerSecond: v.number(),
});

/** What a comparison reads of a report that `--json` wrote; what else there is does not matter. */
const report = v.object({
  scenario: v.string(),
  pairs: v.pipe(v.array(v.object({ systems: v.pipe(v.array(system), v.minLength(1)) })), v.minLength(1)),
  trustworthy: v.boolean(),
  failures: v.array(v.string()),
  machine: v.object({
    node: v.string(),
    cpu: v.string(),
    cores: v.number(),
    system: v.string(),
    commit: v.nullable(v.string()),
  }),
});

export type SavedReport = v.InferOutput<typeof report>;
export type SavedSystem = v.InferOutput<typeof system>;

/** @throws Complaint where the file is no report of systems that were measured in pairs */
export async function readReport(file: string): Promise<SavedReport> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Complaint(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = v.safeParse(report, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Complaint(
    `${file} is no report to compare, such as "tickcast bench fanout --repeat 5 --json" writes: ` +
      `${v.getDotPath(issue) ?? "the whole"}: ${issue.message}`,
  );
}
