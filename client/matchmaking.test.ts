import { expect, test } from "vitest";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { ConnectError } from "./connect-error.ts";
import { findRoom, followingRoom } from "./matchmaking.ts";
import type { SocketListener } from "./socket.ts";

/** Matchmaking that answers what it is told to, and sockets that only say where they were opened. */
function following(
  answer: { status: number; body?: object } | "nothing",
  first: "found" | "returning" = "found",
) {
  const clock = new ManualClock();
  const opened: string[] = [];
  const asked: string[] = [];
  const closed: number[] = [];
  const reasons: string[] = [];
  const sockets: SocketListener[] = [];
  const open = followingRoom(
    (url, socket) => {
      if (url.includes("forbidden")) throw new Error("not from here");
      opened.push(url);
      sockets.push(socket);
      return { send() {}, close: () => void opened.push("closed"), bufferedBytes: 7 };
    },
    {
      url: "https://play.example.com/eu/join/duel?mode=all",
      clock,
      ticket: undefined,
      joinTimeoutMs: 10_000,
      ask: (url, body) => {
        asked.push(`${url} ${body}`);
        if (answer === "nothing") return new Promise(() => {});
        return Promise.resolve({ status: answer.status, text: JSON.stringify(answer.body ?? {}) });
      },
    },
    first,
  );
  const listener: SocketListener = {
    opened() {},
    received() {},
    closed(code, reason) {
      closed.push(code);
      reasons.push(reason);
    },
  };
  const connect = () => open("wss://a.example.com/duel/r1?mode=all", listener);
  return { clock, connect, opened, asked, closed, reasons, sockets };
}

const refused = (status: number, code: string) => ({ status, body: { error: { code, message: "so" } } });

test("[NOD-17] the first connection goes where matchmaking said, each later one where the room is by now", async () => {
  const { clock, connect, opened, asked } = following({
    status: 200,
    body: { url: "wss://b.example.com/duel/r1", room: "r1" },
  });
  connect();
  expect([opened, asked]).toEqual([["wss://a.example.com/duel/r1?mode=all"], []]);
  const socket = connect();
  expect(socket.bufferedBytes).toBe(0);
  await clock.settle();
  expect(asked).toEqual(['https://play.example.com/eu/join/duel/r1 {"returning":true}']);
  expect(opened.at(-1)).toBe("wss://b.example.com/duel/r1");
  expect([socket.bufferedBytes, clock.pending]).toEqual([7, 0]);
  socket.close();
  expect(opened.at(-1)).toBe("closed");
});

test("[NOD-17] a page that is loaded anew asks with its first connection, too", async () => {
  const { clock, connect, opened, asked } = following(
    { status: 200, body: { url: "wss://b.example.com/duel/r1" } },
    "returning",
  );
  connect();
  await clock.settle();
  expect([asked.length, opened]).toEqual([1, ["wss://b.example.com/duel/r1"]]);
});

test("[NOD-17] where matchmaking does not know, or does not answer in four seconds, the last address is tried", async () => {
  const unsure = following(refused(503, "server-busy"), "returning");
  unsure.connect();
  await unsure.clock.settle();
  const silent = following("nothing", "returning");
  silent.connect();
  await silent.clock.run(3_999);
  expect(silent.opened).toEqual([]);
  await silent.clock.run(1);
  for (const { opened, closed } of [unsure, silent])
    expect([opened, closed]).toEqual([["wss://a.example.com/duel/r1?mode=all"], []]);
});

test("[NOD-17] a room that comes back is waited for, one that is gone ends the stay, and nothing opens for who gave up", async () => {
  for (const [code, close] of [
    ["room-restarting", 4100],
    ["no-such-room", 4604],
  ] as const) {
    const { clock, connect, opened, closed } = following(refused(503, code), "returning");
    connect();
    await clock.settle();
    expect([opened, closed]).toEqual([[], [close]]);
  }
  const late = following({ status: 200, body: { url: "wss://b.example.com/duel/r1" } }, "returning");
  late.connect().close();
  await late.clock.settle();
  expect(late.opened).toEqual([]);
});

/** What a question comes to that this is the answer to. */
const found = (status: number, text: string) =>
  findRoom({
    url: "https://play.example.com/join/duel",
    clock: new ManualClock(),
    ticket: undefined,
    joinTimeoutMs: 10_000,
    ask: () => Promise.resolve({ status, text }),
  });

test.each([
  [429, "<html>Too Many Requests</html>", "server-busy"],
  [502, "<html>Bad Gateway</html>", "server-busy"],
  [404, "<html>Not Found</html>", "bad-gateway"],
  [200, "<html>Log in to this network</html>", "bad-gateway"],
  [200, '{"url":"ftp://b.example.com/duel"}', "bad-gateway"],
  [200, '{"url":7}', "bad-gateway"],
  [400, '{"error":{"code":"of-a-newer-server"}}', "bad-gateway"],
])(
  "[NOD-36] what no server of ours said may be tried again, and is shown: %s %s",
  async (status, text, name) => {
    const error = await found(status, text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ close: { name, retry: "later" } });
    expect((error as Error).message).toContain(`${status} instead of a room: ${text}`);
  },
);

test("[NOD-36] a stranger's answer leads back to the last address, and a refusal is told in the server's words", async () => {
  const strange = following({ status: 404 }, "returning");
  strange.connect();
  await strange.clock.settle();
  expect([strange.opened, strange.closed]).toEqual([["wss://a.example.com/duel/r1?mode=all"], []]);
  const gone = following(refused(404, "no-such-room"), "returning");
  gone.connect();
  await gone.clock.settle();
  expect(gone.reasons).toEqual([expect.stringContaining("(so)")]);
});

test("[NOD-36] an address that the platform does not open ends the attempt, with the reason", async () => {
  const { clock, connect, closed, reasons } = following(
    { status: 200, body: { url: "wss://forbidden.example.com/duel/r1" } },
    "returning",
  );
  connect();
  await clock.settle();
  expect([closed, reasons]).toEqual([[1006], ["Error: not from here"]]);
});

test("[NOD-33] who does not reach the room's server names it with the next question, and who reached it does not", async () => {
  const { clock, connect, asked, sockets, closed } = following(
    { status: 200, body: { url: "wss://b.example.com/duel/r1", owner: "b@7" } },
    "returning",
  );
  connect();
  await clock.settle();
  sockets[0]?.closed(1006, "refused");
  connect();
  await clock.settle();
  sockets[1]?.opened();
  sockets[1]?.closed(1006, "cut");
  connect();
  await clock.settle();
  expect(closed).toEqual([1006, 1006]);
  expect(asked.map((question) => question.split(" ")[1])).toEqual([
    '{"returning":true}',
    '{"returning":true,"unreachable":"b@7"}',
    '{"returning":true}',
  ]);
});
