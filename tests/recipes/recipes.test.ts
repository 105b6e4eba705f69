import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LinkedProject } from "../guide/linked-project.ts";
import { expectPlayable, expectSound, stepsOfPage, write } from "../guide/reader.ts";

const libraries = fileURLToPath(new URL("./libraries/", import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(`${libraries}package.json`, "utf8")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
const names = Object.keys(devDependencies);

/** Pages that begin with a new project each, and a word that has to be in what Vite makes of the page. */
const RECIPES = {
  "recipes/coins-and-scores.md": "WebSocket",
  "recipes/turns.md": "WebSocket",
  "recipes/hidden-hands.md": "WebSocket",
  "recipes/spectators.md": "WebSocket",
  "recipes/bots-that-fill-seats.md": "WebSocket",
  "recipes/physics-with-rapier.md": "WebSocket",
  "recipes/page-with-pixi.md": "WebGL",
  "recipes/page-with-react.md": "react.strict_mode",
  "coming-from-colyseus.md": "WebSocket",
  "coming-from-socketio.md": "WebSocket",
};

/** What `npm install` commands of a page name. */
function installedBy(command: string): readonly string[] {
  const [, packages = ""] = /^npm install (?:--save-dev )?(.+)$/.exec(command) ?? [];
  return packages.split(" ").filter((name) => name !== "");
}

for (const [recipe, word] of Object.entries(RECIPES))
  test(`[GUI-7] who does what ${recipe} says has a game that builds, passes its tests and is played`, async () => {
    const project = new LinkedProject({ folder: `${libraries}node_modules`, names });
    try {
      const steps = stepsOfPage(recipe);
      write(project, steps);
      for (const step of steps) {
        if (step.kind !== "command") continue;
        for (const name of installedBy(step.command)) expect(names).toContain(name);
        if (step.command.startsWith("rm ")) project.delete(step.command.slice("rm ".length));
      }
      await expectSound(project);
      const script = /assets\/index-\S+?\.js/.exec(project.read("dist/page/index.html") ?? "")?.[0];
      expect(project.read(`dist/page/${script}`)).toContain(word);
      const serving = await project.serve();
      await expectPlayable(serving, "meadow", { name: "Ada" });
      expect((await serving.stop()).code).toBe(0);
    } finally {
      project.remove();
    }
  });
