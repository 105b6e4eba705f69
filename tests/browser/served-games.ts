import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../bin/launcher.js", import.meta.url));
const SERVES = /^Tickcast serves .* at \S+$/m;

/** `tickcast start`, as built, in a process of its own. */
export class ServedGames {
  readonly port: number;
  readonly #options: readonly string[];
  #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, options: readonly string[]) {
    this.#child = child;
    this.port = port;
    this.#options = options;
  }

  /**
   * On a free port below those that systems give to outgoing connections: none of these can take it while the games
   * are stopped for a moment.
   *
   * @param options more of `tickcast start`
   */
  static async start(options: readonly string[] = []): Promise<ServedGames> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const port = 20_000 + Math.floor(Math.random() * 10_000);
      const started = await startOn(port, options);
      if (typeof started !== "string") return new ServedGames(started, port, options);
      if (!started.includes("the port is taken")) throw new Error(started);
    }
    throw new Error("no port is free");
  }

  /** Again, on the same port. */
  async restart(): Promise<void> {
    const started = await startOn(this.port, this.#options);
    if (typeof started === "string") throw new Error(started);
    this.#child = started;
  }

  /** Nobody new comes in; who plays may go on for as long as the options say. */
  drain(): void {
    this.#child.kill("SIGTERM");
  }

  /** Rooms close, players are told, the port is free. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exited;
  }
}

/** The process once it serves; or what it said, if it ended instead. */
function startOn(port: number, options: readonly string[]): Promise<ChildProcess | string> {
  const { PORT: _p, HOST: _h, TICKCAST_MODE: _m, TICKCAST_ADMIN_TOKEN: _t, ...env } = process.env;
  const child = spawn(process.execPath, [LAUNCHER, "start", "--port", String(port), ...options], { env });
  let output = "";
  return new Promise((resolve) => {
    const hear = (text: string): void => {
      output += text;
      if (SERVES.test(output)) resolve(child);
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.once("close", () => resolve(`the server ended: ${output}`));
  });
}
