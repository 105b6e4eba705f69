import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import { expectComplaint, folder, run, runsCommands, started } from "./server-kit/started-command.ts";

runsCommands();

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
