import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../client/node.ts";
import { counter, type Started, serverFolder, startServer } from "./started.ts";

let place: ReturnType<typeof serverFolder>;
const started: Started[] = [];

beforeEach(() => {
  place = serverFolder();
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  place.remove();
});

async function start(...args: string[]): Promise<Started> {
  const server = await startServer(place.folder, args);
  started.push(server);
  return server;
}

const join = ({ url }: Started) =>
  connect(counter, `ws://${url.host}/counter`, undefined, { reconnectWithinMs: 0 });

/** Resolves when the room's record says so. */
const untilLeft = (room: Awaited<ReturnType<typeof join>>, seconds: number): Promise<void> =>
  new Promise((resolve) => {
    room.onTick(() => {
      if (room.state.match.left === seconds) resolve();
    });
  });

const readiness = async ({ url }: Started) => (await fetch(new URL("/ready", url))).status;

describe("[OPS-23] a signal drains a real server", () => {
  test("players play on and know for how long; newcomers are told to try again; the last to leave ends it", async () => {
    const server = await start("--drain-seconds", "60");
    const ada = await join(server);
    expect(await readiness(server)).toBe(200);
    server.child.kill("SIGTERM");
    await untilLeft(ada, 60);
    expect(await readiness(server)).toBe(503);
    await expect(join(server)).rejects.toMatchObject({ close: { name: "server-stopping", retry: "soon" } });
    await ada.leave();
    expect(await server.exited).toBe(0);
  });

  test("who stays is closed with server-stopping when the time is over, and the exit code is 0", async () => {
    const server = await start("--drain-seconds", "1");
    const ada = await join(server);
    const closed = new Promise((resolve) => ada.onConnection(resolve));
    server.child.kill("SIGTERM");
    expect(await closed).toMatchObject({
      state: "closed",
      close: { name: "server-stopping", retry: "soon" },
    });
    expect(await server.exited).toBe(0);
  });

  test("a second signal stops at once", async () => {
    const server = await start("--drain-seconds", "3600");
    const ada = await join(server);
    server.child.kill("SIGTERM");
    await untilLeft(ada, 3600);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(server.output()).toMatch(
      /SIGTERM: nobody new comes in.* 3600 s.*\n(.*\n)*SIGTERM: closing the rooms/,
    );
  });
});
