import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { compareReports } from "../compare/compare.ts";
import { comparisonText } from "../compare/comparison-lines.ts";
import { readReport } from "../compare/read-report.ts";
import { coloured, plain } from "../report/paint.ts";

/** Adds the comparison of two reports. */
export function addCompareCommand(bench: Command): void {
  bench
    .command("compare <before> <after>")
    .description("what changed between two reports that --json wrote, and whether it is more than chance")
    .option("--json <file>", "writes the comparison there, too")
    .addHelpText(
      "after",
      `
Figures of each system are compared by the medians of their runs, with a bootstrap interval. The ratio to the bare
server comes first: what the machine did meanwhile weighs on both of a pair. It takes five runs or more of each.

Example:
  tickcast bench fanout --clients 1000 --repeat 7 --json before.json
  tickcast bench fanout --clients 1000 --repeat 7 --json after.json
  tickcast bench compare before.json after.json`,
    )
    .action(async (before: string, after: string, { json }: { json?: string }) => {
      const comparison = compareReports(await readReport(before), await readReport(after));
      console.log(comparisonText(comparison, process.stdout.isTTY ? coloured : plain));
      if (json !== undefined) await writeFile(json, `${JSON.stringify(comparison, null, 2)}\n`);
    });
}
