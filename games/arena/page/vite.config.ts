import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  build: {
    outDir: here("../../../dist/games/arena/page"),
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: { input: [here("index.html"), here("replay.html")] },
  },
});
