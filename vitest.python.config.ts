import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The client in Python against a real server: `npm run test:python`. */
export default defineConfig({
  ...(base.resolve && { resolve: base.resolve }),
  test: {
    include: ["tests/python/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
