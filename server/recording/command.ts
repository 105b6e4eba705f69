import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { openRecording, type RecordingFile } from "../../shared/platform/open-recording.ts";
import { RecordingError } from "../../shared/recording/block.ts";
import { Recording } from "../../shared/recording/recording.ts";
import { loadApp } from "../command/start.ts";
import { MissingPagesError } from "../http/pages.ts";
import { type ServerApp, serve } from "../serve.ts";
import { ListenError } from "../transport/transport.ts";
import { UwsLoadError } from "../transport/uws/uws-load-error.ts";
import { differenceInWords } from "./difference.ts";
import { replayApi } from "./replay-api.ts";
import { summaryInWords, summaryOf } from "./summary.ts";
import { type Verdict, verify } from "./verify.ts";

interface ReplayOptions {
  readonly app?: string;
  readonly info?: true;
  readonly verify?: true;
  readonly json?: true;
  readonly port: number;
  readonly host: string;
}

/** Draws the state of any game by its definition. */
const ANY_GAMES_PAGE = fileURLToPath(new URL("./page/", import.meta.url));
const ANY_GAMES_PATH = "/replay/";

const help = `
A recording is made by "tickcast start --record <folder>". It holds all that players did and wrote in the room: keep it
as you keep such things.

--verify runs the game again, by the recorded seed, arrivals and inputs, and compares the state of each tick; it says the
first table, row and field that differ, and the exit code is 1. It needs the game's own code: the games that come with
Tickcast, or yours by --app.

Examples:
  $ tickcast replay recordings/arena-k3x9-20261129T130000Z.tickrec
  $ tickcast replay match.tickrec --app dist/app.js --verify
  $ tickcast replay match.tickrec --info
  $ tickcast bots --url ws://127.0.0.1:3000/arena --recording match.tickrec
`;

/** Adds `tickcast replay` to the program. */
export function addReplayCommand(program: Command): void {
  program
    .command("replay")
    .description("open a recorded match in a page with a time line, or run it again and compare each tick")
    .argument("<file>", "a recording")
    .option(
      "--app <module>",
      "the compiled module that exports your `app` (default: the games that come with Tickcast)",
    )
    .option("--info", "say what the recording holds, and end")
    .option("--verify", "run the game again and compare the state of each tick, and end")
    .option("--json", "with --info or --verify: as JSON")
    .option("-p, --port <number>", "port of the page; 0 picks a free one", portOf, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addHelpText("after", help)
    .action(replay);
}

async function replay(path: string, options: ReplayOptions): Promise<void> {
  const file = await openRecording(path).catch(inWords(path));
  try {
    const recording = await Promise.resolve(file)
      .then((source) => new Recording(source))
      .catch(inWords(path));
    if (options.info) await info(recording, file, options);
    if (options.verify) await verified(recording, options);
    if (options.info || options.verify) {
      await file.close();
      return;
    }
    await show(recording, file, options);
  } catch (error) {
    await file.close();
    return inWords(path)(error);
  }
}

async function info(recording: Recording, file: RecordingFile, { json }: ReplayOptions): Promise<void> {
  const summary = await summaryOf(recording, file);
  console.log(json ? JSON.stringify(summary, null, 2) : summaryInWords(summary));
}

async function verified(recording: Recording, { app, json }: ReplayOptions): Promise<void> {
  const { game } = recording.header;
  const definition = (await loadApp(app)).rooms.find((room) => room.game.spec.name === game);
  if (definition === undefined)
    throw new Complaint(
      `The recording is of "${game}", which is not among the games served: name yours with --app.`,
    );
  const verdict = await verify(recording, definition, {
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  console.log(json ? JSON.stringify(verdict, null, 2) : verdictInWords(verdict));
  process.exitCode = verdict.verdict === "same" ? 0 : 1;
}

function verdictInWords(verdict: Verdict): string {
  switch (verdict.verdict) {
    case "same":
      return `The same: ${verdict.ticks.toLocaleString("en")} ticks, each with the state that was recorded.`;
    case "impossible":
      return `It cannot be run again: ${verdict.why}.`;
    case "differs": {
      const { tick, difference, why } = verdict;
      const where = difference === undefined ? "the states are alike" : differenceInWords(difference);
      return `Another game since tick ${tick}: ${where}${why === undefined ? "" : `; ${why}`}.`;
    }
  }
}

/** Serves the page until a signal. */
async function show(recording: Recording, file: RecordingFile, options: ReplayOptions): Promise<void> {
  const app = await loadApp(options.app);
  const server = await servePage(recording, file, app, options);
  const { game } = recording.header;
  const path = app.replays?.[game] ?? ANY_GAMES_PATH;
  const stop = (): void => {
    void server
      .stop()
      .then(() => file.close())
      .then(() => process.exit(0));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  console.log(`The recording of ${game} plays at ${server.url}${path}`);
}

async function servePage(
  recording: Recording,
  file: RecordingFile,
  app: ServerApp,
  { host, port }: ReplayOptions,
) {
  const own = app.replays?.[recording.header.game];
  const prefix = Object.keys(app.pages ?? {}).find((candidate) => own?.startsWith(candidate));
  if (own !== undefined && prefix === undefined)
    throw new Complaint(`The app's "replays" names ${own}, which is below none of its pages.`);
  return serve({
    rooms: [],
    pages: prefix === undefined ? { [ANY_GAMES_PATH]: ANY_GAMES_PAGE } : { ...app.pages },
    http: replayApi(file),
    host,
    port,
    mode: "production",
    watchdogMs: 0,
  }).catch((error: unknown) => {
    if (error instanceof ListenError || error instanceof MissingPagesError || error instanceof UwsLoadError)
      throw new Complaint(error.message);
    throw error;
  });
}

function inWords(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof RecordingError) throw new Complaint(`${path} cannot be played: ${error.message}.`);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new Complaint(
        `There is no file ${path}: name a recording, as "tickcast start --record" makes them.`,
      );
    throw error;
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Complaint(`The port is ${text}; it must be a whole number from 0 to 65535.`);
  return port;
}
