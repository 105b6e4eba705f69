import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import { decodeTrusted, encode } from "../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../shared/protocol/frames.ts";
import { expectComplaint, folder, run, runsCommands, started } from "./server-kit/started-command.ts";

runsCommands();

const LAUNCHER = fileURLToPath(new URL("../bin/launcher.js", import.meta.url));

/** Which versions of Node are taken. */
const VERSIONS = [
  ["18.20.0", false],
  ["20.18.3", false],
  ["20.19.0", true],
  ["21.7.3", false],
  ["22.11.0", false],
  ["22.12.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["25.1.0", true],
  ["26.0.0", false],
] as const;

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

  test("a version of Node that uWebSockets.js has no binary for", async () => {
    const copy = join(folder, "no-binary/bin/launcher.mjs");
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(LAUNCHER, copy);
    for (const [version, runs] of VERSIONS) {
      const pretends = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
      await expectComplaint(
        run(
          ["start"],
          { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(pretends)}` },
          copy,
        ),
        runs
          ? /^tickcast: Tickcast is not built/
          : new RegExp(
              `^tickcast: Node ${version} cannot run Tickcast: use Node 20 \\(from 20\\.19 on\\), 22 `,
            ),
      );
    }
    for (const path of ["../package.json", "../templates/starter/package.json"])
      expect(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"))).toMatchObject({
        engines: { node: "^20.19.0 || ^22.12.0 || ^24 || ^25" },
      });
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
