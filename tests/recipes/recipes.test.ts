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

for (const recipe of ["physics-with-rapier", "page-with-pixi", "page-with-react"])
  test(`[GUI-7] who does what ${recipe}.md says has a game that builds, passes its tests and is played`, async () => {
    const project = new LinkedProject({ folder: `${libraries}node_modules`, names });
    try {
      const steps = stepsOfPage(`recipes/${recipe}.md`);
      write(project, steps);
      const installed = steps.flatMap((step) =>
        step.kind === "command" && step.command.startsWith("npm install ")
          ? step.command
              .split(" ")
              .filter((word) => /^[@a-z]/.test(word) && word !== "npm" && word !== "install")
          : [],
      );
      expect(installed.length).toBeGreaterThan(0);
      for (const name of installed) expect(names).toContain(name);
      for (const step of steps)
        if (step.kind === "command" && step.command.startsWith("rm ")) project.delete(step.command.slice(3));
      await expectSound(project);
      const serving = await project.serve();
      await expectPlayable(serving, "meadow", { name: "Ada" });
      expect((await serving.stop()).code).toBe(0);
    } finally {
      project.remove();
    }
  });
