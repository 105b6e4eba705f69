import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { connect } from "../../client/node.ts";
import { freePort } from "../kit/free-port.ts";
import { counter, serverFolder, startServer } from "./started.ts";

/** A documented proxy: its file as one would install it, and how to run that against a server in a test. */
interface Proxy {
  readonly name: string;
  readonly file: string;
  readonly version: readonly string[];
  /** What differs from the documented file: addresses, and no TLS. */
  readonly adapt: (
    text: string,
    at: { readonly port: number; readonly upstream: string; readonly folder: string },
  ) => string;
  readonly run: (file: string, folder: string) => readonly string[];
}

const proxies: readonly Proxy[] = [
  {
    name: "nginx",
    file: "nginx.conf",
    version: ["-v"],
    adapt: (text, { port, upstream, folder }) =>
      [
        `pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; daemon off; events {} http { access_log off;`,
        ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
          (name) => `${name}_temp_path ${folder}/${name};`,
        ),
        text
          .replace("server 127.0.0.1:3000;", `server ${upstream};`)
          .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
          .replace(/^ *ssl_certificate.*$/gm, ""),
        "}",
      ].join("\n"),
    run: (file, folder) => ["-c", file, "-p", folder],
  },
  {
    name: "caddy",
    file: "Caddyfile",
    version: ["version"],
    adapt: (text, { port, upstream }) =>
      `{\n\tadmin off\n\tauto_https off\n}\n${text
        .replace("play.example.com {", `http://127.0.0.1:${port} {`)
        .replace("127.0.0.1:3000", upstream)}`,
    run: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
];

const isThere = ({ name, version }: Proxy): boolean => {
  try {
    execFileSync(name, version, { stdio: "ignore" });
    return true;
  } catch {
    console.log(`${name} is not tested: it is not installed on this machine.`);
    return false;
  }
};

let place: ReturnType<typeof serverFolder>;
const children: ChildProcess[] = [];

beforeEach(() => {
  place = serverFolder();
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = new Promise((resolve) => child.once("close", resolve));
    // nginx's workers end with their master only where it may tell them.
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
  }
  place.remove();
});

/** A started server behind a proxy; resolves when a request goes through. */
async function behind(proxy: Proxy) {
  const { folder } = place;
  const server = await startServer(folder, ["--trusted-proxies", "127.0.0.1", "--log-format", "json"]);
  children.push(server.child);
  const port = await freePort();
  const documented = readFileSync(new URL(`../../docs/operations/${proxy.file}`, import.meta.url), "utf8");
  const file = join(folder, proxy.file);
  writeFileSync(file, proxy.adapt(documented, { port, upstream: server.url.host, folder }));
  const child = spawn(proxy.name, proxy.run(file, folder), {
    stdio: "ignore",
    env: { ...process.env, HOME: folder },
  });
  children.push(child);
  const host = `127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${proxy.name} ended with ${child.exitCode}`);
    const answer = await fetch(`http://${host}/ready`).catch(() => undefined);
    if (answer?.status === 200) return { server, host };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const proxy of proxies)
  describe.skipIf(!isThere(proxy))(`[OPS-60] behind ${proxy.name}, as documented`, () => {
    test("players play, come from their own address, and see no metrics", async () => {
      const { server, host } = await behind(proxy);
      const room = await connect(counter, `ws://${host}/counter`);
      const from = room.tick;
      await new Promise<void>((resolve) => {
        room.onTick((tick) => {
          if (tick >= from + 20) resolve();
        });
      });
      expect(room.statistics).toMatchObject({ ticksMissed: 0, resyncs: 0 });
      await room.leave();

      const other = new WebSocket(`ws://${host}/counter`, {
        localAddress: "127.0.0.5",
        headers: { "x-forwarded-for": "1.2.3.4" },
      });
      await new Promise((resolve) => other.once("open", resolve));
      other.close();
      await new Promise((resolve) => other.once("close", resolve));
      expect((await fetch(`http://${host}/metrics`)).status).toBe(404);

      server.child.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      expect(server.output()).toContain('"address":"127.0.0.5"');
      expect(server.output()).not.toContain("1.2.3.4");
    });
  });
