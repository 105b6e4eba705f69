import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests run on the sources: the package's own names lead to them instead of to `dist`. */
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The package's own names, as tests resolve them. */
export const sources = {
  "tickcast/game": source("shared/game.ts"),
  "tickcast/server": source("server/index.ts"),
  "tickcast/client": source("client/node.ts"),
  "tickcast/conditioner": source("client/conditioner/index.ts"),
  "tickcast/replay": source("client/replay/index.ts"),
  "tickcast/bots": source("bots/index.ts"),
  "tickcast/tickets": source("server/tickets/index.ts"),
  "tickcast/testing": source("tests/kit/index.ts"),
};

const folders = "{shared,server,client,bots,bench,bin,games,tests}";
const processes = `${folders}/**/*.e2e.test.ts`;
/** They need a Redis, and have a configuration of their own. */
const cluster = `${folders}/**/*.cluster.test.ts`;

export default defineConfig({
  resolve: { alias: sources },
  test: {
    // Ends what hangs; no test measures time, and a busy machine is no reason to fail.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "core",
          include: [`${folders}/**/*.test.ts`],
          exclude: [
            "**/node_modules/**",
            "tests/{browser,package,python,recipes,starter}/**",
            processes,
            cluster,
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // Servers and clients in real time: one after the other, and with the machine to themselves.
          name: "processes",
          include: [processes],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
