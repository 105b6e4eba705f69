import { closeSync, writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import { workerData } from "node:worker_threads";
import { ProgressReader } from "./progress.ts";

/** What the watching thread is told. */
export interface WatchOrder {
  readonly memory: SharedArrayBuffer;
  readonly afterMs: number;
  readonly exitCode: number;
}

/** How often it is looked in the time that may pass. */
const LOOKS = 10;

/** How long the stuck thread may take to say where it is, and then to end the process by itself. */
const ANSWERS_WITHIN_MS = 1_000;

const FRAMES_TOLD = 5;

watch(workerData as WatchOrder);

/** Looks are counted, not time: where the whole process was stopped, this thread was, too, and nothing was missed. */
function watch({ memory, afterMs, exitCode }: WatchOrder): void {
  const progress = new ProgressReader(memory);
  let seen = progress.beats;
  let idle = 0;
  while (progress.wait(afterMs / LOOKS)) {
    const { beats } = progress;
    idle = beats === seen && !progress.inspected ? idle + 1 : 0;
    seen = beats;
    if (idle < LOOKS) continue;
    const { room } = progress;
    say(
      room === undefined
        ? `tickcast: the process has made no progress for ${afterMs} ms, outside of any room's tick; it is ended.`
        : `tickcast: the tick of room ${room} has not ended for ${afterMs} ms and holds all others; the process is ended.`,
    );
    endProcess(exitCode);
    return;
  }
}

/**
 * Code that runs can be interrupted by a debugger alone. It says where it stands, and then exits by itself, which gives
 * an exit code. Where it does not answer it is in no code of ours, and the process is killed.
 */
function endProcess(exitCode: number): void {
  // Keeps this thread alive, too.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), ANSWERS_WITHIN_MS);
  const session = new Session();
  session.connectToMainThread();
  const scripts = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => scripts.set(scriptId, url));
  session.on("Debugger.paused", ({ params: { callFrames } }) => {
    for (const frame of callFrames.slice(0, FRAMES_TOLD)) say(`    at ${place(frame, scripts)}`);
    const [top] = callFrames;
    if (top === undefined) return;
    // All is said. What Node itself would say now, that it waits for a debugger, would lead nobody anywhere.
    closeSync(2);
    // `process.exit` would run listeners of the very code that hangs.
    session.post("Debugger.evaluateOnCallFrame", {
      callFrameId: top.callFrameId,
      expression: `process.reallyExit(${exitCode})`,
    });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

function place({ functionName, location }: Debugger.CallFrame, scripts: ReadonlyMap<string, string>): string {
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  const at = `${scripts.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1}`;
  return functionName === "" ? at : `${functionName} (${at})`;
}

/** Straight to the terminal: a worker's own streams go through the thread that is stuck. */
function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads any more; the process is ended all the same.
  }
}
