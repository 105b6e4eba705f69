import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const SERVES = /^Tickcast serves .* at (http:\/\/\S+)$/m;

/** What a command did: its exit code and everything it said. */
export interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** A command line in a folder, with nothing of this repository's own environment. */
function begin(
  folder: string,
  command: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): ChildProcess {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|INIT_CWD$|VITEST|NODE_|PORT$|HOST$|TICKCAST_)/.test(name),
    ),
  );
  return spawn(command, args, {
    cwd: folder,
    env: { ...env, ...variables, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a command to its end. */
export async function run(folder: string, command: string, ...args: readonly string[]): Promise<Ran> {
  const child = begin(folder, command, args);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

/** A command that serves until it is stopped. */
export interface Serving {
  readonly url: URL;
  /** Settles with the exit code. */
  stop(): Promise<number | null>;
}

/** What starts a project's server. */
const START = [process.execPath, "node_modules/tickcast/bin/launcher.js", "start", "dist/app.js"] as const;

/** Starts a project's server on a free port; resolves when it says its address. */
export async function serve(
  folder: string,
  [command, ...args]: readonly [string, ...string[]] = START,
  variables: NodeJS.ProcessEnv = {},
): Promise<Serving> {
  const child = begin(folder, command, [...args, "--port", "0"], variables);
  const ended = once(child, "close").then(([code]) => code as number | null);
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const address = SERVES.exec(said)?.[1];
        if (address !== undefined) resolve(address);
      });
    void ended.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  return {
    url: new URL(url),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
