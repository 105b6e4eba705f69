import { spawn } from "node:child_process";
import { SystemClock } from "../../shared/platform/system-clock.ts";
import { SERVING } from "./serving.ts";
import { type SharedSettings, validateShared, workerArguments } from "./worker-arguments.ts";
import { type PoolSignal, WorkerPool } from "./worker-pool.ts";

/**
 * Runs `tickcast start` in several processes, a port each. The parent loads no game: it starts workers, anew where one ends,
 * passes signals on, and ends when all have.
 *
 * @param given the arguments behind the binary, `start` first
 * @throws Complaint for settings by which workers would stand in each other's way
 */
export function runWorkers(given: readonly string[], shared: SharedSettings): void {
  validateShared(shared);
  const [, binary = ""] = process.argv;
  const pool = new WorkerPool({
    workers: shared.workers,
    clock: new SystemClock(0),
    start: (index, listener) => {
      const child = spawn(
        process.execPath,
        [...process.execArgv, binary, ...workerArguments(given, index, shared)],
        {
          // Where the parent is killed, its workers notice; over the same line they say that they serve.
          stdio: ["inherit", "inherit", "inherit", "ipc"],
          // In a group of its own, or a Ctrl-C at the terminal would reach it twice: from there, and passed on.
          detached: true,
        },
      );
      let hasEnded = false;
      const ended = (code: number | null, signal: string | null): void => {
        if (!hasEnded) listener.ended({ code, signal });
        hasEnded = true;
      };
      child.on("message", (message) => {
        if (message === SERVING) listener.serving();
      });
      child.once("error", (error) => {
        console.error(`tickcast: worker ${index} could not be started: ${error.message}`);
        ended(1, null);
      });
      child.once("exit", ended);
      return { signal: (name) => void child.kill(name) };
    },
    say: (line) => console.error(`tickcast: ${line}`),
    ended: (code) => process.exit(code),
  });
  const pass = (signal: PoolSignal): void => {
    console.log(`${signal}: passed on to ${pool.serving} workers`);
    pool.signal(signal);
  };
  process.on("SIGINT", () => pass("SIGINT"));
  process.on("SIGTERM", () => pass("SIGTERM"));
}
