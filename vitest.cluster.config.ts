import { defineConfig } from "vitest/config";
import { sources } from "./vitest.config.ts";

/** What needs a Redis, which the tests start themselves: `npm run test:cluster`. */
export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: ["{server,bench,tests}/**/*.cluster.test.ts"],
    // Leases last seconds in real time: one file after the other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
