import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a process does when it is called: one argument, one answer, both plain data. */
// biome-ignore lint/suspicious/noExplicitAny: each call has its own argument; whoever calls is held to it.
export type Calls = Readonly<Record<string, (argument: any) => unknown>>;

export interface RemoteOptions {
  /** For messages about it. */
  readonly name: string;
  /** The module that it runs. */
  readonly module: URL;
  /** The core that it runs on; absent: any. */
  readonly core: number | undefined;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What goes to a process, and what comes back. */
export type Question = { readonly call: number; readonly name: string; readonly argument: unknown };
export type Order = Question | "stop";
export type Answer =
  | { readonly call: number; readonly result: unknown }
  | { readonly call: number; readonly failure: string }
  | { readonly progress: number };

interface Waiting {
  readonly name: string;
  resolve(result: never): void;
  reject(error: Error): void;
  stopWaiting(): void;
}

/** After being told to stop, a process has so long to end by itself. */
const STOP_WITHIN_MS = 3_000;
/** Of what a process writes to stderr so much is kept. */
const KEPT_OUTPUT = 8_000;

/**
 * A process of a drill, whose functions are called from here. If it ends, all calls that wait are rejected with what it
 * said last; whoever creates it must {@link stop} it.
 *
 * @example
 * const server = new Remote<ServerCalls>({ name: "server", module, core: 0 });
 * const { port } = await server.call("start", spec, 30_000);
 */
export class Remote<Tasks extends Calls> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended = false;
  /** Settles when the process has ended, however. */
  readonly exit: Promise<Exit>;
  /** The end of what it wrote to stderr. */
  errorOutput = "";
  onProgress: (done: number) => void = () => {};

  constructor({ name, module, core, nodeFlags = [] }: RemoteOptions) {
    this.#name = name;
    const node = [process.execPath, ...nodeFlags, fileURLToPath(module)];
    const [command = "", ...argv] = core === undefined ? node : ["taskset", "-c", String(core), ...node];
    this.#process = spawn(command, argv, { stdio: ["ignore", 2, "pipe", "ipc"] });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errorOutput = (this.errorOutput + text).slice(-KEPT_OUTPUT);
    });
    this.#process.on("message", (answer: Answer) => this.#receive(answer));
    this.exit = new Promise((resolve) => {
      const end = (exit: Exit, why: string): void => {
        this.#ended = true;
        for (const [call, { reject, stopWaiting }] of this.#waiting) {
          stopWaiting();
          this.#waiting.delete(call);
          reject(
            new Error(`the ${name} process ${why}${this.errorOutput && `: ${this.errorOutput.trim()}`}`),
          );
        }
        resolve(exit);
      };
      this.#process.on("close", (code, signal) =>
        end({ code, signal }, `ended (${signal ?? `code ${code}`})`),
      );
      this.#process.on("error", (error) =>
        end({ code: null, signal: null }, `did not run: ${error.message}`),
      );
    });
  }

  /** Calls a function of the process. Rejects where that throws, the process ends, or nothing comes for so long. */
  call<Name extends keyof Tasks & string>(
    name: Name,
    argument: Parameters<Tasks[Name]>[0],
    withinMs: number,
  ): Promise<Awaited<ReturnType<Tasks[Name]>>> {
    if (this.#ended) return Promise.reject(new Error(`the ${this.#name} process has ended`));
    const call = this.#calls++;
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => {
        this.#waiting.delete(call);
        reject(new Error(`the ${this.#name} process did not answer "${name}" within ${withinMs / 1000} s`));
      }, withinMs);
      this.#waiting.set(call, { name, resolve, reject, stopWaiting: () => clearTimeout(tooLate) });
      const question: Question = { call, name, argument };
      // Where it is gone already, its end says so to whoever waits.
      this.#process.send(question, () => {});
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it, kindly at first. Settles when it has ended; safe to call at any time. */
  async stop(): Promise<void> {
    // Not by `disconnect`: after that Node may never say that the process has ended.
    if (this.#process.connected) this.#process.send("stop" satisfies Order, () => {});
    const kill = setTimeout(() => this.#process.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.exit;
    clearTimeout(kill);
  }

  #receive(answer: Answer): void {
    if ("progress" in answer) {
      this.onProgress(answer.progress);
      return;
    }
    const waiting = this.#waiting.get(answer.call);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.call);
    waiting.stopWaiting();
    if ("failure" in answer)
      waiting.reject(new Error(`"${waiting.name}" of the ${this.#name} process failed: ${answer.failure}`));
    else waiting.resolve(answer.result as never);
  }
}
