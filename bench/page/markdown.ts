import type { Collection } from "../all/collection.ts";
import { factsOf } from "./facts.ts";
import { headlineOf } from "./headline.ts";
import { type Mark, stepView, type Table } from "./steps.ts";

const signs: Readonly<Record<Mark["kind"], string>> = { bad: "✗ ", warn: "! ", good: "✓ ", note: "" };

/** The page as text: the sentence, the machine, and every row. */
export function reportMarkdown(collection: Collection): string {
  const { sentence, doubts, rounds } = headlineOf(collection);
  return `${[
    "# Tickcast, measured",
    `**${cell(sentence)}**${rounds === "" ? "" : ` (${rounds})`}`,
    ...doubts.map((doubt) => `! not trustworthy: ${cell(doubt)}`),
    `\`\`\`\n${collection.command}\n\`\`\``,
    factsOf(collection)
      .map(([name, value]) => `- ${name}: ${cell(value)}`)
      .join("\n"),
    ...collection.results.flatMap((result) => {
      const { title, command, tables, marks } = stepView(result);
      return [
        `## ${cell(title)}`,
        `\`${command}\``,
        ...tables.map(table),
        ...(marks.length === 0
          ? []
          : [marks.map(({ kind, text }) => `- ${signs[kind]}${cell(text)}`).join("\n")]),
      ];
    }),
  ].join("\n\n")}\n`;
}

function table({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [
    line(head),
    `| --- |${" ---: |".repeat(head.length - 1)}`,
    ...rows.map(({ cells, kind }) =>
      line(kind === "ours" ? cells.map((one) => (one === "" ? one : `**${one}**`)) : cells),
    ),
  ].join("\n");
}

/** Text in a cell or a line, that cannot end it. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[|<]/g, (character) => (character === "|" ? "\\|" : "&lt;"));
}
