import { describe, expect, test } from "vitest";
import { defineGame, fixed, held, ref, table, u8 } from "../shared/game.ts";
import { closeCodes } from "../shared/protocol/close-codes.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../shared/protocol/frames.ts";
import {
  CHAT,
  duel,
  FIRST,
  firstRows,
  frames,
  HIT,
  MATCH,
  PLAYERS,
  PRIVATE,
  player,
  ROOM,
  setTable,
  sitDown,
} from "../tests/client-kit/duel.ts";
import { ConnectError } from "./connect-error.ts";

const url = "ws://duel.test/duel";

/** The error that a promise rejects with. */
const failure = async (promise: Promise<unknown>): Promise<ConnectError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
};

describe("greeting", () => {
  test("[CLI-1] the first frame is the hello: protocol, definition, join, ticket", () => {
    const { server, connect } = setTable();
    void connect(duel, url, undefined, { ticket: "t-1" });
    expect(server.sent).toEqual([]);
    server.accept();
    expect(server.sent).toEqual([[ClientFrame.hello, PROTOCOL_VERSION, duel.hash, null, "t-1"]]);
  });

  /** The duel with additions everywhere, in front of what a client of the duel knows. */
  const newer = defineGame({
    name: "duel",
    tickRate: 20,
    state: {
      weather: table({ wind: u8 }),
      ...duel.spec.state,
      players: table({ rank: u8, ...duel.spec.state.players.fields }, { owner: "player" }),
    },
    input: { lean: held(fixed(-1, 1, 0.1)), ...duel.spec.input },
    events: { thunder: { loudness: u8 }, ...duel.spec.events },
    messages: { wave: duel.spec.messages.chat, ...duel.spec.messages },
    requests: duel.spec.requests,
  });
  const definition = [ServerFrame.definition, PROTOCOL_VERSION, newer.hash, newer.description];

  test("[CLI-2] where the server's game is another but compatible, the client plays by the server's layout", async () => {
    const { clock, server, connect } = setTable();
    const joining = connect(duel, url);
    server.accept();
    server.send(definition);
    expect(server.take("hello").at(1)).toEqual([ClientFrame.hello, PROTOCOL_VERSION, newer.hash, null]);
    server.send(frames.welcome());
    server.send(frames.keyframe(FIRST, ROOM, [1, [1, 31, 9, "Ada", 20, 0], 3, [1, 15, 1, 3, 0]]));
    server.send(frames.tickEnd(FIRST, [], [], [[0, 2, "hello"]]));
    const room = await joining;
    const heard: string[] = [];
    room.on("chat", ({ text }) => heard.push(text));
    room.input({ fire: true });
    room.send("chat", { text: "hi" });
    clock.advance(0);
    expect(room.me).toMatchObject({ name: "Ada", x: 20 });
    expect(room.state.match.phase).toBe("live");
    expect(heard).toEqual(["hello"]);
    expect(server.take("message")).toEqual([[ClientFrame.message, 1, 1, { text: "hi" }]]);
    // The unknown input is sent at rest: ten steps above its minimum.
    expect(server.take("input")).toEqual([[ClientFrame.input, FIRST + 1, FIRST, 10, null, true]]);
    expect(room.game).toEqual(newer.description);
  });

  test("[CLI-3] where a known part is gone or changed, the client closes as outdated and says what it is", async () => {
    const changed = defineGame({
      ...duel.spec,
      state: { ...duel.spec.state, shots: table({ x: fixed(0, 1, 0.1), by: ref("players") }) },
      messages: { chat: duel.spec.messages.chat },
    });
    const { server, connect } = setTable();
    const joining = connect(duel, url);
    server.accept();
    server.send([ServerFrame.definition, PROTOCOL_VERSION, changed.hash, changed.description]);
    const error = await failure(joining);
    expect(error.close).toBe(closeCodes["client-outdated"]);
    expect(error.problems).toEqual(['field of table "shots" "x" has changed', 'message "poke" is gone']);
    expect(error.message).toContain(error.problems[1]);
    expect(server.closedBy?.code).toBe(4700);
  });

  test("[CLI-3] a server of another protocol version is left with that code", async () => {
    const { server, connect } = setTable();
    const joining = connect(duel, url);
    server.accept();
    server.send([ServerFrame.definition, PROTOCOL_VERSION + 1, newer.hash, newer.description]);
    expect((await failure(joining)).close.name).toBe("protocol-version");
    expect(server.closedBy?.code).toBe(4701);
  });

  test("[CLI-4] a client without a definition asks with an empty hash and plays what it is told", async () => {
    const { clock, server, connectGeneric } = setTable();
    const joining = connectGeneric(url, { name: "tool" });
    server.accept();
    server.send([ServerFrame.definition, PROTOCOL_VERSION, duel.hash, duel.description]);
    expect(server.take("hello").map((hello) => hello.slice(2))).toEqual([
      ["", { name: "tool" }],
      [duel.hash, { name: "tool" }],
    ]);
    server.send(frames.welcome());
    server.send(frames.keyframe(FIRST, ROOM, firstRows));
    server.send(frames.tickEnd(FIRST));
    const room = await joining;
    clock.advance(0);
    expect([...Object.keys(room.state)]).toEqual(["players", "shots", "match"]);
    expect(room.state.match).toMatchObject({ phase: "live", round: 3 });
    expect(() => room.send("shout", {})).toThrow('no message "shout"');
  });
});

