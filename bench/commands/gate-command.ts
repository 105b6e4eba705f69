import { appendFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { oneOf } from "../../server/command/option-values.ts";
import { Complaint } from "../../shared/complaint.ts";
import {
  BASELINE_FILE,
  type Baseline,
  expectClone,
  readBaseline,
  withBase,
  writeBaseline,
} from "../gate/baseline.ts";
import { decides, type GatePlace, judgeGate, measureGate } from "../gate/gate.ts";
import { failuresOf, type GateReport, gateMarkdown, gateText } from "../gate/gate-report.ts";
import { MIN_PAIRS } from "../gate/judge-ratio.ts";
import { numberBetween } from "../option-values.ts";
import { processorModel } from "../report/machine.ts";
import { spread } from "../statistics/median.ts";
import { type CommonOptions, carryOut } from "./carry-out.ts";

interface GateOptions extends Pick<CommonOptions, "json" | "pin"> {
  readonly update?: true | "counters" | "all";
  readonly markdown?: string;
  readonly base?: string;
  readonly strict?: true;
  readonly seconds: number;
  readonly slowDown?: number;
}

const PLACE: GatePlace = {
  nodeMajor: process.versions.node.split(".")[0] ?? "",
  cpu: processorModel(),
};

/** Adds the gate for CI. */
export function addGateCommand(bench: Command): void {
  bench
    .command("gate")
    .description(
      "counters of a seeded game, then the cost of a frame beside a bare server: is it what was committed? From a clone only",
    )
    .option(
      "--update [what]",
      'writes the counters as they are now, to be committed; "all": the ratio, too',
      oneOf("--update", ["counters", "all"] as const),
    )
    .option("--json <file>", "writes the report there, too")
    .option("--markdown <file>", "appends the table there, for a job's summary or a comment")
    .option(
      "--base <file>",
      'a baseline that "--update all" wrote on this machine for the commit before: its ratio where none is committed',
    )
    .option("--strict", "fails where something is judged by nobody, as nothing is committed for it")
    .addOption(
      new Option("--seconds <time>", "no pair begins later").argParser(numberBetween(1, 3600)).default(150),
    )
    .option("--no-pin", "leaves the choice of cores to the system")
    .addOption(
      new Option(
        "--slow-down <percent>",
        "makes Tickcast's server use so much more CPU, to see that the gate finds it",
      ).argParser(numberBetween(0, 1000)),
    )
    .addHelpText(
      "after",
      `
Counters must be equal, allocations nearly so. Then Tickcast and the bare server run in turn, five times at least,
until the whole 95 % intervals of the ratios of their CPU per frame, and of their p50 to the last client, are within
the limits, or beyond them. A tick may take twice the bare server's time to its last client, on any machine. Exit code 1:
something got slower, or could not be measured. Allocations are committed by version of Node, the ratio by processor:
elsewhere they are not judged, which the report says. Where processors change from run to run, as on hosted runners,
measure the commit before there, too ("--update all" in its clone), and name its baseline by --base.`,
    )
    .action((options: GateOptions) => (options.update === undefined ? gate(options) : update(options)));
}

async function gate(options: GateOptions): Promise<void> {
  const { json, pin, markdown, base, strict, seconds, slowDown = 0 } = options;
  expectClone(BASELINE_FILE);
  const committedOnes = await readBaseline(BASELINE_FILE);
  const baseline = base === undefined ? committedOnes : withBase(committedOnes, await readBaseline(base));
  let told: GateReport | undefined;
  await carryOut({ pin, ...(json !== undefined && { json }) }, async (environment) => {
    const committed = baseline.cpuRatio[PLACE.cpu];
    const measured = await measureGate((soFar) => decides(soFar, committed), seconds * 1000, {
      ...environment,
      slowDown: slowDown / 100,
    });
    const checks = judgeGate(measured, baseline, PLACE);
    const failures = failuresOf(checks, strict === true ? "failure" : "allowed");
    const { ratios, lastP50Ratios, spoilt } = measured;
    return (machine) => {
      const report: GateReport = {
        scenario: "gate",
        checks,
        ratios,
        lastP50Ratios,
        spoilt,
        failures,
        machine,
      };
      told = report;
      return { report, shown: (paint) => gateText(report, paint) };
    };
  });
  if (markdown !== undefined && told !== undefined) await appendFile(markdown, gateMarkdown(told));
}

/** Counters take seconds; the ratio is measured by as many pairs as there is time for. */
async function update({ pin, seconds, update: what }: GateOptions): Promise<void> {
  expectClone(BASELINE_FILE);
  const before = await readBaseline(BASELINE_FILE).catch(() => undefined);
  const withRatio = what === "all" || before === undefined;
  await carryOut({ pin }, async (environment) => {
    const measured = await measureGate(() => !withRatio, seconds * 1000, environment);
    const { counted, ratios } = measured;
    if (withRatio && ratios.length < MIN_PAIRS)
      throw new Complaint(`only ${ratios.length} pairs came to an end: ${measured.spoilt[0] ?? "no time"}`);
    const baseline: Baseline = {
      counts: counted.counts,
      allocatedBytesPerTick: {
        ...before?.allocatedBytesPerTick,
        [PLACE.nodeMajor]: counted.allocatedBytesPerTick,
      },
      cpuRatio: {
        ...before?.cpuRatio,
        ...(withRatio && { [PLACE.cpu]: Math.round(spread(ratios).median * 1000) / 1000 }),
      },
    };
    await writeBaseline(BASELINE_FILE, baseline);
    const says = `${BASELINE_FILE} says now what was measured${withRatio ? ` (${ratios.length} pairs)` : ""}.`;
    return () => ({ report: { failures: [] }, shown: () => says });
  });
}
