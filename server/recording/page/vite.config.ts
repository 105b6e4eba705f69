import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  build: { outDir: here("../../../dist/server/recording/page"), emptyOutDir: true, target: "es2022" },
});
