import { defineConfig } from "vitest/config";

/** The pages in a real browser, against the build: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    // One browser, one server: what a test leaves behind is there for the next.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
