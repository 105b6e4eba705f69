import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "../../tests/kit/free-port.ts";
import { treeCpuMs } from "./process-tree.ts";

const BINARY = fileURLToPath(new URL("../../bin/tickcast.js", import.meta.url));
const APP = fileURLToPath(new URL("worker-app.js", import.meta.url));
const SERVES = /^Tickcast serves .* at (http:\/\/\S+)$/gm;
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 15_000;
/** Ports that follow one another are seldom taken; where one is, others are. */
const ATTEMPTS = 5;

export interface FarmOptions {
  readonly workers: number;
  /** Path of a Redis' socket. */
  readonly redis: string;
}

/** `tickcast start --workers N` as an operator has it, on a port each of this machine. */
export class WorkerFarm {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #said = "";

  private constructor({ workers, redis }: FarmOptions, port: number) {
    const listening = ["--port", String(port), "--host", "127.0.0.1", "--log-level", "warn"];
    const cluster = ["--workers", String(workers), "--redis", redis, "--redis-prefix", `bench-${port}`];
    this.#child = spawn(process.execPath, [BINARY, "start", APP, ...listening, ...cluster], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
      });
  }

  /** Settles when every worker serves. */
  static async start(options: FarmOptions): Promise<WorkerFarm> {
    let said = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const farm = new WorkerFarm(options, await freePort());
      if (await farm.#serves(options.workers)) return farm;
      await farm.stop();
      said = farm.#said;
    }
    throw new Error(`${options.workers} workers did not start: ${said.trim()}`);
  }

  /** Where each worker serves. */
  get urls(): string[] {
    return [...this.#said.matchAll(SERVES)].map(([, url = ""]) => url);
  }

  /** Of all its processes so far, in milliseconds. */
  cpuMs(): number {
    return treeCpuMs(this.#child.pid as number);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(kill);
  }

  async #serves(workers: number): Promise<boolean> {
    let hasEnded = false;
    void this.#ended.then(() => {
      hasEnded = true;
    });
    for (const began = performance.now(); performance.now() - began < START_WITHIN_MS; ) {
      if (this.urls.length === workers) return true;
      if (hasEnded) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return false;
  }
}
