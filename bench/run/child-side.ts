import type {
  FromEchoLoad,
  FromHttpLoad,
  FromLoad,
  FromServer,
  MeasuredWindow,
  RunSpec,
  ToChild,
} from "./messages.ts";
import type { FromJoinStormLoad, FromReconnectStormLoad, FromSlowReadersLoad } from "./trial-messages.ts";

/** What a child process of the benchmark does when it is told to. What it throws ends the run. */
export interface ChildTasks {
  start(spec: RunSpec, port: number): Promise<void>;
  measure(window: MeasuredWindow): Promise<void>;
  /** Absent where nobody asks for it. */
  request?(window: MeasuredWindow, connections: number): Promise<void>;
  stall?(window: MeasuredWindow): Promise<void>;
  storm?(window: MeasuredWindow, joiners: number): Promise<void>;
}

/** Tells the parent. Does nothing where the parent is gone. */
export function tell(
  message:
    | FromServer
    | FromLoad
    | FromHttpLoad
    | FromEchoLoad
    | FromSlowReadersLoad
    | FromReconnectStormLoad
    | FromJoinStormLoad,
): void {
  process.send?.(message);
}

/** Serves the parent until it says stop or goes away: no child outlives its run. */
export function serveParent(tasks: ChildTasks): void {
  const failed = (error: unknown): void =>
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  // A terminal interrupts parent and children alike; the parent ends them in order.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: ToChild) => {
    switch (message.type) {
      case "start":
        tasks.start(message.spec, message.port).catch(failed);
        return;
      case "measure":
        tasks.measure(message.window).catch(failed);
        return;
      case "request":
        tasks.request?.(message.window, message.connections).catch(failed);
        return;
      case "stall":
        tasks.stall?.(message.window).catch(failed);
        return;
      case "storm":
        tasks.storm?.(message.window, message.joiners).catch(failed);
        return;
      case "stop":
        process.exit(0);
    }
  });
}
