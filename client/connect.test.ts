import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { defineGame } from "../shared/game.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../shared/protocol/frames.ts";
import { duel, FIRST, firstRows, frames, ROOM, setTable } from "../tests/client-kit/duel.ts";
import { type ConnectOptions, connectWith } from "./connect.ts";
import { ConnectError } from "./connect-error.ts";
import { socketUrl } from "./connect-url.ts";

describe("addresses", () => {
  test.each([
    ["wss://play.example.com/arena", undefined, "wss://play.example.com/arena"],
    ["https://play.example.com/arena?mode=duel", undefined, "wss://play.example.com/arena?mode=duel"],
    ["http://localhost:3000/arena/k3v9#top", undefined, "ws://localhost:3000/arena/k3v9"],
    ["/arena", "https://play.example.com/lobby/?a=1#b", "wss://play.example.com/arena"],
    ["arena", "http://localhost:3000/games/", "ws://localhost:3000/games/arena"],
    ["//other.example.com/arena", "https://play.example.com/", "wss://other.example.com/arena"],
  ])("[CLI-1] %s on page %s is %s", (written, page, url) => {
    expect(socketUrl(written, page)).toBe(url);
  });

  test.each([
    ["/arena", undefined],
    ["ftp://play.example.com/arena", undefined],
    ["play.example.com:3000/arena", "https://play.example.com/"],
    ["", undefined],
  ])("[CLI-6] %s on page %s is refused with an example of an address", (written, page) => {
    expect(() => socketUrl(written, page)).toThrow("wss://play.example.com/arena");
  });
});

test("[CLI-6] arguments that cannot work reject before anything is opened", async () => {
  const { server, connect } = setTable();
  await expect(connect(duel, "/duel")).rejects.toThrow(TypeError);
  await expect(connect(duel, "ws://a", undefined, { joinTimeoutMs: 0 })).rejects.toThrow(RangeError);
  const named = defineGame({ ...duel.spec, join: v.object({ rank: v.number() }) });
  await expect(connect(named, "ws://a", { rank: Number.NaN })).rejects.toThrow("join.rank is NaN");
  expect(server.url).toBeUndefined();
});

test("[CLI-6] an option that is undefined counts as left out", async () => {
  const predicted = defineGame({ ...duel.spec, predict: { table: "players", step: () => {} } });
  const { clock, server, connect } = setTable();
  const options = {
    predict: undefined,
    joinTimeoutMs: undefined,
    reconnectWithinMs: undefined,
    extrapolateMs: undefined,
  } as object as ConnectOptions;
  const joining = connect(predicted, "ws://a", undefined, options);
  server.accept();
  server.send([...frames.welcome().slice(0, -1), "token"]);
  server.send(frames.keyframe(FIRST, ROOM, firstRows));
  server.send(frames.tickEnd(FIRST));
  const room = await joining;
  server.send(frames.pong(0, FIRST * 50));
  server.send(frames.tickEnd(FIRST + 1));
  room.input({ fire: true });
  clock.advance(50);
  // No tick has closed since: the clock sampled it.
  expect(server.take("input")).toHaveLength(1);
  server.close(1006);
  expect(room.connection.state).toBe("reconnecting");
});

test("[CLI-6] a socket that the platform does not allow to open is a failed connection", async () => {
  const { clock } = setTable();
  const forbidden = new Error("an insecure WebSocket connection may not be initiated from a secure page");
  const { connect } = connectWith({
    clock,
    openSocket: () => {
      throw forbidden;
    },
  });
  const error = await connect(duel, "ws://a").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ close: { name: "abnormal" }, cause: forbidden });
  expect((error as Error).message).toContain(forbidden.message);
  expect(clock.pending).toBe(0);
});

test("[CLI-1] what a game asks for on joining is required and typed; where it asks for nothing it is left out", () => {
  const { server, connect } = setTable();
  const named = defineGame({ ...duel.spec, join: v.object({ name: v.string() }) });
  void connect(named, "ws://a", { name: "Ada" });
  server.accept();
  expect(server.sent).toEqual([[ClientFrame.hello, PROTOCOL_VERSION, named.hash, { name: "Ada" }]]);

  const back = setTable();
  void back.connect(named, "ws://a/room-1", undefined, { token: "secret" });
  back.server.accept();
  expect(back.server.sent).toEqual([[ClientFrame.hello, PROTOCOL_VERSION, named.hash, null, null, "secret"]]);

  const wrong = () => {
    // @ts-expect-error the game asks for a name
    void connect(named, "ws://a");
    // @ts-expect-error only who has a seat already says none
    void connect(named, "ws://a", undefined, { predict: false });
    // @ts-expect-error of this shape
    void connect(named, "ws://a", { nick: "Ada" });
    // @ts-expect-error this one asks for nothing
    void connect(duel, "ws://a", { name: "Ada" });
  };
  expect(wrong).toBeTypeOf("function");
});
