import { mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "./project.ts";

/** What a container has of an image. */
export interface Image {
  readonly folder: string;
  readonly command: readonly [string, ...string[]];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The last stage of a project's Dockerfile, without an engine: links to what it copies of the project, which has been
 * built, in an empty folder.
 */
export async function imageOf(project: string, folder: string): Promise<Image> {
  const [building = "", final = ""] = readFileSync(join(project, "Dockerfile"), "utf8")
    .replaceAll("\\\n", "")
    .split(/^(?=FROM )/m)
    .slice(-2);
  for (const command of instructions(building, "RUN")) {
    if (command.startsWith("npm ")) continue;
    const { code, said } = await run(project, "sh", "-c", command);
    if (code !== 0) throw new Error(`RUN ${command}: ${said}`);
  }
  mkdirSync(folder);
  for (const copied of instructions(final, "COPY")) {
    for (const source of copied.match(/(?<=\/app\/)\S+/g) ?? [])
      symlinkSync(realpathSync(join(project, source)), join(folder, basename(source)));
  }
  const [command] = instructions(final, "CMD");
  return {
    folder,
    command: JSON.parse(command ?? "[]") as [string, ...string[]],
    variables: Object.fromEntries(
      instructions(final, "ENV").flatMap((pairs) => pairs.split(" ").map((pair) => pair.split("="))),
    ) as Record<string, string>,
  };
}

const instructions = (stage: string, name: string): readonly string[] =>
  stage
    .split("\n")
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));
