import { defineConfig } from "vitest/config";

/**
 * What packs the package as npm would publish it: `npm run check:package` and `npm run test:starter`; and
 * recipes of the guide that need libraries of others: `npm run test:recipes`.
 */
export default defineConfig({
  test: {
    include: ["tests/{package,starter,recipes}/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
