import { describe, expect, test } from "vitest";
import type { ReplyPart } from "../shared/protocol/frames.ts";
import { ClientFrame, type ReplyStatus } from "../shared/protocol/frames.ts";
import { FIRST, frames, sitDown } from "../tests/client-kit/duel.ts";

const item = { item: "sword" };

describe("requests", () => {
  test.each<[string, keyof typeof ReplyStatus, unknown, unknown]>([
    ["a reply", "ok", { gold: 3 }, { ok: true, value: { gold: 3 } }],
    ["a declared error", "declared", 0, { ok: false, error: "broke" }],
    ["a declared error that is none", "declared", 9, { ok: false, error: "internal" }],
    ["an error of the handler", "internal", null, { ok: false, error: "internal" }],
    ["an input that does not validate", "invalid", null, { ok: false, error: "invalid" }],
  ])("[CLI-18] %s settles the request when its tick closes", async (_, status, value, result) => {
    const { clock, server, room, tick } = await sitDown();
    const timers = clock.pending;
    const settled: unknown[] = [];
    void room.request("buy", item).then((reply) => settled.push(reply));
    expect(server.take("request")).toEqual([[ClientFrame.request, 1, 0, item]]);
    server.send(frames.reply(FIRST + 1, 1, status, value));
    await clock.settle();
    expect(settled).toEqual([]);
    tick();
    await clock.settle();
    expect(settled).toEqual([result]);
    expect(clock.pending).toBe(timers);
  });

  test("[CLI-18] a status from the future is an internal error", async () => {
    const { server, room, tick } = await sitDown();
    const reply = room.request("buy", item);
    const part: ReplyPart = [1, 77, null];
    server.send(frames.delta(FIRST + 1, 5, [], [], [], [part]));
    tick();
    expect(await reply).toEqual({ ok: false, error: "internal" });
  });

  test("[CLI-18] without a reply a request times out, by default after 10 s", async () => {
    const { clock, server, room, tick } = await sitDown();
    const settled: unknown[] = [];
    void room.request("buy", item, { timeoutMs: 300 }).then(() => settled.push("short"));
    void room.request("buy", item).then((result) => settled.push(result));
    await clock.run(300);
    expect(settled).toEqual(["short"]);
    await clock.run(9_700);
    expect(settled.at(-1)).toEqual({ ok: false, error: "timeout" });
    // A reply that comes too late finds nobody.
    server.send(frames.reply(FIRST + 1, 2, "ok", { gold: 1 }));
    tick();
    await clock.settle();
    expect(settled).toHaveLength(2);
  });

  test("[CLI-18] requests that wait when the connection ends, and later ones, end as closed", async () => {
    const { clock, server, room } = await sitDown();
    const waiting = room.request("buy", item);
    server.close(4100);
    expect(await waiting).toEqual({ ok: false, error: "closed" });
    expect(await room.request("buy", item)).toEqual({ ok: false, error: "closed" });
    expect(clock.pending).toBe(0);
  });

  test("[CLI-19] messages and requests share a sequence that starts at 1 and rises by one", async () => {
    const { clock, server, room } = await sitDown();
    room.send("chat", { text: "a" });
    void room.request("buy", item);
    room.send("poke", { at: 3 });
    expect(server.sent).toEqual([
      [ClientFrame.message, 1, 0, { text: "a" }],
      [ClientFrame.request, 2, 0, item],
      [ClientFrame.message, 3, 1, { at: 3 }],
    ]);
    server.close(1001);
    expect(clock.pending).toBe(0);
  });
});

describe("mistakes at the call", () => {
  test("[CLI-20] what the game does not have throws", async () => {
    const { server, room } = await sitDown();
    expect(() => room.send("shout" as "chat", { text: "a" })).toThrow('no message "shout"');
    expect(() => room.request("sell" as "buy", item)).toThrow('no request "sell"');
    expect(() => room.request("buy", item, { timeoutMs: Number.NaN })).toThrow("timeoutMs is NaN");
    expect(server.sent).toEqual([]);
  });

  test("[CLI-20] a payload that the protocol does not allow throws, costs no sequence, and the link lives", async () => {
    const { server, room } = await sitDown();
    const at = Number.NaN;
    expect(() => room.send("poke", { at })).toThrow('message "poke".at is NaN, which cannot be sent');
    expect(() => room.request("buy", { item: new Date(0) as unknown as string })).toThrow(
      'request "buy".item is a Date, which cannot be sent',
    );
    room.send("poke", { at: 1 });
    expect(server.sent).toEqual([[ClientFrame.message, 1, 1, { at: 1 }]]);
  });
});

test("[CLI-24] statistics count what went both ways", async () => {
  const { server, room, tick } = await sitDown();
  const before = room.statistics;
  tick();
  room.send("chat", { text: "a" });
  server.bufferedBytes = 17;
  expect(room.statistics).toMatchObject({
    framesReceived: before.framesReceived + 1,
    messagesSent: before.messagesSent + 1,
    ticksClosed: 2,
    ticksMissed: 0,
    bufferedBytes: 17,
  });
  expect(room.statistics.bytesReceived).toBeGreaterThan(before.bytesReceived);
  // [2, 1, 0, { text: "a" }]
  expect(room.statistics.bytesSent - before.bytesSent).toBe(12);
});