describe("joining", () => {
  test("[CLI-5] a room is joined when its first tick has closed, not before", async () => {
    const { server, connect } = setTable();
    let settled = false;
    const joining = connect(duel, url).then((room) => {
      settled = true;
      return room;
    });
    server.accept();
    server.send(frames.welcome());
    server.send(frames.keyframe(FIRST, ROOM, firstRows));
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    server.send(frames.tickEnd(FIRST));
    const room = await joining;
    expect(room).toMatchObject({ id: "room-1", playerId: 7, tick: FIRST, connection: { state: "joined" } });
    expect(room.me?.name).toBe("Ada");
  });

  test("[CLI-5] listeners added by the code that awaits the room miss nothing, however frames arrive", async () => {
    const { clock, server, connect } = setTable();
    const said: string[] = [];
    const play = async () => {
      const room = await connect(duel, url);
      room.on("chat", ({ text }) => said.push(`${room.tick} ${text}`));
      room.onConnection(({ state }) => said.push(state));
      return room;
    };
    const playing = play();
    server.accept();
    // All in one packet, the end of the connection included.
    server.send(frames.welcome());
    server.send(frames.keyframe(FIRST, ROOM, firstRows));
    server.send(frames.tickEnd(FIRST, [], [], [[0, CHAT, "one"]]));
    server.send(frames.tickEnd(FIRST + 1, [], [], [[0, CHAT, "two"]]));
    server.close(4503, "over");
    const room = await playing;
    expect(room.tick).toBe(FIRST);
    expect(said).toEqual([]);
    clock.advance(0);
    expect(said).toEqual([`${FIRST} one`, `${FIRST + 1} two`, "closed"]);
  });

  test("[CLI-6] a refusal rejects with the code's meaning and the server's own words", async () => {
    const { server, connect } = setTable();
    const joining = connect(duel, url);
    server.accept();
    server.close(4600, "a name, please");
    const error = await failure(joining);
    expect(error.close).toBe(closeCodes.refused);
    expect(error.message).toBe(`could not join ${url}: ${closeCodes.refused.sentence} (a name, please)`);
  });

  test("[CLI-6] a server that cannot be reached rejects with what the platform knows", async () => {
    const { clock, server, connect } = setTable();
    const joining = connect(duel, url);
    server.close(1006, "connect ECONNREFUSED 127.0.0.1:1");
    const error = await failure(joining);
    expect(error.close).toMatchObject({ name: "abnormal", retry: "soon" });
    expect(error.message).toContain("ECONNREFUSED");
    expect(clock.pending).toBe(0);
  });

  test("[CLI-6] a server that does not answer is given up after joinTimeoutMs", async () => {
    const { clock, server, connect } = setTable();
    const joining = connect(duel, url, undefined, { joinTimeoutMs: 500 });
    server.accept();
    server.send(frames.welcome());
    clock.advance(499);
    expect(server.closedBy).toBeUndefined();
    clock.advance(1);
    expect((await failure(joining)).message).toContain("500 ms");
    expect(server.closedBy).toEqual({ code: undefined, reason: undefined });
    // What still arrives of it is nobody's.
    server.send(frames.tickEnd(FIRST));
    server.close(1005);
  });
});

