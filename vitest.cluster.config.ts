import { defineConfig } from "vitest/config";

/** What needs a Redis, which the tests start themselves: `npm run test:cluster`. */
export default defineConfig({
  test: {
    include: ["{server,bench,tests}/**/*.cluster.test.ts"],
    // Leases of a second and a half: not on a machine that is busy with other tests.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
