import { defineConfig } from "vitest/config";

/** The packed tarball, as npm would publish it: `npm run check:package` builds and fetches the tools first. */
export default defineConfig({
  test: {
    include: ["tests/package/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
