import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { measureWorkers, type WorkersLoad } from "../workers/measure-workers.ts";
import { type WorkersReport, workersText } from "../workers/workers-report.ts";
import { type CommonOptions, carryOut } from "./carry-out.ts";

/** Adds the comparison of several workers with one, on a Redis of its own. */
export function addWorkersCommand(bench: Command): void {
  const option = (flags: string, says: string, from: number, to: number, usual: number): Option =>
    new Option(flags, says).argParser(wholeNumber(from, to)).default(usual);
  bench
    .command("workers")
    .description("what a room costs with --workers, beside one worker; needs redis-server and Linux")
    .addOption(option("--workers <count>", "that share the machine", 2, 64, 2))
    .addOption(option("--rooms <count>", "of four players on each worker", 1, 10_000, 50))
    .addOption(option("--repeat <count>", "pairs of runs", 1, 100, 5))
    .addOption(option("--seconds <time>", "of measuring in each run", 1, 600, 8))
    .option("--json <file>", "writes the report there, too")
    .action(({ json, ...load }: WorkersLoad & Pick<CommonOptions, "json">) =>
      carryOut({ pin: false, ...(json !== undefined && { json }) }, async ({ progress, signal }) => {
        const measured = await measureWorkers(load, progress, signal);
        return (machine) => {
          const report: WorkersReport = { scenario: "workers", load, ...measured, failures: [], machine };
          return { report, shown: (paint) => workersText(report, paint) };
        };
      }),
    );
}
