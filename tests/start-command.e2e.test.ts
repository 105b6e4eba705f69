import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { decodeTrusted, encode } from "../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../shared/protocol/frames.ts";

// These run the build, as a person at a terminal does: `npm test` builds first.
const dist = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const BINARY = dist("bin/tickcast.js");
const LAUNCHER = fileURLToPath(new URL("../bin/launcher.js", import.meta.url));
const SERVES = /^Tickcast serves (.*) at (http:\/\/\S+)$/m;

let folder = "";
const children = new Set<ChildProcess>();

beforeAll(() => {
  expect(existsSync(BINARY), "there is no build: run `npm run build`").toBe(true);
  folder = mkdtempSync(join(tmpdir(), "tickcast-start-"));
  const url = (path: string): string => JSON.stringify(pathToFileURL(dist(path)).href);
  writeFileSync(
    join(folder, "app.mjs"),
    `import { defineRoom } from ${url("server/index.js")};
import { defineGame, record, u8 } from ${url("shared/game.js")};
const tiny = defineGame({ name: "tiny", tickRate: 20, state: { match: record({ round: u8 }) } });
export const app = { rooms: [defineRoom(tiny, {})] };
`,
  );
  writeFileSync(join(folder, "no-app.mjs"), "export const application = {};\n");
  writeFileSync(
    join(folder, "no-page.mjs"),
    'import { app as tiny } from "./app.mjs";\nexport const app = { ...tiny, pages: { "/": "no/such/page" } };\n',
  );
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exited: Promise<number | null>;
}

function run(args: readonly string[], env: Record<string, string> = {}, binary = BINARY): Run {
  const {
    PORT: _p,
    HOST: _h,
    TICKCAST_MODE: _m,
    TICKCAST_ADMIN_TOKEN: _t,
    NODE_ENV: _e,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [binary, ...args], { cwd: folder, env: { ...inherited, ...env } });
  children.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, output, exited };
}

/** Starts a server and waits until it says where it is. */
async function started(args: readonly string[], env: Record<string, string> = {}) {
  const running = run(["start", join(folder, "app.mjs"), ...args], env);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (SERVES.test(running.output.stdout)) resolve();
    };
    running.child.stdout?.on("data", look);
    running.child.once("close", () => reject(new Error(`it ended: ${running.output.stderr}`)));
  });
  const [, games = "", url = ""] = SERVES.exec(running.output.stdout) ?? [];
  return { ...running, games, url: new URL(url) };
}

/** A player in the tiny game, and how its connection ends. */
async function player(url: URL) {
  const socket = new WebSocket(`ws://${url.host}/tiny`);
  socket.binaryType = "nodebuffer";
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => socket.send(encode([ClientFrame.hello, PROTOCOL_VERSION, ""])));
    socket.on("message", (bytes: Buffer) => {
      const frame = decodeTrusted(bytes) as readonly unknown[];
      if (frame[0] === ServerFrame.definition)
        socket.send(encode([ClientFrame.hello, PROTOCOL_VERSION, frame[2]]));
      if (frame[0] === ServerFrame.welcome) resolve();
    });
  });
  return { closed };
}

async function takenPort(): Promise<{ readonly port: number; free(): void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, free: () => void server.close() };
}

/** One sentence on stderr, nothing on stdout, exit code 1. */
async function expectComplaint({ output, exited }: Run, sentence: string | RegExp): Promise<void> {
  expect(await exited).toBe(1);
  expect(output.stdout).toBe("");
  expect(output.stderr.trimEnd()).toMatch(sentence);
  expect(output.stderr).not.toMatch(/^\s+at /m);
}

/** The same from the parser of options, which adds a hint. */
const wrongOption = (sentence: string): RegExp =>
  new RegExp(`^error: option '.*${sentence}\\n\\(add --help for all options\\)$`);

describe("[CMD-1] tickcast start", () => {
  test("--help names every option with its default and its environment variable", async () => {
    const { output, exited } = run(["start", "--help"]);
    expect(await exited).toBe(0);
    for (const word of ["--port", "--host", "--mode", "PORT", "HOST", "TICKCAST_MODE", "3000", "127.0.0.1"])
      expect(output.stdout).toContain(word);
    expect(output.stderr).toBe("");
  });

  test("port 0 picks one and says the URL, which answers", async () => {
    const { games, url } = await started(["--port", "0"]);
    expect(games).toBe("tiny");
    expect(url.hostname).toBe("127.0.0.1");
    expect(Number(url.port)).toBeGreaterThan(0);
    expect(await (await fetch(new URL("/health", url))).json()).toMatchObject({ status: "ok", rooms: 0 });
  });

  test("options come from the environment, too, and a flag is stronger", async () => {
    const { url } = await started(["--port", "0"], {
      PORT: "1",
      HOST: "127.0.0.2",
      TICKCAST_MODE: "production",
    });
    expect(url.hostname).toBe("127.0.0.2");
    expect((await fetch(new URL("/dev/bots", url))).status).toBe(404);
  });

  for (const [mode, env, status] of [
    ["development by default", {}, 200],
    ["production where NODE_ENV says so", { NODE_ENV: "production" }, 404],
  ] as const)
    test(`the mode is ${mode}: /dev/bots answers ${status}`, async () => {
      const { url } = await started(["--port", "0"], env);
      expect((await fetch(new URL("/dev/bots", url))).status).toBe(status);
    });
});

