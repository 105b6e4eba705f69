import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { Bus } from "../bus.ts";
import { MissingPagesError } from "../http/pages.ts";
import { serverLog } from "../log/server-log.ts";
import { type RunningServer, type ServeOptions, type ServerApp, serve } from "../serve.ts";
import { CertificateError } from "../tls/certificate.ts";
import { ListenError } from "../transport/transport.ts";
import { UwsLoadError } from "../transport/uws/uws-load-error.ts";
import { UnusableFolderError } from "../unusable-folder.ts";
import { SERVING } from "../workers/serving.ts";
import { withPort } from "../workers/worker-arguments.ts";
import { awaitPort, isWatched } from "./await-port.ts";
import {
  CONFIG_FILE,
  type Configuration,
  printedConfig,
  readConfigFile,
  resolveSettings,
  type Source,
} from "./configuration.ts";
import { allSettings, type Setting } from "./settings.ts";
import { unknownVariables } from "./unknown-variables.ts";

/** The games that come with Tickcast, in the build. */
const BUILT_IN_APP = fileURLToPath(new URL("../../games/app.js", import.meta.url));

/** Adds `tickcast start` to the program. A flag is stronger than the environment, and that than the file. */
export function addStartCommand(program: Command): void {
  const settings = allSettings(process.env);
  const command = program
    .command("start")
    .description("serve games over WebSocket and HTTP on one port")
    .argument("[app]", "a compiled module that exports `app` (default: the games that come with Tickcast)")
    .addOption(
      program
        .createOption(
          "-c, --config <file>",
          `JSON of the settings below (default: ${CONFIG_FILE}, if there is one)`,
        )
        .env("TICKCAST_CONFIG"),
    )
    .option("--print-config", "say every setting and where it comes from, and end");
  for (const setting of settings) command.addOption(optionOf(setting));
  command.action(async (app: string | undefined, options: { config?: string; printConfig?: true }) => {
    const given = (key: string) => {
      const value: unknown = command.getOptionValue(key);
      return value === undefined
        ? undefined
        : { value, from: SOURCES[command.getOptionValueSource(key) ?? ""] ?? "default" };
    };
    const known = ["TICKCAST_CONFIG", ...settings.map(({ env }) => env)];
    for (const name of unknownVariables(process.env, known))
      console.error(
        `tickcast: ${name} stands in the environment, but is no setting and changes nothing: see tickcast start --help.`,
      );
    const resolved = resolveSettings(settings, given, readConfigFile(options.config, settings));
    if (options.printConfig) console.log(printedConfig(settings, resolved));
    else
      await start(
        app,
        Object.fromEntries([...resolved].map(([key, { value }]) => [key, value])) as unknown as Configuration,
      );
  });
}

/** Commander's words for where a value comes from. */
const SOURCES: Readonly<Record<string, Source>> = { cli: "flag", env: "environment", default: "default" };

function optionOf({
  flags,
  env,
  description,
  fromText,
  problem,
  secret,
  default: fallback,
}: Setting): Option {
  const option = new Option(flags, description).env(env).argParser((text) => {
    const value = fromText(text);
    const wrong = problem(value);
    // The parser's own complaint repeats the value.
    if (wrong !== undefined) throw secret ? new Complaint(wrong) : new InvalidArgumentError(wrong);
    return value;
  });
  return fallback === undefined ? option : option.default(fallback);
}

