import { Command } from "commander";
import { expect, test } from "vitest";
import { addDevCommand } from "./dev.ts";

test("[CMD-4] dev keeps its own pages and hands everything else on to start", () => {
  const runs: unknown[] = [];
  const program = new Command();
  addDevCommand(program, (pages, startArguments) => runs.push({ pages, startArguments }));
  program.parse(["dev", "--page", "a", "--page", "b", "dist/app.js", "--port", "3077", "--host", "::1"], {
    from: "user",
  });
  expect(runs).toEqual([
    { pages: ["a", "b"], startArguments: ["dist/app.js", "--port", "3077", "--host", "::1"] },
  ]);
});