describe("[CMD-2] what a person can mend is told in one sentence, with exit code 1", () => {
  test("a port that is taken", async () => {
    const { port, free } = await takenPort();
    await expectComplaint(
      run(["start", join(folder, "app.mjs"), "--port", String(port)]),
      new RegExp(`^tickcast: .*\\b${port}\\b.*\\.$`),
    );
    free();
  });

  test("a port that another Tickcast has", async () => {
    const { url } = await started(["--port", "0"]);
    await expectComplaint(
      run(["start", join(folder, "app.mjs"), "--port", url.port]),
      new RegExp(`^tickcast: .*\\b${url.port}\\b.*\\.$`),
    );
  });

  test("an address that is not this machine's", async () => {
    await expectComplaint(
      run(["start", join(folder, "app.mjs"), "--port", "0", "--host", "192.0.2.1"]),
      /^tickcast: .*192\.0\.2\.1.*\.$/,
    );
  });

  for (const [args, env, sentence] of [
    [["--port", "70000"], {}, "port is .*; it must be a whole number from 0 to 65535\\."],
    [["--port", "x"], {}, "port is .*; it must be a whole number from 0 to 65535\\."],
    [["--port", "-1"], {}, "port is .*; it must be a whole number from 0 to 65535\\."],
    [["--mode", "x"], {}, "mode is .*; it must be development or production\\."],
    [[], { PORT: "70000" }, "port is .*; it must be a whole number from 0 to 65535\\."],
    [[], { PORT: "" }, "port is .*; it must be a whole number from 0 to 65535\\."],
    [[], { TICKCAST_MODE: "x" }, "mode is .*; it must be development or production\\."],
  ] as const)
    test(`${args.join(" ")}${JSON.stringify(env)}`, async () => {
      await expectComplaint(
        run(["start", join(folder, "app.mjs"), ...args], env),
        wrongOption(`.*${sentence}`),
      );
    });

  test("an option that there is not", async () => {
    await expectComplaint(run(["start", "--prot", "1"]), /^error: unknown option '--prot'/);
  });

  test("an app that is not there", async () => {
    await expectComplaint(
      run(["start", "nowhere.mjs"]),
      /^tickcast: There is no file .*nowhere\.mjs: name the compiled module that exports your app\.$/,
    );
  });

  test("a module that exports no app", async () => {
    await expectComplaint(
      run(["start", "no-app.mjs", "--port", "0"]),
      /^tickcast: .*no-app\.mjs exports no app: write "export const app = .*" there\.$/,
    );
  });

  test("a page that is not built", async () => {
    await expectComplaint(
      run(["start", "no-page.mjs", "--port", "0"]),
      /^tickcast: The page for \/ is not built \(there is no index\.html in no\/such\/page\): run "npm run build"\.$/,
    );
  });

  test("Tickcast itself, where it is not built", async () => {
    const copy = join(folder, "unbuilt/bin/launcher.mjs");
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(LAUNCHER, copy);
    await expectComplaint(
      run(["start"], {}, copy),
      /^tickcast: Tickcast is not built: run "npm run build"\.$/,
    );
  });
});

test("[CMD-1] --version is that of the package", async () => {
  const { output, exited } = run(["--version"]);
  expect(await exited).toBe(0);
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(output.stdout).toBe(`${version}\n`);
});

