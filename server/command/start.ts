import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { Bus } from "../bus.ts";
import { MissingPagesError } from "../http/pages.ts";
import { type LogFormat, type LogLevel, logFormats, logLevels } from "../log/log.ts";
import { makeLog } from "../log/make-log.ts";
import { serverLog } from "../log/server-log.ts";
import { type RunningServer, type ServerApp, serve } from "../serve.ts";
import { CertificateError } from "../tls/certificate.ts";
import { ListenError } from "../transport/transport.ts";
import { UwsLoadError } from "../transport/uws/uws-load-error.ts";
import { oneOf, port, seconds } from "./option-values.ts";

/** The games that come with Tickcast, in the build. */
const BUILT_IN_APP = fileURLToPath(new URL("../../games/app.js", import.meta.url));

interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly mode: "development" | "production";
  /** Absent: by the mode. */
  readonly drainSeconds?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
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
        .createOption(
          "--drain-seconds <number>",
          "how long players may go on after a signal (default: 0 in development, 20 in production)",
        )
        .env("TICKCAST_DRAIN_SECONDS")
        .argParser(seconds),
    )
    .addOption(
      program
        .createOption("--log-level <level>", "debug adds a line for each player and room that comes")
        .env("TICKCAST_LOG_LEVEL")
        .default("info")
        .argParser(oneOf("--log-level", logLevels)),
    )
    .addOption(
      program
        .createOption("--log-format <format>", "auto is pretty at a terminal and json elsewhere")
        .env("TICKCAST_LOG_FORMAT")
        .default("auto")
        .argParser(oneOf("--log-format", logFormats)),
    )
    .addOption(
      program
        .createOption(
          "--tls-cert <file>",
          "certificate with its chain (PEM): serves https and wss, and nothing else",
        )
        .env("TICKCAST_TLS_CERT"),
    )
    .addOption(
      program
        .createOption(
          "--tls-key <file>",
          "the certificate's private key (PEM); both are read again when they change",
        )
        .env("TICKCAST_TLS_KEY"),
    )
    .action((app: string | undefined, options: StartOptions) => start(app, options));
}

async function start(appPath: string | undefined, options: StartOptions): Promise<void> {
  const app = await loadApp(appPath === undefined ? BUILT_IN_APP : resolve(appPath), appPath === undefined);
  const bus = new Bus();
  serverLog(bus, makeLog({ level: options.logLevel, format: options.logFormat, out: process.stdout }));
  const { tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Complaint("TLS needs both files: name them with --tls-cert and --tls-key.");
  const tls = tlsCert !== undefined &&
    tlsKey !== undefined && { tls: { certFile: tlsCert, keyFile: tlsKey } };
  const server = await serve({ ...app, ...options, ...tls, bus }).catch((error: unknown) => {
    if (error instanceof CertificateError) throw new Complaint(error.message);
    if (error instanceof ListenError || error instanceof MissingPagesError || error instanceof UwsLoadError)
      throw new Complaint(error.message);
    throw error;
  });
  stopOnSignals(server, options.drainSeconds ?? (options.mode === "production" ? 20 : 0));
  // Last, because whoever waits for this line may stop the server right away.
  console.log(`Tickcast serves ${app.rooms.map(({ game }) => game.spec.name).join(", ")} at ${server.url}`);
}

/** The first signal drains, where there is a time for it; the next one, or else the first, closes the rooms. */
function stopOnSignals(server: RunningServer, drainSeconds: number): void {
  let state: "running" | "draining" | "stopping" = "running";
  const stop = (signal: NodeJS.Signals): void => {
    if (state === "stopping") return;
    const drains = state === "running" && drainSeconds > 0;
    state = drains ? "draining" : "stopping";
    console.log(
      drains
        ? `${signal}: nobody new comes in; the rooms close when they are empty, in ${drainSeconds} s at the latest`
        : `${signal}: closing the rooms`,
    );
    const stopped = drains ? server.drain(drainSeconds) : server.stop();
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
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
