import { defineConfig } from "vite";

/** The page is built beside the server, which serves it. */
export default defineConfig({
  base: "./",
  build: { outDir: "../dist/page", emptyOutDir: true, target: "es2022" },
});
