import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ToChild } from "./messages.ts";

export interface ChildOptions {
  /** For messages about it. */
  readonly name: string;
  /** The module that it runs. */
  readonly module: URL;
  /** The core that it runs on; absent: any. */
  readonly core: number | undefined;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
}

interface Message {
  readonly type: string;
}

interface Failed {
  readonly type: "failed";
  readonly message: string;
}

/** After being told to stop, a process has so long to end by itself. */
const STOP_WITHIN_MS = 3_000;

/**
 * A process of a run, seen from the parent: messages in order, each awaited by its type. What it prints goes
 * to stderr. If it fails or ends, whoever waits for it is told; whoever creates it must {@link stop} it.
 */
export class Child<From extends Message> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #expected: { type: string; take: (message: From) => void; fail: (error: Error) => void } | undefined;
  #failure: Error | undefined;
  /** Told of messages that nobody waits for: progress. */
  onOther: (message: From) => void = () => {};

  constructor({ name, module, core, nodeFlags = [] }: ChildOptions) {
    this.#name = name;
    const node = [process.execPath, ...nodeFlags, fileURLToPath(module)];
    const [command = "", ...argv] = core === undefined ? node : ["taskset", "-c", String(core), ...node];
    this.#process = spawn(command, argv, { stdio: ["ignore", 2, 2, "ipc"] });
    this.#process.on("message", (message: From | Failed) => this.#receive(message));
    this.#process.on("error", (error) => this.#fail(new Error(`the ${name} process: ${error.message}`)));
    this.#ended = new Promise((resolve) => {
      this.#process.on("exit", (code, signal) => {
        this.#fail(new Error(`the ${name} process ended early (${signal ?? `code ${code}`})`));
        resolve();
      });
      this.#process.on("error", () => resolve());
    });
  }

  send(message: ToChild): void {
    // Where it is gone already, `exit` says so to whoever waits.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** The next message of that type. Rejects when the process fails, ends, or says nothing for so long. */
  expect<Type extends From["type"]>(
    type: Type,
    withinMs: number,
  ): Promise<Extract<From, { readonly type: Type }>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(
        () =>
          this.#fail(new Error(`the ${this.#name} process gave no "${type}" within ${withinMs / 1000} s`)),
        withinMs,
      );
      const settle = (): void => {
        clearTimeout(tooLate);
        this.#expected = undefined;
      };
      this.#expected = {
        type,
        take: (message) => {
          settle();
          resolve(message as Extract<From, { readonly type: Type }>);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
    });
  }

  /** Ends it, kindly at first. Settles when it has ended; safe to call at any time. */
  async stop(): Promise<void> {
    this.send({ type: "stop" });
    const kill = setTimeout(() => this.#process.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(kill);
  }

  #receive(message: From | Failed): void {
    if (message.type === "failed")
      this.#fail(new Error(`the ${this.#name} process failed: ${(message as Failed).message}`));
    else if (message.type === this.#expected?.type) this.#expected.take(message as From);
    else this.onOther(message as From);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#expected?.fail(this.#failure);
  }
}
