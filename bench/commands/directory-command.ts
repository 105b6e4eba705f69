import { type Command, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { type DirectoryReport, directoryText } from "../directory/directory-report.ts";
import { type DirectoryLoad, measureDirectory } from "../directory/measure-directory.ts";
import { type CommonOptions, carryOut } from "./carry-out.ts";

/** Adds the measurement of the directory, on a Redis of its own. */
export function addDirectoryCommand(bench: Command): void {
  bench
    .command("directory")
    .description("what the room directory in Redis answers how fast, and what it weighs; needs redis-server")
    .addOption(
      new Option("--rooms <count>", "rooms that are there")
        .argParser(wholeNumber(200, 1_000_000))
        .default(100_000),
    )
    .addOption(
      new Option("--calls <count>", "of each question, twice")
        .argParser(wholeNumber(10, 1_000_000))
        .default(5_000),
    )
    .addOption(
      new Option("--at-once <count>", "questions under way, the second time")
        .argParser(wholeNumber(1, 1_000))
        .default(32),
    )
    .option("--json <file>", "writes the report there, too")
    .action(({ json, rooms, calls, atOnce }: DirectoryLoad & Pick<CommonOptions, "json">) =>
      carryOut({ pin: false, ...(json !== undefined && { json }) }, async ({ progress, signal }) => {
        const load = { rooms, calls, atOnce };
        const measured = await measureDirectory(load, progress, signal);
        return (machine) => {
          const report: DirectoryReport = { scenario: "directory", load, ...measured, failures: [], machine };
          return { report, shown: (paint) => directoryText(report, paint) };
        };
      }),
    );
}
