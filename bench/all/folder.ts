import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Complaint } from "../../shared/complaint.ts";
import { standaloneCard } from "../page/card.ts";
import { reportMarkdown } from "../page/markdown.ts";
import { reportPage } from "../page/page.ts";
import { jsonText } from "../report/json-text.ts";
import type { Collection } from "./collection.ts";
import type { Step } from "./plan.ts";

/** Where everything that was measured is kept, from which the others are made. */
const COLLECTION = "report.json";

/** What is read of a collection at least; its reports are those of this version's own commands. */
const collection = v.looseObject({
  command: v.string(),
  extent: v.picklist(["quick", "full"]),
  versions: v.record(v.string(), v.string()),
  missing: v.array(v.string()),
  results: v.array(
    v.looseObject({
      id: v.string(),
      scenario: v.string(),
      title: v.string(),
      command: v.string(),
      tookSeconds: v.number(),
      outcome: v.variant("kind", [
        v.looseObject({ kind: v.literal("none"), why: v.string() }),
        v.looseObject({
          kind: v.literal("report"),
          report: v.looseObject({
            scenario: v.string(),
            failures: v.array(v.string()),
            machine: v.looseObject({ node: v.string(), cpu: v.string() }),
          }),
        }),
      ]),
    }),
  ),
});

/** Where a step's own report goes. */
export function stepFile(folder: string, { id }: Pick<Step, "id">): string {
  return join(folder, "data", `${id}.json`);
}

/** @throws Complaint where it cannot be made */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, "data"), { recursive: true }).catch((error: Error) => {
    throw new Complaint(`the folder ${folder} cannot be made: ${error.message}`);
  });
}

/** Writes the page and what is beside it: JSON, Markdown, and the chart for a README. */
export async function writeFolder(folder: string, collection: Collection): Promise<void> {
  await writeFile(join(folder, COLLECTION), jsonText(collection));
  await writeFile(join(folder, "index.html"), reportPage(collection));
  await writeFile(join(folder, "report.md"), reportMarkdown(collection));
  const svg = standaloneCard(collection);
  if (svg !== undefined) await writeFile(join(folder, "last-receiver.svg"), svg);
}

/** @throws Complaint where the folder has none */
export async function readCollection(folder: string): Promise<Collection> {
  const file = join(folder, COLLECTION);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Complaint(
      `${file} cannot be read: ${error instanceof Error ? error.message : error}; "tickcast bench all" writes it.`,
    );
  }
  const parsed = v.safeParse(collection, content);
  if (!parsed.success)
    throw new Complaint(
      `${file} is no report of "tickcast bench all": ${v.getDotPath(parsed.issues[0]) ?? "the whole"}: ${parsed.issues[0].message}`,
    );
  return parsed.output as unknown as Collection;
}