describe("[OPS-50] tickcast start reads a file, the environment and flags", () => {
  test("in that order of strength, and says so without its secrets", async () => {
    const file = join(folder, "tickcast.config.json");
    writeFileSync(
      file,
      JSON.stringify({ port: 1, host: "127.0.0.9", logLevel: "warn", metricsToken: "s3cret-of-sixteen" }),
    );
    const args = ["start", "nowhere.mjs", "--port", "0", "--limits", "maxRooms=3", "--print-config"];
    const { output, exited } = run(args, { TICKCAST_LOG_LEVEL: "error" });
    expect([await exited, output.stderr]).toEqual([0, ""]);
    rmSync(file);
    expect(JSON.parse(output.stdout)).toMatchObject({
      port: { value: 0, from: "flag" },
      host: { value: "127.0.0.9", from: "file" },
      mode: { value: "development", from: "default" },
      logLevel: { value: "error", from: "environment" },
      limits: { value: { maxRooms: 3 }, from: "flag" },
      metricsToken: { value: "[redacted]", from: "file" },
    });
  });

  test("and serves by it: its limits, its origins, its metrics", async () => {
    const file = join(folder, "strict.json");
    writeFileSync(file, JSON.stringify({ limits: { maxBodyBytes: 10 }, origins: ["https://a.example"] }));
    const { url } = await started(["--port", "0", "--config", file, "--mode", "production"]);
    const long = await fetch(new URL("/rooms", url), { method: "POST", body: "x".repeat(11) });
    expect(long.status).toBe(413);
    const socket = new WebSocket(`ws://${url.host}/tiny`, { origin: "https://b.example" });
    const refused = await new Promise<string>((resolve) =>
      socket.once("error", ({ message }) => resolve(message)),
    );
    expect(refused).toContain("403");
    expect(await (await fetch(new URL("/metrics", url))).text()).toContain(
      'tickcast_handshakes_refused_total{status="403"} 1',
    );
  });

  test("by the mode, where nobody says how long players may go on and how long the loop may stand", async () => {
    const { output, exited } = run(["start", "--mode", "production", "--print-config"]);
    expect(await exited).toBe(0);
    expect(JSON.parse(output.stdout)).toMatchObject({
      drainSeconds: { value: 20, from: "default" },
      watchdogMs: { value: 10_000, from: "default" },
    });
  });

  test("a wrong value in the file is told in one sentence", async () => {
    const file = join(folder, "wrong.json");
    writeFileSync(file, '{ "port": 70000 }');
    await expectComplaint(
      run(["start", "--config", file]),
      /^tickcast: .*wrong\.json: port is 70000; it must be a whole number from 0 to 65535\.$/,
    );
  });
});

describe("[CMD-3] a signal stops the server in order", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    test(`${signal}: players are told, and the exit code is 0`, async () => {
      const { child, exited, output, url } = await started(["--port", "0"]);
      const { closed } = await player(url);
      child.kill(signal);
      expect(await closed).toEqual({
        code: 4000,
        reason: "The server is stopping. Connect again: another server takes over.",
      });
      expect(await exited).toBe(0);
      expect(output.stdout).toContain(`${signal}: closing the rooms`);
      expect(output.stderr).toBe("");
    });

  test("a second one while the rooms close changes nothing", async () => {
    const { child, exited, url } = await started(["--port", "0"]);
    const { closed } = await player(url);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    expect((await closed).code).toBe(4000);
    expect(await exited).toBe(0);
  });
});

describe("[ADM-1] the dashboard", () => {
  const TOKEN = "sixteen-letters-and-more";

  for (const env of [{}, { TICKCAST_ADMIN_TOKEN: "" }])
    test(`is not there without a token: ${JSON.stringify(env)}`, async () => {
      const { url, output } = await started(["--port", "0"], env);
      for (const path of ["/admin", "/admin/", "/admin/api/overview"])
        expect((await fetch(new URL(path, url))).status).toBe(404);
      expect(output.stdout).not.toContain("dashboard");
    });

  for (const [what, args, env] of [
    ["an option", ["--admin-token", TOKEN], {}],
    ["the environment", [], { TICKCAST_ADMIN_TOKEN: TOKEN }],
  ] as const)
    test(`is at /admin/ with one from ${what}`, async () => {
      const { url, output } = await started(["--port", "0", ...args], env);
      expect(output.stdout).toContain(`The dashboard is at ${url.origin}/admin/\n`);
      const page = await fetch(new URL("/admin", url));
      expect([page.status, page.url]).toEqual([200, `${url.origin}/admin/`]);
      expect(await page.text()).toContain("<title>Tickcast admin</title>");
      const api = new URL("/admin/api/overview", url);
      expect((await fetch(api)).status).toBe(401);
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect(await (await fetch(api, { headers })).json()).toMatchObject({
        rooms: [],
        server: { bots: true },
      });
    });

  test("refuses a token that is no protection, without repeating it", async () => {
    const short = run(["start", join(folder, "app.mjs"), "--port", "0", "--admin-token", "open-sesame"]);
    await expectComplaint(short, /^tickcast: adminToken has 11 characters; it needs at least 16\. Make one/);
    expect(short.output.stderr).not.toContain("sesame");
  });
});
