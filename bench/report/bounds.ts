import { mark, type Paint } from "./paint.ts";
import type { TargetReport } from "./report.ts";

/** A bound on a figure of a report, and the loads for which it is meant to hold. */
export interface Bound<Load, Figure extends string> {
  readonly says: string;
  readonly appliesTo: (load: Load) => boolean;
  readonly figure: Figure;
  readonly atMost: number;
}

/** Judges the bounds that are about this load. */
export function judgeBounds<Load, Figure extends string>(
  bounds: readonly Bound<Load, Figure>[],
  load: Load,
  figures: Readonly<Record<Figure, number>>,
): TargetReport[] {
  return bounds
    .filter(({ appliesTo }) => appliesTo(load))
    .map(({ says, figure, atMost }) => {
      const measured = figures[figure];
      return { says, atMost, measured, met: measured <= atMost };
    });
}

/** How every report for a person ends: what was bounded, how far to trust it, and what failed. */
export function closingLines(
  {
    targets,
    reasons,
    failures,
  }: {
    readonly targets: readonly TargetReport[];
    readonly reasons: readonly string[];
    readonly failures: readonly string[];
  },
  passed: string,
  paint: Paint,
): string[] {
  const figure = (value: number): string =>
    Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(3);
  return [
    ...targets.map(({ says, measured, met }) => mark(met, `${says}: ${figure(measured)}`, paint)),
    ...(failures.length === 0
      ? [mark(true, passed, paint)]
      : failures.map((failure) => mark(false, failure, paint))),
    ...reasons.map((reason) => `${paint("yellow", "!")} not trustworthy: ${reason}`),
    "",
  ];
}
