import { Worker } from "node:worker_threads";
import type { OpenThread } from "./swarm-thread.ts";

/** Plays bots in a worker thread of Node, which loads the compiled `swarm-worker.ts`. */
export const openWorkerThread: OpenThread = (workerData, listener) => {
  const worker = new Worker(new URL("./swarm-worker.js", import.meta.url), { workerData });
  worker.on("message", (report) => listener.said(report));
  worker.on("error", (error) => listener.died(error));
  worker.on("exit", () => listener.died(new Error("a thread of bots ended by itself")));
  return {
    tell: (order) => worker.postMessage(order),
    close: () => void worker.terminate(),
  };
};
