import { clientAddress, proxyHeaders } from "../access/client-address.ts";
import { originGate } from "../access/origin-gate.ts";
import { tokenProblem } from "../admin/admin-token.ts";
import { publicUrlOf } from "../http/join-api.ts";
import { defaultLimits, validateLimits } from "../limits.ts";
import { logFormats, logLevels } from "../log/log.ts";
import { DEFAULT_WATCHDOG_MS } from "../serve.ts";
import { secretProblem } from "../tickets/ticket-secret.ts";
import { isWorkerCount, withPort } from "../workers/worker-arguments.ts";

type Mode = "development" | "production";

/** One setting of `tickcast start`: a key of the file, an environment variable and a flag. */
export interface Setting {
  readonly key: string;
  readonly flags: string;
  readonly env: string;
  readonly description: string;
  readonly default?: unknown;
  /** What it is by the mode, where nobody says it. */
  readonly byMode?: Readonly<Record<Mode, unknown>>;
  /** Not shown by `--print-config`. */
  readonly secret?: true;
  /** What a flag or variable says, as the file would have it. */
  readonly fromText: (text: string) => unknown;
  /** What is wrong with a value, as a sentence that names key, value and what is allowed. */
  readonly problem: (value: unknown) => string | undefined;
}

type Kind = Pick<Setting, "fromText" | "problem">;
type Rest = Partial<Pick<Setting, "default" | "byMode" | "secret">>;

function setting(
  key: string,
  flags: string,
  env: string,
  kind: (key: string) => Kind,
  description: string,
  rest: Rest = {},
): Setting {
  return { key, flags, env, description, ...kind(key), ...rest };
}

const mustBe = (key: string, value: unknown, allowed: string): string =>
  `${key} is ${JSON.stringify(value) ?? String(value)}; it must be ${allowed}.`;

const word =
  (...words: readonly string[]) =>
  (key: string): Kind => ({
    fromText: (text) => text,
    problem: (value) =>
      words.includes(value as string)
        ? undefined
        : mustBe(key, value, `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`),
  });

const text = (key: string): Kind => ({
  fromText: (given) => given,
  problem: (value) => (typeof value === "string" && value !== "" ? undefined : mustBe(key, value, "a text")),
});

/** Its value is in no complaint. An empty one is none, as an unset variable often comes. */
const token = (key: string): Kind => ({
  fromText: (given) => given,
  problem: (value) => {
    if (typeof value !== "string") return `${key} must be a text.`;
    return value === "" ? undefined : tokenProblem(key, value);
  },
});

/** May hold a password, so its value is in no complaint. */
const redisUrl = (key: string): Kind => ({
  fromText: (given) => given,
  problem: (value) =>
    typeof value === "string" && (value.startsWith("/") || /^rediss?:\/\/./.test(value))
      ? undefined
      : `${key} must begin with redis:// or rediss://, or be the path of a Unix socket.`,
});

const id = (key: string): Kind => ({
  fromText: (given) => given,
  problem: (value) =>
    typeof value === "string" && /^[A-Za-z0-9._-]{1,64}$/.test(value)
      ? undefined
      : mustBe(key, value, "1 to 64 letters, digits, dots, underscores and hyphens"),
});

/** Their values are in no complaint. */
const ticketSecrets = (key: string): Kind => {
  const { fromText } = list(() => undefined)(key);
  return {
    fromText,
    problem: (value) => {
      if (!(Array.isArray(value) && value.every((part) => typeof part === "string")))
        return `${key} must be a list of texts.`;
      const problem = value.map(secretProblem).find((found) => found !== undefined);
      return problem === undefined ? undefined : `${key}: ${problem}.`;
    },
  };
};

const publicUrl = (key: string): Kind => ({
  fromText: (given) => given,
  problem: (value) =>
    typeof value === "string"
      ? sentenceOf(() => publicUrlOf(withPort(value, 3000)))
      : mustBe(key, value, "a text"),
});

const number =
  (allowed: string, isAllowed: (value: number) => boolean) =>
  (key: string): Kind => ({
    fromText: (given) => (/^\d+(\.\d+)?$/.test(given) ? Number(given) : given),
    problem: (value) =>
      typeof value === "number" && isAllowed(value) ? undefined : mustBe(key, value, allowed),
  });

