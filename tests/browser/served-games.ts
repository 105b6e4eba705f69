import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../bin/launcher.js", import.meta.url));
const SERVES = /^Tickcast serves .* at http:\/\/[^:]+:(\d+)$/m;

/** `tickcast start`, as built, in a process of its own. */
export class ServedGames {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** @param port 0: a free one */
  static async start(port = 0): Promise<ServedGames> {
    const { PORT: _p, HOST: _h, TICKCAST_MODE: _m, ...env } = process.env;
    const child = spawn(process.execPath, [LAUNCHER, "start", "--port", String(port)], { env });
    let output = "";
    const serving = new Promise<number>((resolve, reject) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const [, found] = SERVES.exec(output) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
      child.once("exit", () => reject(new Error(`the server ended: ${output}`)));
    });
    return new ServedGames(child, await serving);
  }

  /** Rooms close, players are told, the port is free. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exited;
  }
}
