import type { CodecReport } from "../codec/codec-report.ts";
import type { HttpReport } from "../report/http-report.ts";
import type { BenchReport } from "../report/report.ts";
import type { Step } from "./plan.ts";

/** What came of a step. */
export type Outcome =
  | { readonly kind: "report"; readonly report: AnyReport }
  /** It did not come to its end. */
  | { readonly kind: "none"; readonly why: string };

/** What a scenario's `--json` writes, at least. */
export interface AnyReport {
  readonly scenario: string;
  readonly failures: readonly string[];
  readonly trustworthy?: boolean;
  readonly reasons?: readonly string[];
  readonly targets?: BenchReport["targets"];
  readonly machine: BenchReport["machine"];
}

export interface StepResult extends Pick<Step, "id" | "scenario" | "title"> {
  /** What repeats it. */
  readonly command: string;
  readonly tookSeconds: number;
  readonly outcome: Outcome;
}

/** Everything that `bench all` measured: `report.json`. */
export interface Collection {
  /** What repeats all of it. */
  readonly command: string;
  readonly extent: "quick" | "full";
  /** Of what was measured, by package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly StepResult[];
  /** Titles of what was planned and did not run, since it was interrupted. */
  readonly missing: readonly string[];
}

/** A step that has a report of systems side by side. */
export interface SideBySide {
  readonly result: StepResult;
  readonly report: BenchReport;
}

/** Those of one scenario and layout, by the number of clients. */
export function sideBySide(
  { results }: Pick<Collection, "results">,
  scenario?: string,
): readonly SideBySide[] {
  return results
    .flatMap((result): SideBySide[] => {
      const { outcome } = result;
      if (outcome.kind === "none" || !isSideBySide(outcome.report)) return [];
      return [{ result, report: outcome.report }];
    })
    .filter(({ report }) => scenario === undefined || report.scenario === scenario);
}

export function isSideBySide(report: AnyReport): report is BenchReport {
  return "systems" in report && "estimates" in report && "pairs" in report;
}

export function isHttp(report: AnyReport): report is AnyReport & HttpReport {
  return report.scenario === "http" && "endpoints" in report;
}

export function isCodec(report: AnyReport): report is AnyReport & CodecReport {
  return report.scenario === "codec" && "tasks" in report;
}