/** @param use throws for what is not allowed, with a sentence that names it */
const list =
  (use: (values: readonly string[]) => unknown) =>
  (key: string): Kind => ({
    fromText: (given) =>
      given
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    problem: (value) =>
      Array.isArray(value) && value.every((part) => typeof part === "string")
        ? sentenceOf(() => use(value))
        : mustBe(key, value, "a list of texts"),
  });

const limits = (key: string): Kind => ({
  fromText: (given) =>
    Object.fromEntries(
      given.split(",").map((part) => {
        const [name = "", ...rest] = part.split("=");
        const value = rest.join("=").trim();
        // Most are numbers, some are words.
        return [name.trim(), value === "" || Number.isNaN(Number(value)) ? value : Number(value)];
      }),
    ),
  problem: (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return mustBe(key, value, "an object of limits");
    const unknown = Object.keys(value).find((name) => !(name in defaultLimits));
    if (unknown !== undefined)
      return `${key} has "${unknown}", which is no limit; there are ${Object.keys(defaultLimits).join(", ")}.`;
    return sentenceOf(() => validateLimits({ ...defaultLimits, ...value }));
  },
});

function sentenceOf(use: () => unknown): string | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}.`;
  }
}

const port = number(
  "a whole number from 0 to 65535",
  (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
);
const seconds = number("a number of seconds from 0 to 86400", (value) => value >= 0 && value <= 86_400);

/** Every setting, in the order in which the help shows them. */
export function allSettings(environment: Readonly<Record<string, string | undefined>>): readonly Setting[] {
  const mode = environment.NODE_ENV === "production" ? "production" : "development";
  return [
    setting("port", "-p, --port <number>", "PORT", port, "port; 0 picks a free one", { default: 3000 }),
    setting("host", "--host <address>", "HOST", text, "address to listen on; 0.0.0.0 for the whole network", {
      default: "127.0.0.1",
    }),
    setting(
      "mode",
      "--mode <mode>",
      "TICKCAST_MODE",
      word("development", "production"),
      "development adds /dev/bots and reads pages anew at each request",
      { default: mode },
    ),
    setting(
      "drainSeconds",
      "--drain-seconds <number>",
      "TICKCAST_DRAIN_SECONDS",
      seconds,
      "how long players may go on after a signal (default: 0 in development, 20 in production)",
      { byMode: { development: 0, production: 20 } },
    ),
    setting(
      "checkpoints",
      "--checkpoints <memory|folder>",
      "TICKCAST_CHECKPOINTS",
      text,
      "folder that keeps rooms and seats over a restart; memory: as long as the process (default: nowhere)",
    ),
    setting(
      "checkpointMs",
      "--checkpoint-ms <number>",
      "TICKCAST_CHECKPOINT_MS",
      number("a number of milliseconds from 50 to 3600000", (value) => value >= 50 && value <= 3_600_000),
      "a room is saved at the earliest so long after the last time: what a crash may undo",
      { default: 1_000 },
    ),
    setting(
      "watchdogMs",
      "--watchdog-ms <number>",
      "TICKCAST_WATCHDOG_MS",
      number("0, or a number of milliseconds from 100", (value) => value === 0 || value >= 100),
      "end the process where its event loop stands still so long; 0: never (default: 10000 in production, else 0)",
      { byMode: { development: 0, production: DEFAULT_WATCHDOG_MS } },
    ),
    setting(
      "origins",
      "--origins <list>",
      "TICKCAST_ORIGINS",
      list((origins) => originGate(origins, "production")),
      "pages of which origins may connect, this server's own included (default: any)",
    ),
    setting(
      "trustedProxies",
      "--trusted-proxies <list>",
      "TICKCAST_TRUSTED_PROXIES",
      list(clientAddress),
      "addresses and ranges of proxies that are believed about whom they speak for (default: none)",
    ),
    setting(
      "proxyHeader",
      "--proxy-header <name>",
      "TICKCAST_PROXY_HEADER",
      word(...proxyHeaders),
      "the header in which these proxies say it",
      { default: "x-forwarded-for" },
    ),
    setting(
      "tlsCert",
      "--tls-cert <file>",
      "TICKCAST_TLS_CERT",
      text,
      "certificate with its chain (PEM): serves https and wss, and nothing else",
    ),
    setting(
      "tlsKey",
      "--tls-key <file>",
      "TICKCAST_TLS_KEY",
      text,
      "the certificate's private key (PEM); both are read again when they change",
    ),
    setting(
      "metrics",
      "--metrics <on|off>",
      "TICKCAST_METRICS",
      word("on", "off"),
      "/metrics for Prometheus",
      {
        default: "on",
      },
    ),
    setting(
      "metricsToken",
      "--metrics-token <token>",
      "TICKCAST_METRICS_TOKEN",
      token,
      "lets who brings it see /metrics from anywhere; better not by flag, which others on the machine can see",
      { secret: true },
    ),
    setting(
      "adminToken",
      "--admin-token <token>",
      "TICKCAST_ADMIN_TOKEN",
      token,
      "opens the dashboard at /admin/; better not by flag, which others on the machine can see",
      { secret: true },
    ),
    setting(
      "tickets",
      "--tickets <word>",
      "TICKCAST_TICKETS",
      word("off", "accepted", "required", "identified"),
      "who needs a join ticket: off, accepted, required or identified (default: accepted with ticketSecrets, else off)",
    ),
    setting(
      "ticketSecrets",
      "--ticket-secrets <list>",
      "TICKCAST_TICKET_SECRETS",
      ticketSecrets,
      "at least 32 bytes each; the first signs, all are accepted; better not by flag, which others can see",
      { secret: true },
    ),
    setting(
      "ticketSeconds",
      "--ticket-seconds <number>",
      "TICKCAST_TICKET_SECONDS",
      number("a number of seconds from 1 to 120", (value) => value >= 1 && value <= 120),
      "how long a ticket of POST /join lives, and its seat is kept",
      { default: 15 },
    ),
    setting(
      "publicUrl",
      "--public-url <url>",
      "TICKCAST_PUBLIC_URL",
      publicUrl,
      "where players reach this server, as in https://play-3.example.com; {port} is its port (default: where they asked)",
    ),
    setting(
      "redis",
      "--redis <url>",
      "TICKCAST_REDIS",
      redisUrl,
      "Redis or Valkey that several servers share their rooms by; a password better not by flag (default: alone)",
      { secret: true },
    ),
    setting(
      "redisPrefix",
      "--redis-prefix <name>",
      "TICKCAST_REDIS_PREFIX",
      id,
      "what all keys there begin with: one for each cluster that shares a Redis",
      { default: "tickcast" },
    ),
    setting(
      "nodeId",
      "--node-id <name>",
      "TICKCAST_NODE_ID",
      id,
      "this server's name among them, the same after a restart (default: a random one)",
    ),
    setting(
      "workers",
      "--workers <number>",
      "TICKCAST_WORKERS",
      number("a whole number from 1 to 256", isWorkerCount),
      "processes that serve, each with a port of its own from --port on; more than one need --redis",
      { default: 1 },
    ),
    setting(
      "onDirectoryLoss",
      "--on-directory-loss <what>",
      "TICKCAST_ON_DIRECTORY_LOSS",
      word("fence", "continue"),
      "without that Redis: fence, rooms stand still and go on later; continue, they play on and may have two owners",
      { default: "fence" },
    ),
    setting(
      "record",
      "--record <folder>",
      "TICKCAST_RECORD",
      text,
      "record rooms to files in this folder, with all that players do and write in them (default: none)",
    ),
    setting(
      "recordGames",
      "--record-games <list>",
      "TICKCAST_RECORD_GAMES",
      list(() => undefined),
      "of which games rooms are recorded (default: all)",
    ),
    setting(
      "recordMaxMb",
      "--record-max-mb <number>",
      "TICKCAST_RECORD_MAX_MB",
      number("a number above 0", (value) => value > 0),
      "a recording that gets larger ends, and the game goes on",
      { default: 1024 },
    ),
    setting(
      "recordMaxMinutes",
      "--record-max-minutes <number>",
      "TICKCAST_RECORD_MAX_MINUTES",
      number("a number above 0", (value) => value > 0),
      "a recording that lasts longer ends, and the game goes on",
      { default: 240 },
    ),
    setting(
      "logLevel",
      "--log-level <level>",
      "TICKCAST_LOG_LEVEL",
      word(...logLevels),
      "debug adds a line for each player and room that comes",
      { default: "info" },
    ),
    setting(
      "logFormat",
      "--log-format <format>",
      "TICKCAST_LOG_FORMAT",
      word(...logFormats),
      "auto is pretty at a terminal and json elsewhere",
      { default: "auto" },
    ),
    setting(
      "limits",
      "--limits <name=number,…>",
      "TICKCAST_LIMITS",
      limits,
      "bounds on what peers can cost, as in maxRooms=200,greetingMs=3000",
    ),
  ];
}
