import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { treeCpuMs } from "./process-tree.ts";

const BURN = "const began = process.cpuUsage().user; while (process.cpuUsage().user - began < 150_000);";
const GRANDCHILD = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(`${BURN} console.log("burnt"); setInterval(() => {}, 1000)`)}], { stdio: "inherit" });`;

test.runIf(process.platform === "linux")(
  "[BEN-118] CPU of a process is that of all that it started, too",
  async () => {
    const child = spawn(process.execPath, ["-e", `${GRANDCHILD} setInterval(() => {}, 1000)`], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(child.stdout, "data");
      expect(treeCpuMs(child.pid as number)).toBeGreaterThanOrEqual(150);
    } finally {
      process.kill(-(child.pid as number), "SIGKILL");
    }
  },
);