describe("faults", () => {
  const welcome = frames.welcome();
  test.each<[string, readonly unknown[]]>([
    ["a frame of the game before the welcome", [[ServerFrame.tickEnd, 1, 0]]],
    ["a second welcome", [welcome, welcome]],
    ["a definition after the welcome", [welcome, [ServerFrame.definition, 1, "x", {}]]],
    ["no array", ["text"]],
    ["a type that is no number", [["tick", 1, 0]]],
    ["a welcome without its parts", [welcome.slice(0, 5)]],
    ["a tick that is no integer", [welcome, [ServerFrame.tickEnd, 10.5, 9]]],
    ["an unknown table", [welcome, frames.tickEnd(FIRST, [99, [1, 3, 1]])]],
    ["a change of a row that never entered", [welcome, frames.tickEnd(FIRST, [PLAYERS, [4, 2, "x"]])]],
    ["an unknown event", [welcome, frames.tickEnd(FIRST, [], [], [[0, 99]])]],
  ])("[CLI-11] %s ends the connection as a bad frame", async (_, script) => {
    const { server, connect } = setTable();
    const joining = connect(duel, url);
    server.accept();
    for (const frame of script) server.send(frame as readonly unknown[]);
    expect((await failure(joining)).close).toBe(closeCodes["bad-frame"]);
    expect(server.closedBy?.code).toBe(4702);
  });

  test("[CLI-11] bytes that are not MessagePack end the connection as a bad frame", async () => {
    const { server, room } = await sitDown();
    server.sendBytes(Uint8Array.of(0xdc, 0xff));
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "bad-frame" } });
    expect(server.closedBy?.code).toBe(4702);
  });

  test("[CLI-10] unknown frames and parts are ignored, trailing parts that are left out are empty", async () => {
    const { server, room } = await sitDown();
    server.send([99, "from the future"]);
    server.send([ServerFrame.delta, FIRST + 1, FIRST, PRIVATE]);
    server.send([ServerFrame.tickEnd, FIRST + 1, FIRST, [], [], [], null, "more", { and: "more" }]);
    expect(room.tick).toBe(FIRST + 1);
    expect(room.connection.state).toBe("joined");
  });
});

describe("the end", () => {
  test("[CLI-24] a close is told once, with its meaning, and is final", async () => {
    const { server, room } = await sitDown();
    const told: unknown[] = [];
    room.onConnection((connection) => told.push(connection));
    server.close(4501, "");
    const closed = { state: "closed", close: closeCodes.kicked, message: closeCodes.kicked.sentence };
    expect(told).toEqual([closed]);
    expect(room.connection).toEqual(closed);
    server.send(frames.tickEnd(FIRST + 1));
    room.send("chat", { text: "too late" });
    room.input({ fire: true });
    expect(room.tick).toBe(FIRST);
    expect(server.sent).toEqual([]);
    expect(room.me?.name).toBe("Ada");
    await room.leave();
    expect(told).toHaveLength(1);
  });

  test("[CLI-23] leaving says so and settles when the server has closed", async () => {
    const { clock, server, room, tick } = await sitDown();
    let left = 0;
    void room.leave().then(() => left++);
    void room.leave().then(() => left++);
    room.send("chat", { text: "said after the goodbye" });
    tick();
    expect(server.sent).toEqual([[ClientFrame.leave]]);
    await clock.run(100);
    expect(left).toBe(0);
    server.close(4500);
    await clock.settle();
    expect(left).toBe(2);
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "left" } });
    expect(clock.pending).toBe(0);
  });

  test("[CLI-23] a server that does not answer the goodbye is left after two seconds", async () => {
    const { clock, server, room } = await sitDown();
    const leaving = room.leave();
    await clock.run(1_999);
    expect(server.closedBy).toBeUndefined();
    await clock.run(1);
    await leaving;
    expect(server.closedBy?.code).toBe(4500);
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "left" } });
  });
});

