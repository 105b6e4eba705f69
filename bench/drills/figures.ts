import type { Row } from "./drill.ts";
import type { GapFigures } from "./server/tick-gaps.ts";

/** A figure as a person reads it. */
export function figure(value: number, unit: string): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })} ${unit}`;
}

/** So much of a core. */
export function percentOf(part: number, whole: number): string {
  return whole <= 0 ? "–" : `${Math.round((100 * part) / whole)} % of a core`;
}

/** How ticks followed each other. */
export function gapRows(label: string, { gapMs, missed, ticks }: GapFigures): Row[] {
  return [
    [`gap between ticks ${label}, p99`, figure(gapMs.p99, "ms")],
    [`${" ".repeat(`gap between ticks ${label}`.length)}, max`, figure(gapMs.max, "ms")],
    [`ticks ${label}: left out of ${ticks.toLocaleString("en")}`, missed.toLocaleString("en")],
  ];
}
