import type { Answer, Calls, Order } from "./remote.ts";

/** Answers the parent's calls until it goes away: no process outlives its drill. */
export function serveCalls(calls: Calls): void {
  const tell = (answer: Answer): void => void process.send?.(answer);
  // A terminal interrupts parent and children alike; the parent ends them in order.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit(0));
  process.on("message", (order: Order) => {
    if (order === "stop") process.exit(0);
    const { call, name, argument } = order;
    Promise.resolve()
      .then(() => calls[name]?.(argument))
      .then(
        (result) => tell({ call, result }),
        (error: unknown) =>
          tell({ call, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
}

/** Says how far a long call is. */
export function tellProgress(done: number): void {
  process.send?.({ progress: done } satisfies Answer);
}
