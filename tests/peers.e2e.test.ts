import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isInstalled } from "../bench/peers/installed.ts";
import { peerNames, peers } from "../bench/peers/peers.ts";
import type { BenchReport } from "../bench/report/report.ts";
import { systems } from "../bench/systems/systems.ts";

const PROGRAM = fileURLToPath(new URL("../dist/bin/tickcast.js", import.meta.url));
const root = new URL("..", import.meta.url);

// The peers' packages are no part of the installation: without them, that the others are told apart is tested.
const installed = peerNames.filter((name) =>
  isInstalled({ entry: new URL(`bench/peers/${peers[name].folder}/server.js`, root) }),
);

// Where other tests keep the machine so busy that a tick is 50 ms late, the command rightly fails: so again.
test.skipIf(installed.length === 0)(
  "[BEN-57] every peer that is installed delivers every tick, over real sockets",
  { timeout: 120_000, retry: 2 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tickcast-peers-"));
    try {
      const file = join(folder, "report.json");
      const words = ["fanout", "--clients", "10", "--seconds", "1", "--warmup", "0.5", "--json", file];
      const child = spawn(process.execPath, [PROGRAM, "bench", ...words, "--against", installed.join(",")], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      await once(child, "close");
      const report = JSON.parse(await readFile(file, "utf8")) as BenchReport;
      expect(report.failures).toEqual([]);
      expect(report.systems.map(({ name }) => name)).toEqual(["tickcast", ...installed, "uws"]);
      for (const { name, delivered, expected } of report.systems) {
        if (systems[name].loop === "scheduled") expect([name, delivered]).toEqual([name, expected]);
        else expect(delivered).toBeGreaterThan(expected * 0.8);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