async function start(appPath: string | undefined, configuration: Configuration): Promise<void> {
  const { workers, port } = configuration;
  if (workers > 1) {
    // A parent of processes that each come here with one worker.
    if (configuration.redis !== undefined) clusterOf({ ...configuration, redis: configuration.redis });
    const { runWorkers } = await import("../workers/run-workers.ts");
    runWorkers(process.argv.slice(2), {
      publicUrl: undefined,
      nodeId: undefined,
      redis: undefined,
      checkpoints: undefined,
      ...configuration,
    });
    return;
  }
  const app = await loadApp(appPath);
  const {
    tlsCert,
    tlsKey,
    logLevel,
    logFormat,
    drainSeconds,
    metricsToken,
    adminToken,
    checkpointMs,
    ...others
  } = configuration;
  const { record: folder, recordGames, recordMaxMb, recordMaxMinutes, ...rest } = others;
  const { redis, redisPrefix, nodeId, onDirectoryLoss, workers: _, publicUrl: written, ...options } = rest;
  const publicUrl = written !== undefined && { publicUrl: withPort(written, port) };
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Complaint("TLS needs both files: name them with --tls-cert and --tls-key.");
  const { tickets = "off", ticketSecrets = [] } = options;
  if (tickets !== "off" && ticketSecrets.length === 0)
    throw new Complaint(
      `tickets is ${tickets}, which needs ticketSecrets: name one of at least 32 bytes, best by TICKCAST_TICKET_SECRETS.`,
    );
  const tls = tlsCert !== undefined &&
    tlsKey !== undefined && { tls: { certFile: tlsCert, keyFile: tlsKey } };
  const cluster = redis !== undefined && clusterOf({ ...configuration, redis });
  const games = app.rooms.map(({ game }) => game.spec.name);
  const notServed = recordGames?.find((name) => !games.includes(name));
  if (notServed !== undefined)
    throw new Complaint(
      `recordGames has "${notServed}", which is no game here; there are ${games.join(", ")}.`,
    );
  const bus = new Bus();
  const { makeLog } = await import("../log/make-log.ts");
  serverLog(bus, makeLog({ level: logLevel, format: logFormat, out: process.stdout }));
  // Without a value an unset variable often comes.
  const metrics = metricsToken !== undefined && metricsToken !== "" && { metricsToken };
  const admin = adminToken !== undefined && adminToken !== "" && { adminToken };
  const record = folder !== undefined &&
    folder !== "" && {
      record: {
        folder: resolve(folder),
        ...(recordGames && { games: recordGames }),
        maxBytes: recordMaxMb * 1024 ** 2,
        maxSeconds: recordMaxMinutes * 60,
      },
    };
  const checkpointOptions = { intervalMs: checkpointMs };
  if (isWatched(process.env))
    await awaitPort({ host: options.host, port }, (sentence) => console.error(`tickcast: ${sentence}`));
  const server = await serve({
    ...app,
    ...options,
    ...tls,
    ...metrics,
    ...admin,
    ...publicUrl,
    ...cluster,
    ...record,
    checkpointOptions,
    bus,
  }).catch((error: unknown) => {
    if (mendable.some((kind) => error instanceof kind)) throw new Complaint((error as Error).message);
    throw error;
  });
  stopOnSignals(server, drainSeconds);
  if (admin) console.log(`The dashboard is at ${server.url}/admin/`);
  process.send?.(SERVING);
  // Last, because whoever waits for this line may stop the server right away.
  console.log(`Tickcast serves ${games.join(", ")} at ${server.url}`);
}

/** What the other nodes have to know of this one. */
function clusterOf({
  redis,
  redisPrefix: prefix,
  nodeId,
  onDirectoryLoss,
  host,
  publicUrl,
}: Configuration & { readonly redis: string }): Pick<ServeOptions, "cluster"> {
  if (publicUrl === undefined && !isLoopback(host))
    throw new Complaint(
      "A server of a cluster has to say where players reach it: name --public-url, as in wss://play-3.example.com.",
    );
  return {
    cluster: { directory: redis, prefix, onDirectoryLoss, ...(nodeId !== undefined && { nodeId }) },
  };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host.startsWith("127.");

/** What the operator can mend; each says how. */
const mendable = [
  CertificateError,
  ListenError,
  MissingPagesError,
  UnusableFolderError,
  UwsLoadError,
] as const;

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
  // The parent of several workers is gone, without a word.
  if (process.connected) process.once("disconnect", () => stop("SIGTERM"));
}

/**
 * Loads what is to be served.
 *
 * @param path absent: the games that come with Tickcast
 * @throws Complaint where there is no such module, or it exports no app
 */
export async function loadApp(path: string | undefined): Promise<ServerApp> {
  const builtIn = path === undefined;
  const file = builtIn ? BUILT_IN_APP : resolve(path);
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
  const module: { app?: unknown } = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Complaint(`${file} cannot be loaded. See where with "node ${file}". ${thrown(error)}`);
  });
  if (!isApp(module.app))
    throw new Complaint(`${file} exports no app: write "export const app = { rooms: [yourRoom] };" there.`);
  return module.app;
}

/** Stacks of what could not be read are of Node's loader alone; of what a module threw they say where. */
function thrown(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const unread = error instanceof SyntaxError || "code" in error;
  return unread ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
}

function isApp(value: unknown): value is ServerApp {
  return typeof value === "object" && value !== null && "rooms" in value && Array.isArray(value.rooms);
}
