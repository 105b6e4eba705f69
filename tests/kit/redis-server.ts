import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Complaint } from "../../shared/complaint.ts";

const ATTEMPTS = 200;

/**
 * A Redis of one's own on a Unix socket in a new folder, without persistence: what it knows ends with it.
 *
 * @example
 * const redis = await RedisServer.start();
 * const directory = await connectRedisDirectory({ url: redis.path }, new NodeClock());
 * await redis.close();
 */
export class RedisServer {
  readonly #folder: string;
  #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess) {
    this.#folder = folder;
    this.#process = process;
  }

  /** @throws Complaint where there is no `redis-server`, or it does not start */
  static async start(): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), "tickcast-redis-"));
    try {
      return new RedisServer(folder, await launch(folder));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The socket's path, which stays the same over a restart. */
  get path(): string {
    return socketIn(this.#folder);
  }

  /** Kills it and starts it anew: it has lost everything. */
  async restart(): Promise<void> {
    await ended(this.#process);
    this.#process = await launch(this.#folder);
  }

  /** Stands still, as a machine that swaps does; connections stay. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  resume(): void {
    this.#process.kill("SIGCONT");
  }

  /** The bytes that it has allocated for what it knows. */
  async usedBytes(): Promise<number> {
    const text = await said(this.path, "INFO memory", /used_memory:\d+/);
    return Number(text.split(":")[1]);
  }

  async close(): Promise<void> {
    await ended(this.#process);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const socketIn = (folder: string): string => join(folder, "redis.sock");

async function launch(folder: string): Promise<ChildProcess> {
  const path = socketIn(folder);
  const words = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawn("redis-server", words, { stdio: "ignore" });
  let problem: string | undefined;
  child.once("error", (error: NodeJS.ErrnoException) => {
    problem =
      error.code === "ENOENT"
        ? "redis-server is not installed: apt-get install redis-server (or have valkey-server under that name on the path)."
        : `redis-server could not be run: ${error.message}.`;
  });
  child.once("exit", (code) => {
    problem ??= `redis-server ended with exit code ${code}: try "redis-server --port 0 --unixsocket ${path}" to see why.`;
  });
  for (let attempt = 0; attempt < ATTEMPTS && problem === undefined; attempt++) {
    if (await answers(path)) return child;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Complaint(problem ?? "redis-server was started and does not answer.");
}

function answers(path: string): Promise<boolean> {
  return said(path, "PING", /^\+PONG/).then(
    () => true,
    () => false,
  );
}

/** What of the answer to an inline command fits. */
function said(path: string, command: string, fits: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = "";
    socket.setEncoding("utf8");
    socket.once("connect", () => socket.write(`${command}\r\n`));
    socket.on("data", (part: string) => {
      text += part;
      const found = fits.exec(text)?.[0];
      if (found === undefined) return;
      resolve(found);
      socket.destroy();
    });
    socket.once("error", reject);
    socket.setTimeout(500, () => socket.destroy(new Error(`no answer to ${command}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
