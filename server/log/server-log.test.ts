import { describe, expect, test } from "vitest";
import { Bus } from "../bus.ts";
import type { LogLevel } from "./log.ts";
import { makeLog } from "./make-log.ts";
import { serverLog } from "./server-log.ts";

const room = { id: "r1", game: "arena" };

function logged(level: LogLevel = "info") {
  const bus = new Bus();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => {
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(time).toBeTypeOf("number");
    lines.push(rest);
  };
  const stop = serverLog(bus, makeLog({ level, format: "json", out: { write } }));
  return { bus, lines, stop };
}

test("[OPS-41] a new certificate that cannot be used is a warning with its reason, and no fault of the server", () => {
  const { bus, lines } = logged("warn");
  bus.emit("certificateRefused", { reason: "They do not fit." });
  expect(lines).toEqual([
    { level: 40, reason: "They do not fit.", msg: "new certificate refused, the one in use stays" },
  ]);
});

describe("[OPS-10] the log has one line for the life of a connection and one for that of a room", () => {
  test("a room: how long it lived, how many were in it at most, why it closed", () => {
    const { bus, lines } = logged();
    bus.emit("roomCreated", { room });
    bus.emit("playerJoined", { room, player: 1 });
    bus.emit("playerJoined", { room, player: 2 });
    bus.emit("playerLeft", { room, player: 1, reason: "left" });
    bus.emit("playerJoined", { room, player: 3 });
    bus.emit("roomClosed", { room, reason: "room-closed", ticks: 90 });
    expect(lines).toEqual([
      {
        level: 30,
        room: "r1",
        game: "arena",
        reason: "room-closed",
        ticks: 90,
        mostPlayers: 2,
        msg: "room closed",
      },
    ]);
  });

  test("a connection: from where, to what, for how long, and how it ended", () => {
    const { bus, lines } = logged();
    bus.emit("sessionChanged", { session: 7, from: "greeting", to: "admitting" });
    const closed = {
      address: "192.0.2.1",
      path: "/arena",
      openMs: 1234.5,
      code: 4500,
      name: "left",
      during: "gone",
    };
    bus.emit("sessionClosed", { session: 7, ...closed });
    expect(lines).toEqual([
      {
        level: 30,
        session: 7,
        address: "192.0.2.1",
        path: "/arena",
        seconds: 1.235,
        code: 4500,
        reason: "left",
        during: "gone",
        msg: "connection closed",
      },
    ]);
  });
});

describe("[OPS-11] levels: what the game or the server did wrong, what was near it, what happened, every step", () => {
  function everything(level: LogLevel): unknown[] {
    const { bus, lines } = logged(level);
    bus.emit("roomCreated", { room });
    bus.emit("playerJoined", { room, player: 1 });
    bus.emit("tickSlipped", { room, tick: 9, skippedMs: 150.4 });
    bus.emit("hookFailed", { room, where: { hook: "message", name: "chat" }, error: new Error("boom") });
    bus.emit("roomClosed", { room, reason: "room-closed", ticks: 90 });
    return lines.map(({ msg }) => msg);
  }

  const all = [
    "room opened",
    "player joined",
    "the room could not keep up and slipped",
    "the game's code failed",
    "room closed",
  ];
  for (const [level, expected] of [
    ["debug", all],
    ["info", all.slice(2)],
    ["warn", all.slice(2, 4)],
    ["error", all.slice(3, 4)],
    ["silent", []],
  ] as const)
    test(level, () => expect(everything(level)).toEqual(expected));

  test("a room that failed is an error, and an error brings its stack", () => {
    const { bus, lines } = logged("error");
    bus.emit("hookFailed", { room, where: { hook: "tick" }, error: new Error("boom") });
    bus.emit("roomClosed", { room, reason: "room-failed", ticks: 3 });
    expect(lines).toMatchObject([
      { hook: "tick", err: { message: "boom", stack: expect.stringContaining("server-log.test.ts") } },
      { reason: "room-failed" },
    ]);
  });

  test("[OPS-30] a page that is refused by its origin is told with the setting that refuses it", () => {
    const { bus, lines } = logged("warn");
    bus.emit("originRefused", { origin: "http://127.0.0.1:3000" });
    expect(lines).toMatchObject([
      { origin: "http://127.0.0.1:3000", msg: expect.stringMatching(/not in the setting origins: add it/) },
    ]);
  });

  test("who releases it hears nothing more", () => {
    const { bus, lines, stop } = logged("debug");
    stop();
    bus.emit("roomCreated", { room });
    expect(lines).toEqual([]);
  });
});
