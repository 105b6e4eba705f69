#!/usr/bin/env node
// Plain JavaScript for any Node version: it says what is missing before anything modern is loaded.
import { existsSync } from "node:fs";

const program = new URL("../dist/bin/tickcast.js", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);
// The lines that uWebSockets.js has binaries for, each from a minor version on: as `engines` in package.json says.
const leastMinor = { 20: 19, 22: 12, 24: 0, 25: 0 }[major];

if (leastMinor === undefined || minor < leastMinor) {
  console.error(
    `tickcast: Node ${process.versions.node} cannot run Tickcast: use Node 20 (from 20.19 on), 22 (from 22.12 on), 24 or 25.`,
  );
  process.exitCode = 1;
} else if (!existsSync(program)) {
  console.error('tickcast: Tickcast is not built: run "npm run build".');
  process.exitCode = 1;
} else {
  await import(program.href);
}
