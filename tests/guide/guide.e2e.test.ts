import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { stepsOf } from "./guide-page.ts";
import { LinkedProject } from "./linked-project.ts";
import { expectPlayable, expectSound, runCommands, stepsOfPage, write } from "./reader.ts";

const folder = fileURLToPath(new URL("../../docs/guide/", import.meta.url));
const pages = readdirSync(folder)
  .filter((name) => /^\d-.*\.md$/.test(name))
  .sort();

/** One reader, who begins with a new project and does what each page says. */
const project = new LinkedProject();
afterAll(() => project.remove());

test("[GUI-5] the first page shows the files of a new project as they are", () => {
  const shown = stepsOfPage("1-first-room-and-page.md").filter((step) => step.kind === "file");
  expect(shown.map(({ path }) => path)).toEqual(["src/game.ts", "src/step.ts", "src/room.ts"]);
  for (const { path, code } of shown) expect(code).toBe(project.read(path));
});

for (const page of pages)
  test(`[GUI-5] who does what ${page} says has a game that builds, passes its tests and is played`, {
    timeout: 120_000,
  }, async () => {
    const steps = stepsOfPage(page);
    expect(steps.some((step) => step.kind === "command")).toBe(true);
    write(project, steps);
    await expectSound(project);
    const production: Readonly<Record<string, string>> = page.startsWith("6-")
      ? { NODE_ENV: "production" }
      : {};
    const serving = await project.serve([], production);
    const player = { name: "Ada" };
    await expectPlayable(serving, "meadow", player);
    await runCommands(project, serving, steps);
    const { code, said } = await serving.stop();
    expect([code, said]).toEqual([0, expect.not.stringMatching(/error|failed/i)]);
  });

test("[GUI-6] every link of the guide leads to a file, and every page is linked from its first", () => {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  const linked = new Set<string>();
  for (const name of names) {
    const page = new URL(`../../docs/guide/${name}`, import.meta.url);
    const text = readFileSync(page, "utf8");
    stepsOf(text);
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = "", heading] = link.split("#");
      const file = new URL(path, page);
      const target = readFileSync(file, "utf8");
      if (heading !== undefined) expect(headingsOf(target), `${name}: ${link}`).toContain(heading);
      if (name === "README.md") linked.add(path);
    }
  }
  expect(names.filter((name) => name !== "README.md" && !linked.has(name))).toEqual([]);
});

/** As GitHub makes addresses of headings. */
function headingsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
}
