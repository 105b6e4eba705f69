import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { PlainState } from "../vectors/vector-format.ts";

const folder = fileURLToPath(new URL("../../client/python", import.meta.url));

/** `PYTHON` names another interpreter: one that has msgpack and websockets. */
const interpreter = process.env.PYTHON ?? "/usr/bin/python3";

const WITHIN_MS = 20_000;

/** Python in the client's folder. */
export function python(...args: string[]): ChildProcess {
  return spawn(interpreter, args, {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    // Nothing is to be left behind in the source's folders.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
}

export function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (text) => {
    stdout += text;
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** One line of a player's diary: see `client/python/tests/player.py`. */
export interface Line {
  readonly what: "joined" | "tick" | "event" | "reply" | "connection" | "lost" | "closed";
  readonly tick?: number;
  readonly hash?: string;
  readonly state?: PlainState;
  readonly me?: number | null;
  readonly statistics?: Readonly<Record<string, number | null>>;
  readonly name?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly ok?: boolean;
  readonly error?: string | null;
  readonly player?: number;
  readonly row?: number;
  readonly close?: string | null;
}

/** A player in Python, led and watched by a test. */
export class PythonPlayer {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;
  readonly #ended: ReturnType<typeof ended>;
  #look: () => void = () => {};

  constructor(url: string, join: unknown) {
    this.child = python("-m", "tests.player", url, JSON.stringify(join));
    this.#ended = ended(this.child);
    if (this.child.stdout === null) throw new Error("the player's lines cannot be read");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#look();
    });
  }

  /** The first line from `from` on that is such; by default from now on. */
  until(is: (line: Line) => boolean, from = this.lines.length): Promise<Line> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not within ${WITHIN_MS} ms; last: ${JSON.stringify(this.lines.slice(-3))}`)),
        WITHIN_MS,
      );
      this.#look = () => {
        const found = this.lines.slice(from).find(is);
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      this.#look();
      void this.#ended.then(({ stderr }) => {
        clearTimeout(timer);
        reject(new Error(`the player ended: ${stderr}`));
      });
    });
  }

  /** So many ticks more. */
  async ticks(count: number): Promise<Line[]> {
    const from = this.lines.length;
    const since = () => this.lines.slice(from).filter(({ what }) => what === "tick");
    await this.until(() => since().length >= count, from);
    return since();
  }

  do(...command: readonly unknown[]): void {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Leaves; the process ends by itself. */
  async leave(): Promise<Line | undefined> {
    this.do("leave");
    const { code, stderr } = await this.#ended;
    if (code !== 0) throw new Error(stderr);
    return this.lines.at(-1);
  }
}
