import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests run on the sources: the package's own names lead to them instead of to `dist`. */
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "tickcast/game": source("shared/game.ts"),
      "tickcast/server": source("server/index.ts"),
      "tickcast/client": source("client/node.ts"),
      "tickcast/bots": source("bots/index.ts"),
      "tickcast/testing": source("tests/kit/index.ts"),
    },
  },
  test: {
    // Ends what hangs; no test measures time, and a busy machine is no reason to fail.
    testTimeout: 30_000,
    exclude: ["tests/browser/**"],
    include: ["{shared,server,client,bots,bench,bin,games,tests}/**/*.test.ts"],
  },
});
