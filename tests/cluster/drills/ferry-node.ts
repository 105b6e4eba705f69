import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { OnDirectoryLoss } from "../../../server/cluster/failover/index.ts";
import { freePort } from "../../kit/free-port.ts";
import type { Published } from "../../simulation/cluster/ownership-log.ts";

const built = (path: string): string =>
  JSON.stringify(pathToFileURL(fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url))).href);

/** A node as a process: it writes every tick that it publishes into a file, at once, so that a kill loses none. */
const PROGRAM = `import { openSync, writeSync } from "node:fs";
import { Bus, serve } from ${built("server/index.js")};
import { NodeClock } from ${built("shared/platform/node-clock.js")};
import { ferryRoom } from ${built("tests/simulation/cluster/ferry-game.js")};
import { OwnershipLog } from ${built("tests/simulation/cluster/ownership-log.js")};
const { NODE_ID, DIRECTORY, ON_LOSS, LOG, SEATS, AT } = process.env;
const file = openSync(LOG, "a");
const say = (what) => writeSync(file, JSON.stringify(what) + "\\n");
const bus = new Bus();
const clock = new NodeClock();
new OwnershipLog().watch(NODE_ID, bus, () => clock.now(), say);
for (const event of ["fenceChanged", "roomTakenOver", "roomMoved", "roomForgotten", "roomDisowned", "tickSlipped", "checkpointFailed", "transportFailed"])
  bus.on(event, (told) => say({ event, told: JSON.parse(JSON.stringify(told)), at: clock.now(), node: NODE_ID }));
const twice = [];
const room = ferryRoom({ called: (number, n, last) => n <= last && say({ event: "twice", at: clock.now(), node: NODE_ID, told: { number, n, last } }) }, { seats: Number(SEATS), graceMs: 20_000 });
const server = await serve({
  rooms: [room], port: Number(AT), publicUrl: "ws://127.0.0.1:" + AT, mode: "production", bus, watchdogMs: 0,
  limits: { maxConnections: 2000 },
  tickets: "accepted", ticketSecrets: ["a secret of thirty-two bytes at least"],
  cluster: { directory: DIRECTORY, nodeId: NODE_ID, onDirectoryLoss: ON_LOSS },
});
process.once("SIGTERM", () => void server.drain(8).then(() => process.exit(0)));
console.log("serves at " + server.url);
`;

/** What a node told besides its ticks. */
export interface NodeLine {
  readonly event: string;
  readonly node: string;
  readonly at: number;
  readonly told: Readonly<Record<string, unknown>>;
}

export interface FerryNodeOptions {
  readonly id: string;
  readonly folder: string;
  /** The socket of Redis, or of a line to it. */
  readonly directory: string;
  readonly onDirectoryLoss: OnDirectoryLoss;
  readonly seats: number;
}

export class FerryNode {
  readonly id: string;
  readonly url: URL;
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(
    id: string,
    url: URL,
    child: ChildProcess,
    exited: Promise<number | null>,
    log: string,
  ) {
    this.id = id;
    this.url = url;
    this.exited = exited;
    this.#child = child;
    this.#log = log;
  }

  static async start({
    id,
    folder,
    directory,
    onDirectoryLoss,
    seats,
  }: FerryNodeOptions): Promise<FerryNode> {
    const log = join(folder, `${id}.jsonl`);
    const program = join(folder, "ferry-node.mjs");
    writeFileSync(program, PROGRAM);
    writeFileSync(log, "");
    const env = { ...process.env, NODE_ID: id, DIRECTORY: directory, ON_LOSS: onDirectoryLoss, LOG: log };
    const child = spawn(process.execPath, [program], {
      env: { ...env, SEATS: String(seats), AT: String(await freePort()) },
      cwd: folder,
    });
    let output = "";
    const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const found = /serves at (\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      void exited.then((code) => reject(new Error(`node ${id} ended with ${code}: ${output}`)));
    });
    return new FerryNode(id, new URL(url), child, exited, log);
  }

  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ticks in their order. A line that a kill cut short is left out. */
  published(): Published[] {
    return this.#lines().filter((line): line is Published => !("event" in line));
  }

  told(event: string): NodeLine[] {
    return this.#lines().filter((line): line is NodeLine => "event" in line && line.event === event);
  }

  #lines(): (Published | NodeLine)[] {
    const lines = readFileSync(this.#log, "utf8").split("\n");
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Published | NodeLine);
  }
}
