#!/usr/bin/env node
// Plain JavaScript for any Node version: it says what is missing before anything modern is loaded.
import { existsSync } from "node:fs";

const program = new URL("../dist/bin/tickcast.js", import.meta.url);
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(`tickcast: Node ${process.versions.node} is too old: use Node 20 or newer.`);
  process.exitCode = 1;
} else if (!existsSync(program)) {
  console.error('tickcast: Tickcast is not built: run "npm run build".');
  process.exitCode = 1;
} else {
  await import(program.href);
}
