import { type AnyReport, isCodec, isHttp, isSideBySide, type StepResult } from "../all/collection.ts";
import type { CodecReport } from "../codec/codec-report.ts";
import type { HttpReport } from "../report/http-report.ts";
import { intervalText } from "../report/interval.ts";
import type { BenchReport } from "../report/report.ts";
import { figuresTable } from "./figures-table.ts";
import { count, systemsOf, tableCells, tableHead, titleOf } from "./groups.ts";

/** A table as it is shown on the page and in Markdown. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly kind: "ours" | "failed" | "other" }[];
}

/** What is to be known beside the figures. */
export interface Mark {
  readonly kind: "bad" | "warn" | "good" | "note";
  readonly text: string;
}

/** A step with its figures and what is to be known of them. */
export interface StepView {
  readonly title: string;
  readonly command: string;
  readonly tables: readonly Table[];
  readonly marks: readonly Mark[];
}

/** What there is to show of a step: all of its rows, and what failed. */
export function stepView({ scenario, title, command, outcome }: StepResult): StepView {
  const shown = { title: `${scenario}, ${title}`, command };
  if (outcome.kind === "none")
    return {
      ...shown,
      tables: [],
      marks: [{ kind: "bad", text: `It did not come to its end: ${outcome.why}` }],
    };
  const { report } = outcome;
  const marks: Mark[] = [
    ...report.failures.map((text): Mark => ({ kind: "bad", text })),
    ...(report.reasons ?? []).map((reason): Mark => ({ kind: "warn", text: `not trustworthy: ${reason}` })),
  ];
  if (isSideBySide(report)) {
    return { ...shown, tables: [sideBySideTable(report)], marks: [...marks, ...sideBySideMarks(report)] };
  }
  if (isHttp(report)) return { ...shown, tables: httpTables(report), marks };
  if (isCodec(report)) return { ...shown, tables: [codecTable(report)], marks };
  return { ...shown, tables: [figuresTable(report)], marks: [...marks, ...targetMarks(report)] };
}

function sideBySideTable(report: BenchReport): Table {
  return {
    head: [...tableHead],
    rows: systemsOf(report).map((system) => ({
      cells: tableCells(system, report),
      kind: system.failures.length > 0 ? "failed" : system.name === "tickcast" ? "ours" : "other",
    })),
  };
}

function targetMarks({ targets = [] }: Pick<AnyReport, "targets">): Mark[] {
  return targets.map(({ says, measured, met }) => ({
    kind: met ? "good" : "bad",
    text: `target ${met ? "met" : "missed"}: ${says}: ${measured.toFixed(3)}`,
  }));
}

function sideBySideMarks(report: BenchReport): Mark[] {
  const { ratioInterval, pairs } = report;
  const ratio = (of: "serverCpuUsPerFrame" | "lastP99"): string => {
    const estimate = ratioInterval?.[of] ?? { median: 0, low: 0, high: 0, count: 0 };
    return `${estimate.median.toFixed(3)} × (${intervalText(estimate, (value) => value.toFixed(3))})`;
  };
  return [
    ...targetMarks(report),
    ...(ratioInterval !== null && pairs.length > 1
      ? [
          {
            kind: "note" as const,
            text: `Tickcast over bare uWebSockets.js, ${pairs.length} pairs: server CPU per frame ${ratio("serverCpuUsPerFrame")}, p99 to the last client ${ratio("lastP99")}.`,
          },
        ]
      : []),
    ...systemsOf(report).flatMap(({ name, remarks }) =>
      remarks.map((remark): Mark => ({ kind: "note", text: `${titleOf(name)}: ${remark}` })),
    ),
  ];
}

const ms = (value: number): string => value.toFixed(value < 10 ? 3 : 1);

function httpTables({ endpoints, latenessMs, serverCpu }: HttpReport): Table[] {
  const other = (cells: readonly string[]) => ({ cells, kind: "other" as const });
  return [
    {
      head: ["", "requests/s", "p50, ms", "p99, ms", "max, ms", "errors", "non-2xx"],
      rows: endpoints.map(({ name, requestsPerSecond, latencyMs, errors, non2xx }) =>
        other([
          name,
          count(Math.round(requestsPerSecond)),
          ms(latencyMs.p50),
          ms(latencyMs.p99),
          ms(latencyMs.max),
          String(errors),
          String(non2xx),
        ]),
      ),
    },
    {
      head: ["", "players alone", "and requests"],
      rows: [
        other(["tick lateness p50, ms", ms(latenessMs.quiet.p50), ms(latenessMs.loaded.p50)]),
        other(["tick lateness p99, ms", ms(latenessMs.quiet.p99), ms(latenessMs.loaded.p99)]),
        other([
          "server CPU of a core",
          `${(serverCpu.quiet * 100).toFixed(1)} %`,
          `${(serverCpu.loaded * 100).toFixed(1)} %`,
        ]),
      ],
    },
  ];
}

function codecTable({ tasks }: CodecReport): Table {
  return {
    head: ["", "rows", "median, µs", "p99, µs", "mean, µs", "each, ns"],
    rows: tasks.map(({ name, rows, medianUs, p99Us, meanUs, items }) => ({
      cells: [
        name,
        count(rows),
        medianUs.toFixed(2),
        p99Us.toFixed(2),
        meanUs.toFixed(2),
        ((medianUs * 1000) / items).toFixed(0),
      ],
      kind: "other",
    })),
  };
}
