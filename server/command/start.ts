import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { tokenProblem } from "../admin/admin-token.ts";
import { Bus } from "../bus.ts";
import { MissingPagesError } from "../http/pages.ts";
import { consoleLog } from "../log/console-log.ts";
import { type ServerApp, serve } from "../serve.ts";
import { ListenError } from "../transport/transport.ts";
import { UwsLoadError } from "../transport/uws/uws-load-error.ts";
import { oneOf, port } from "./option-values.ts";

/** The games that come with Tickcast, in the build. */
const BUILT_IN_APP = fileURLToPath(new URL("../../games/app.js", import.meta.url));

interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly mode: "development" | "production";
  readonly adminToken?: string;
}

/** Adds `tickcast start` to the program. Each option can be given by environment, too; a flag is stronger. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("serve games over WebSocket and HTTP on one port")
    .argument("[app]", "a compiled module that exports `app` (default: the games that come with Tickcast)")
    .addOption(
      program
        .createOption("-p, --port <number>", "port; 0 picks a free one")
        .env("PORT")
        .default(3000)
        .argParser(port),
    )
    .addOption(
      program
        .createOption("--host <address>", "address to listen on; 0.0.0.0 for the whole network")
        .env("HOST")
        .default("127.0.0.1"),
    )
    .addOption(
      program
        .createOption("--mode <mode>", "development adds /dev/bots and reads pages anew at each request")
        .env("TICKCAST_MODE")
        .default(process.env.NODE_ENV === "production" ? "production" : "development")
        .argParser(oneOf("--mode", ["development", "production"])),
    )
    .addOption(
      program
        .createOption("--admin-token <token>", "opens the dashboard at /admin/; better by environment")
        .env("TICKCAST_ADMIN_TOKEN"),
    )
    .action((app: string | undefined, options: StartOptions) => start(app, options));
}

async function start(
  appPath: string | undefined,
  { adminToken = "", ...options }: StartOptions,
): Promise<void> {
  // An empty one is none, as an unset variable often comes. Judged here: the parser would repeat it in its complaint.
  const wrong = adminToken === "" ? undefined : tokenProblem(adminToken);
  if (wrong !== undefined) throw new Complaint(wrong);
  const app = await loadApp(appPath === undefined ? BUILT_IN_APP : resolve(appPath), appPath === undefined);
  const bus = new Bus();
  consoleLog(bus);
  const server = await serve({
    ...app,
    ...options,
    bus,
    ...(adminToken !== "" && { adminToken }),
  }).catch((error: unknown) => {
    if (error instanceof ListenError || error instanceof MissingPagesError || error instanceof UwsLoadError)
      throw new Complaint(error.message);
    throw error;
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    console.log(`${signal}: closing the rooms`);
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  if (adminToken !== "") console.log(`The dashboard is at ${server.url}/admin/`);
  // Last, because whoever waits for this line may stop the server right away.
  console.log(`Tickcast serves ${app.rooms.map(({ game }) => game.spec.name).join(", ")} at ${server.url}`);
}

async function loadApp(file: string, builtIn: boolean): Promise<ServerApp> {
  const there = await stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!there)
    throw new Complaint(
      builtIn
        ? 'Tickcast is not built: run "npm run build".'
        : `There is no file ${file}: name the compiled module that exports your app.`,
    );
  const module: { app?: unknown } = await import(pathToFileURL(file).href);
  if (!isApp(module.app))
    throw new Complaint(`${file} exports no app: write "export const app = { rooms: [yourRoom] };" there.`);
  return module.app;
}

function isApp(value: unknown): value is ServerApp {
  return typeof value === "object" && value !== null && "rooms" in value && Array.isArray(value.rooms);
}
