import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defineGame, record, u16 } from "../../shared/game.ts";

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const SERVES = /^Tickcast serves .* at (https?:\/\/\S+)$/m;

/** The game that {@link startServer} serves: `left` counts the seconds of a drain, `visits` those who joined. */
export const counter = defineGame({
  name: "counter",
  tickRate: 20,
  state: { match: record({ left: u16, visits: u16 }) },
});

const APP = `import { defineRoom } from ${JSON.stringify(pathToFileURL(dist("server/index.js")).href)};
import { defineGame, record, u16 } from ${JSON.stringify(pathToFileURL(dist("shared/game.js")).href)};
const counter = defineGame({ name: "counter", tickRate: 20, state: { match: record({ left: u16, visits: u16 }) } });
export const app = {
  rooms: [
    defineRoom(counter, {
      join: (room) => void room.state.match.visits++,
      drain: (room, secondsLeft) => void (room.state.match.left = secondsLeft),
    }),
  ],
};
`;

/** A started server of the build, as an operator runs it. */
export interface Started {
  readonly child: ChildProcess;
  readonly url: URL;
  /** Where its own files may go; it is its working folder, and gone after the test. */
  readonly folder: string;
  readonly exited: Promise<number | null>;
  output(): string;
}

/** A folder for one server, with an app in it. */
export function serverFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "tickcast-operated-"));
  writeFileSync(join(folder, "app.mjs"), APP);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts `tickcast start` in a folder; resolves when it says its address. */
export async function startServer(
  folder: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Started> {
  const { PORT: _p, HOST: _h, NODE_ENV: _e, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [dist("bin/tickcast.js"), "start", "app.mjs", "--port", "0", ...args],
    {
      cwd: folder,
      env: { ...inherited, ...env },
    },
  );
  let output = "";
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const url = SERVES.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    void exited.then(() => reject(new Error(`the server ended: ${output}`)));
  });
  return { child, url: new URL(address), folder, exited, output: () => output };
}
