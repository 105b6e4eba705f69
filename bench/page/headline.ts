import { type Collection, type SideBySide, sideBySide } from "../all/collection.ts";
import { ENOUGH, type Estimate } from "../statistics/bootstrap.ts";
import { clientsOf, count, isDoubtful, shortMs } from "./groups.ts";

/** What everything comes down to, and how far to believe it. */
export interface Headline {
  readonly sentence: string;
  /** Why the figures of the sentence may mislead; empty: they are to be trusted. */
  readonly doubts: readonly string[];
  /** Of how many rounds it is made, and what that is worth. */
  readonly rounds: string;
}

const NONE: Headline = { sentence: "No fan-out was measured.", doubts: [], rounds: "" };

/**
 * The sentence of the page: of the largest room whose run was complete, one that is to be trusted where there is
 * such.
 */
export function headlineOf(collection: Pick<Collection, "results">): Headline {
  const rooms = sideBySide(collection, "fanout").toSorted(
    (a, b) => clientsOf(b.report) - clientsOf(a.report),
  );
  const complete = rooms.filter(({ report }) => report.systems[0]?.failures.length === 0);
  const chosen =
    complete.find(({ report }) => report.systems[0] && !isDoubtful(report, report.systems[0])) ??
    complete[0] ??
    rooms[0];
  return chosen === undefined ? NONE : said(chosen);
}

function said({ report }: SideBySide): Headline {
  const ours = report.estimates.find(({ name }) => name === "tickcast");
  if (ours === undefined) return NONE;
  const { ratioInterval, systems, reasons, pairs } = report;
  const clients = clientsOf(report);
  const ratio =
    ratioInterval === null
      ? ""
      : `: ${ratioInterval.lastP99.median.toFixed(2)}\u00a0×\u00a0what bare uWebSockets.js takes`;
  return {
    sentence:
      `99\u00a0% of ticks reach the last of ${count(clients)}\u00a0players within ` +
      `${shortMs(ours.medians.lastP99.median)}\u00a0ms of their intended time${ratio}.`,
    doubts: [...reasons, ...(systems[0]?.failures ?? [])],
    rounds: roundsOf(pairs.length, systems[0]?.seconds ?? 0, ratioInterval?.lastP99),
  };
}

/** A ratio of few rounds may be chance: that is said wherever it is shown. */
function roundsOf(rounds: number, seconds: number, ratio: Estimate | undefined): string {
  const said = `${rounds === 1 ? "one round" : `median of ${rounds} rounds`} of ${seconds} s`;
  if (rounds < ENOUGH) return `${said}: an indication, for a result it takes ${ENOUGH} or more`;
  return ratio === undefined
    ? said
    : `${said}; the ratio is ${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}, 19 times in 20`;
}