describe("the way back", () => {
  test("[CLO-6] an attempt that takes too long is closed without a code, and the next one follows", async () => {
    const { clock, server, room } = await sitDown({ welcome: { token: "t-1" } });
    server.close(1006);
    for (const attempt of [1, 2, 3]) {
      expect(room.connection).toMatchObject({ state: "reconnecting", attempt });
      server.closedBy = undefined;
      while (server.closedBy === undefined) clock.advance(100);
      expect(server.closedBy).toEqual({ code: undefined, reason: undefined });
    }
    await room.leave();
    expect(clock.pending).toBe(0);
  });

  test("[RET-11] a path that died silently is asked once, closed without a code, and returned by another", async () => {
    const { clock, server, room } = await sitDown({ welcome: { token: "t-1" } });
    const since = clock.now();
    clock.advance(9_000);
    expect(server.sent).toEqual([[ClientFrame.ping, since + 5_000]]);
    server.send(frames.pong(since + 5_000, 0));
    clock.advance(4_999 + 5_000);
    expect([room.connection.state, server.take("ping").length]).toEqual(["joined", 2]);
    expect(server.closedBy).toBeUndefined();
    clock.advance(1);
    expect(room.connection).toMatchObject({ state: "reconnecting", close: { name: "abnormal" } });
    expect(server.closedBy).toEqual({ code: undefined, reason: undefined });
    clock.advance(1_000);
    server.accept();
    expect(server.take("hello").at(0)?.slice(3)).toEqual([null, null, "t-1", FIRST, 2]);
  });

  test("[RET-11] where there is no way back the stay ends, and says why", async () => {
    const { clock, room } = await sitDown();
    clock.advance(10_000);
    const message = "nothing came any more";
    expect(room.connection).toMatchObject({ state: "closed", close: { name: "abnormal" }, message });
    expect(clock.pending).toBe(0);
  });
});

test("[CLI-8] a tick is told in order: additions, changes, events, replies, removals, the tick, the input", async () => {
  const { clock, server, room } = await sitDown({
    rows: [PLAYERS, [...player(1, "Ada"), ...player(2, "Bob")], MATCH, [1, 15, 1, 3, 0]],
  });
  const told: string[] = [];
  const timers = clock.pending;
  const { players } = room.state;
  players.onRemove((row) => told.push(`removed ${row.name}, ${players.size} left`));
  players.onChange((row, changed) => told.push(`changed ${[...changed].join()} of ${row.name}`));
  room.onRecordChange("match", (match) => told.push(`match ${match.phase}`));
  room.on("hit", ({ by, on }) => told.push(`${by?.name} hit ${on?.name}`));
  room.onTick((tick) => {
    told.push(`tick ${tick}`);
    room.input({ fire: true });
  });
  players.onAdd((row) => told.push(`added ${row.name}`));
  told.length = 0;
  const bought = room.request("buy", { item: "sword" });
  const settle = bought.then(() => told.push("reply"));
  server.sent.length = 0;
  server.send(frames.reply(FIRST + 1, 1, "ok", { gold: 1 }));
  server.send(
    frames.tickEnd(
      FIRST + 1,
      [PLAYERS, [...player(3, "Cid", 0, 2), 1, 4, 50], MATCH, [1, 2, 2]],
      [PLAYERS, 2, 0],
      [[0, HIT, 3, 2, 9]],
    ),
  );
  expect(told).toEqual([
    "added Cid",
    "changed x of Ada",
    "match over",
    "Cid hit Bob",
    "removed Bob, 2 left",
    `tick ${FIRST + 1}`,
  ]);
  // Promises always continue behind the tick, so that what awaits sees it whole.
  await settle;
  expect(told.at(-1)).toBe("reply");
  expect(server.take("input")).toEqual([[ClientFrame.input, FIRST + 2, FIRST + 1, null, true]]);
  expect(clock.pending).toBe(timers);
});
