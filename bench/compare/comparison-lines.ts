import type { Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import type { Change, Comparison } from "./compare.ts";

/** A comparison for a person: what changed for certain, then the table, then why to doubt it. */
export function comparisonText({ changes, doubts }: Comparison, paint: Paint): string {
  const certain = changes.filter(({ verdict }) => verdict === "better" || verdict === "worse");
  const judged = changes.filter(({ verdict }) => verdict !== "too few runs");
  const head = ["system", "figure", "before", "after", "change", "95 % interval", ""];
  const rows = alignedRows([head, ...changes.map(cells)]);
  return [
    "",
    ...rows.map((row, i) => (i === 0 ? paint("dim", row) : coloured(row, changes[i - 1], paint))),
    "",
    judged.length === 0
      ? "Too few runs to tell a change from chance: measure with --repeat 5 or more."
      : certain.length === 0
        ? "No figure changed by more than chance may have done."
        : `${certain.length} of ${changes.length} figures changed by more than chance. At 95 %, one in twenty does so without a cause.`,
    ...doubts.map((doubt) => `${paint("yellow", "!")} ${doubt}`),
    "",
  ].join("\n");
}

function cells({ system, figure, before, after, times, verdict }: Change): string[] {
  return [
    system,
    figure,
    digits(before),
    digits(after),
    percent(times.median),
    // Few runs have an interval, too, but none that holds what it promises.
    verdict === "too few runs" ? "–" : `${percent(times.low)} to ${percent(times.high)}`,
    verdict,
  ];
}

function coloured(row: string, change: Change | undefined, paint: Paint): string {
  if (change?.verdict === "worse") return paint("red", row);
  return change?.verdict === "better" ? paint("green", row) : row;
}

const percent = (times: number): string => {
  const by = (times - 1) * 100;
  return `${by < 0 ? "−" : "+"}${Math.abs(by).toFixed(1)} %`;
};

const digits = (value: number): string => value.toFixed(value < 100 ? 3 : 0);
