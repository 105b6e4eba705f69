import type { AnyReport } from "../all/collection.ts";
import type { Table } from "./steps.ts";

/** What is told elsewhere, or is no figure of the whole run. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "scenario",
  "machine",
  "targets",
  "trustworthy",
  "reasons",
  "failures",
]);

/** Every figure of a report whose shape the page does not know, by its place in the JSON; lists are left to that. */
export function figuresTable(report: AnyReport): Table {
  const shown = Object.entries(report).filter(([key]) => !LEFT_OUT.has(key));
  return {
    head: ["", "figure"],
    rows: shown.flatMap(([key, value]) => figuresOf(value, key)).map((cells) => ({ cells, kind: "other" })),
  };
}

function figuresOf(value: unknown, place: string): string[][] {
  if (typeof value === "number") return [[place, Number(value.toPrecision(4)).toLocaleString("en")]];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => figuresOf(inner, `${place}.${key}`));
}
