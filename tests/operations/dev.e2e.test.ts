import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../client/node.ts";
import { freePort } from "../kit/free-port.ts";
import { counter, serverFolder } from "./started.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let place: ReturnType<typeof serverFolder>;
let dev: ChildProcess | undefined;

beforeEach(() => {
  place = serverFolder();
  writeFileSync(join(place.folder, "tsconfig.json"), '{ "files": [], "references": [] }');
  symlinkSync(join(root, "node_modules"), join(place.folder, "node_modules"));
});

afterEach(() => {
  dev?.kill("SIGKILL");
  place.remove();
});

const sessions = () => {
  const cache = join(root, "node_modules", ".cache", "tickcast");
  return existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith("dev-")) : [];
};

test("[CKP-41] dev restarts when a file is saved, and who was connected plays on in the same seat", {
  timeout: 120_000,
}, async () => {
  const before = sessions();
  const port = await freePort();
  const { NODE_ENV: _e, TICKCAST_CHECKPOINTS: _c, ...env } = process.env;
  const started = spawn(
    process.execPath,
    [join(root, "dist/bin/tickcast.js"), "dev", "app.mjs", "--port", String(port)],
    { cwd: place.folder, env },
  );
  dev = started;
  let output = "";
  const serves = (times: number) =>
    new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (output.split("Tickcast serves").length > times) resolve();
      };
      started.stdout.on("data", look);
      started.once("exit", () => reject(new Error(`dev ended: ${output}`)));
      look();
    });
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  await serves(1);
  const room = await connect(counter, `ws://127.0.0.1:${port}/counter`);
  const rolledBack: unknown[] = [];
  room.onRolledBack((event) => rolledBack.push(event));
  const seat = [room.id, room.playerId, room.state.match.visits];
  expect(seat[2]).toBe(1);

  const app = join(place.folder, "app.mjs");
  const back = new Promise<void>((resolve) => {
    room.onConnection(({ state }) => state === "joined" && resolve());
  });
  writeFileSync(app, `${readFileSync(app, "utf8")}// saved\n`);
  await serves(2);
  await back;
  // `visits` counts joins: nobody joined again.
  expect([room.id, room.playerId, room.state.match.visits]).toEqual(seat);
  expect(rolledBack).toEqual([]);
  await room.leave();

  const exited = new Promise((resolve) => started.once("exit", resolve));
  started.kill("SIGTERM");
  await exited;
  expect(sessions()).toEqual(before);
});
