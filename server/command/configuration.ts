import { readFileSync } from "node:fs";
import { Complaint } from "../../shared/complaint.ts";
import type { ProxyHeader } from "../access/client-address.ts";
import type { OnDirectoryLoss } from "../cluster/failover/index.ts";
import type { ServerLimits } from "../limits.ts";
import type { LogFormat, LogLevel } from "../log/log.ts";
import type { TicketMode } from "../tickets/tickets.ts";
import type { Setting } from "./settings.ts";

/** What `tickcast start` was told, by whatever way. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly mode: "development" | "production";
  readonly drainSeconds: number;
  readonly checkpoints?: string;
  readonly checkpointMs: number;
  readonly watchdogMs: number;
  readonly origins?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly proxyHeader: ProxyHeader;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly metrics: "on" | "off";
  readonly metricsToken?: string;
  readonly adminToken?: string;
  readonly tickets?: "off" | TicketMode;
  readonly ticketSecrets?: readonly string[];
  readonly ticketSeconds: number;
  readonly publicUrl?: string;
  readonly redis?: string;
  readonly redisPrefix: string;
  readonly nodeId?: string;
  readonly workers: number;
  readonly onDirectoryLoss: OnDirectoryLoss;
  readonly record?: string;
  readonly recordGames?: readonly string[];
  readonly recordMaxMb: number;
  readonly recordMaxMinutes: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly limits?: Partial<ServerLimits>;
}

/** Where a value comes from, the weakest first. */
export type Source = "default" | "file" | "environment" | "flag";

/** A value, and where it comes from. */
export interface Sourced {
  readonly value: unknown;
  readonly from: Source;
}

/** The file that is read where none is named. */
export const CONFIG_FILE = "tickcast.config.json";

/**
 * Reads a configuration file.
 *
 * @param path absent: `tickcast.config.json` where there is one
 * @throws Complaint that names the file, the key, its value and what is allowed
 */
export function readConfigFile(
  path: string | undefined,
  settings: readonly Setting[],
): Record<string, unknown> {
  const file = path ?? CONFIG_FILE;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (path === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Complaint(
      `The configuration ${file} cannot be read: ${(error as Error).message}. Name one that is there with --config or TICKCAST_CONFIG.`,
    );
  }
  const values = parse(file, text);
  for (const [key, value] of Object.entries(values)) {
    const setting = settings.find((candidate) => candidate.key === key);
    if (setting === undefined)
      throw new Complaint(
        `${file} has "${key}", which is no setting; there are ${settings.map((known) => known.key).join(", ")}.`,
      );
    const problem = setting.problem(value);
    if (problem !== undefined)
      throw new Complaint(`${file}: ${setting.secret ? hide(problem, value) : problem}`);
  }
  return values;
}

function parse(file: string, text: string): Record<string, unknown> {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new Complaint(`${file} is no JSON: ${(error as Error).message}.`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw new Complaint(`${file} must be an object, as in { "port": 3000 }.`);
  return values as Record<string, unknown>;
}

const hide = (sentence: string, secret: unknown): string =>
  sentence.replace(JSON.stringify(secret) ?? "", "[redacted]");

/** Puts flags over the environment over the file over defaults, some of which are the mode's; limits one by one. */
export function resolveSettings(
  settings: readonly Setting[],
  given: (key: string) => Sourced | undefined,
  file: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Sourced> {
  const resolved = new Map<string, Sourced>();
  for (const { key } of settings) {
    const stronger = given(key);
    const inFile = file[key];
    if (stronger === undefined || (stronger.from === "default" && inFile !== undefined)) {
      if (inFile !== undefined) resolved.set(key, { value: inFile, from: "file" });
    } else if (key === "limits" && inFile !== undefined)
      resolved.set(key, {
        value: { ...(inFile as object), ...(stronger.value as object) },
        from: stronger.from,
      });
    else resolved.set(key, stronger);
  }
  const mode = resolved.get("mode")?.value === "production" ? "production" : "development";
  for (const { key, byMode } of settings)
    if (byMode !== undefined && !resolved.has(key))
      resolved.set(key, { value: byMode[mode], from: "default" });
  return resolved;
}

/** What `--print-config` says: every setting with its value and where that comes from, in JSON of one line each. */
export function printedConfig(settings: readonly Setting[], resolved: ReadonlyMap<string, Sourced>): string {
  const rows = settings.map(({ key, secret }) => {
    const { value, from } = resolved.get(key) ?? { value: null, from: "default" };
    return `  ${JSON.stringify(key)}: ${JSON.stringify({ value: secret && value !== null ? "[redacted]" : value, from })}`;
  });
  return `{\n${rows.join(",\n")}\n}`;
}
