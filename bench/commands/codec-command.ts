import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../../bots/option-values.ts";
import { type CodecReport, codecText } from "../codec/codec-report.ts";
import { type CodecLoad, measureCodec } from "../codec/measure-codec.ts";
import { numberBetween } from "../option-values.ts";
import { type CommonOptions, carryOut } from "./carry-out.ts";

/** Adds the micro-benchmarks. */
export function addCodecCommand(bench: Command): void {
  bench
    .command("codec")
    .description("what the steps of a tick cost, each on its own: diff, encode, decode, apply, scan")
    .addOption(
      new Option("--rows <counts>", "numbers of rows, with commas").argParser(rowCounts).default([200, 1000]),
    )
    .addOption(
      new Option("--seconds <time>", "for each step").argParser(numberBetween(0.01, 60)).default(0.5),
    )
    .option("--json <file>", "writes the report there, too")
    .action(({ rows, seconds, json }: CodecLoad & Pick<CommonOptions, "json">) =>
      carryOut({ pin: false, ...(json !== undefined && { json }) }, async ({ progress }) => {
        const tasks = await measureCodec({ rows, seconds }, progress);
        return (machine) => {
          const report: CodecReport = { scenario: "codec", tasks, failures: [], machine };
          return { report, shown: (paint) => codecText(report, paint) };
        };
      }),
    );
}

function rowCounts(list: string): number[] {
  const counts = [...new Set(list.split(",").map((count) => wholeNumber(1, 100_000)(count.trim())))];
  if (counts.length > 10) throw new InvalidArgumentError("Ten numbers of rows at most.");
  return counts;
}
