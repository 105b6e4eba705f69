import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SwarmReport } from "../../bots/report.ts";
import { freePort } from "../kit/free-port.ts";
import { certify } from "../server-kit/self-signed.ts";
import { serverFolder } from "./started.ts";

/** What an operator has is the built program. */
const program = fileURLToPath(new URL("../../bin/launcher.js", import.meta.url));
const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");

const isThere = (name: string, version: string): boolean => {
  try {
    execFileSync(name, [version], { stdio: "ignore" });
    return true;
  } catch {
    console.log(`Production is not tried: ${name} is not installed on this machine.`);
    return false;
  }
};

let place: ReturnType<typeof serverFolder>;
const children: ChildProcess[] = [];

beforeEach(() => {
  place = serverFolder();
});

afterEach(async () => {
  for (const child of children.splice(0).reverse()) {
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGTERM")) await ended;
  }
  place.remove();
});

const at = (file: string): string => join(place.folder, file);

function spawned(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: place.folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

const tickcast = (args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess =>
  spawned(process.execPath, [program, ...args], env);

/** Resolves when a child has said it. */
const says = (child: ChildProcess, what: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = "";
    const hear = (text: Buffer): void => {
      said += String(text);
      if (said.includes(what)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("close", resolve));

/** The handbook's settings and secrets, for ports and folders of a test. */
function settle(port: number): NodeJS.ProcessEnv {
  const [, settings = "{}"] =
    /```json\n([\s\S]*?)```/.exec(read("operations.md").replace(/^ {3}/gm, "")) ?? [];
  const file = { ...(JSON.parse(settings) as object), port, drainSeconds: 5 };
  expect(file).toMatchObject({ mode: "production", checkpoints: "/var/lib/tickcast", tickets: "required" });
  writeFileSync(at("tickcast.config.json"), JSON.stringify({ ...file, checkpoints: at("rooms") }));
  return {
    TICKCAST_ADMIN_TOKEN: "admin-token-of-a-test",
    TICKCAST_METRICS_TOKEN: "metrics-token-of-a-test",
    TICKCAST_TICKET_SECRETS: "a secret of thirty-two bytes or so",
  };
}

/** nginx as documented, with a certificate of its own making. */
function proxyFor(upstream: number, port: number): ChildProcess {
  certify(place.folder, "127.0.0.1");
  const site = read("operations/nginx.conf")
    .replace("server 127.0.0.1:3000;", `server 127.0.0.1:${upstream};`)
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
    .replace(/(ssl_certificate +).*;/, `$1${at("cert.pem")};`)
    .replace(/(ssl_certificate_key +).*;/, `$1${at("key.pem")};`);
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    at("nginx.conf"),
    [
      `pid ${at("nginx.pid")}; error_log ${at("nginx.log")}; daemon off; events {} http { access_log off;`,
      ...folders.map((name) => `${name}_temp_path ${at(name)};`),
      site,
      "}",
    ].join("\n"),
  );
  return spawned("nginx", ["-c", at("nginx.conf"), "-p", place.folder]);
}

/** The status of an answer through the proxy, believing its certificate; 0 where there is none. */
function statusOf(port: number, path: string): number {
  const args = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", at("cert.pem")];
  try {
    return Number(execFileSync("curl", [...args, `https://127.0.0.1:${port}${path}`]));
  } catch {
    return 0;
  }
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
}

const tools = [
  ["nginx", "-v"],
  ["openssl", "version"],
  ["curl", "--version"],
] as const;

describe.skipIf(!tools.every(([name, version]) => isThere(name, version)))(
  "[OPS-63] in production as documented, behind nginx with TLS",
  { timeout: 60_000 },
  () => {
    test("players who came by tickets have their seats again after a drain and a restart", async () => {
      const [port, outside] = [await freePort(), await freePort()];
      const env = settle(port);
      const first = tickcast(["start"], env);
      await says(first, "Tickcast serves");
      proxyFor(port, outside);
      await until(() => statusOf(outside, "/ready") === 200);
      expect(
        ["/metrics", "/health", "/admin/", "/admin/api/overview"].map((path) => statusOf(outside, path)),
      ).toEqual([404, 200, 200, 401]);

      const report = at("report.json");
      const bots = tickcast(
        [
          ...["bots", "--url", `https://127.0.0.1:${outside}/join/arena`, "--bots", "12", "--seconds", "600"],
          ...["--reconnect", "--max-slip", "10s", "--json", report],
        ],
        { NODE_EXTRA_CA_CERTS: at("cert.pem") },
      );
      const botsEnd = exitOf(bots);
      await says(bots, "playing");
      const drained = exitOf(first);
      first.kill("SIGTERM");
      await until(() => statusOf(outside, "/ready") !== 200);
      expect(["/ready", "/health"].map((path) => statusOf(outside, path))).toEqual([503, 200]);
      expect(await drained).toBe(0);
      expect(statusOf(outside, "/ready")).toBe(502);

      await says(tickcast(["start"], env), "Tickcast serves");
      const players = (): number => {
        const metrics = execFileSync("curl", ["-s", `http://127.0.0.1:${port}/metrics`], {
          encoding: "utf8",
        });
        return Number(/^tickcast_players\{game="arena",state="following"\} (\d+)/m.exec(metrics)?.[1]);
      };
      await until(() => players() === 12);
      bots.kill("SIGTERM");
      expect(await botsEnd).toBe(143);
      expect(JSON.parse(readFileSync(report, "utf8")) as SwarmReport).toMatchObject({
        joined: 12,
        returns: 12,
        disconnects: 0,
        missedTicks: 0,
        rooms: 1,
      });
    });
  },
);
