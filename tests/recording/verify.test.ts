import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { ClientRoom } from "../../client/client-room.ts";
import { differenceInWords } from "../../server/recording/difference.ts";
import { summaryOf } from "../../server/recording/summary.ts";
import { verify } from "../../server/recording/verify.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { openRecording } from "../../shared/platform/open-recording.ts";
import { EventAudience, RecordType, type TickRecord } from "../../shared/recording/format.ts";
import { opened, recordingServer } from "./recorded-game.ts";
import { workshop, workshopRoom } from "./workshop.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
const rerun = async (path: string, room: RoomDefinition) =>
  verify((await opened(path)).recording, room, { pause });

type Workshop = ClientRoom<(typeof workshop)["spec"]>;

/** A lively day in the workshop; the file of its recording. */
async function aDay(room = workshopRoom()): Promise<{ path: string; ticks: number }> {
  const server = await recordingServer([room]);
  const enter = async (name: string) => server.connect(workshop, "/workshop?level=hard", { name });
  const ada = await enter("Ada");
  const bob = await enter("Bob");
  await expect(enter("nobody")).rejects.toThrow();
  const work = (worker: Workshop, walk: number) => worker.input({ walk, craft: true });
  work(ada.room, 3);
  work(bob.room, -2);
  ada.room.send("order", { n: 2 });
  await server.ticks(ada.room, 5);
  const paid = ada.room.request("pay", { coins: 7 });
  bob.room.send("shout", { text: "fire" });
  bob.room.send("shout", { text: "hello" });
  await server.ticks(ada.room, 5);
  expect(await paid).toEqual({ ok: true, value: { paid: 7 } });
  bob.link.cut();
  await server.ticks(ada.room, 30);
  const cyd = await enter("Cyd");
  cyd.room.input({ walk: 1 });
  cyd.link.cut();
  await server.ticks(ada.room, 60);
  work(ada.room, 9);
  await server.ticks(ada.room, 3);
  const dan = await enter("Dan");
  dan.room.send("order", { n: 101 });
  await server.ticks(ada.room, 3);
  void server.server.drain(500);
  await server.ticks(ada.room, 5);
  const { tick } = ada.room;
  const [path = ""] = await server.files();
  return { path, ticks: tick };
}

test("[REC-1] so is one with messages, requests, timers, chance, connections that are lost, and hooks that throw", async () => {
  const { path, ticks } = await aDay();
  const verdict = await rerun(path, workshopRoom());
  expect(verdict).toEqual({ verdict: "same", ticks: expect.any(Number) });
  expect(verdict.verdict === "same" ? verdict.ticks : 0).toBeGreaterThanOrEqual(ticks);
});

test("[REC-1] a change by room.run runs where it ran, however long the game waits for it now", async () => {
  const { path } = await aDay();
  const slow = workshopRoom({ bank: () => new Promise((resolve) => setTimeout(() => resolve(1), 20)) });
  const patient = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  expect(await verify((await opened(path)).recording, slow, { pause: patient })).toMatchObject({
    verdict: "same",
  });
});

test("[REC-5] another game is found in the first tick that differs, with table, row and field", async () => {
  const { path } = await aDay();
  const verdict = await rerun(path, workshopRoom({ pace: 2 }));
  if (verdict.verdict !== "differs") throw new Error(`it is ${verdict.verdict}`);
  // The first tick in which anybody walked.
  const { recording } = await opened(path);
  let walked = 0;
  let before = 0;
  for await (const step of recording.steps()) {
    const x = (await recording.stateAt(step[1])).rows(0).get(1)?.[1] as number | undefined;
    if (x !== undefined && before !== 0 && x !== before && walked === 0) walked = step[1];
    before = x ?? 0;
  }
  expect(walked).toBeGreaterThan(0);
  expect(verdict.tick).toBe(walked);
  expect(verdict.difference).toMatchObject({ table: "workers", row: 1, field: "x" });
  expect(verdict.difference && differenceInWords(verdict.difference)).toMatch(
    /^workers\.x of row 1 was \d+ in the recording and is \d+ now$/,
  );
});

test("[REC-5] so is a row that does not come, and a payment that is another", async () => {
  const { path } = await aDay();
  expect(await rerun(path, workshopRoom({ bank: async () => 2 }))).toMatchObject({
    verdict: "differs",
    difference: { table: "books", row: 1, field: "paid", recorded: 7, now: 14 },
  });
});

test("[REC-6] what cannot be run again says why", async () => {
  const unplain = workshopRoom({ admit: () => ({ skill: 1, of: new Map() }) });
  const { path } = await aDay(unplain);
  expect(await rerun(path, unplain)).toEqual({
    verdict: "impossible",
    why: "what `admit` returned for player 1 is no plain data",
  });
  const { recording } = await opened(path);
  const other = { ...workshopRoom(), game: { ...workshopRoom().game, hash: "other" } };
  expect(await verify(recording, other as RoomDefinition, { pause })).toMatchObject({
    verdict: "impossible",
    why: expect.stringContaining("has changed since"),
  });
});

test("[REC-6] a room that is recorded from mid-game on can be watched, and not be run again", async () => {
  const server = await recordingServer([workshopRoom()], "nothing by itself");
  const { room } = await server.connect(workshop, "/workshop", { name: "Ada" });
  await server.ticks(room, 10);
  const core = server.server.matchmaker.rooms.get(room.id);
  if (core === undefined) throw new Error("no room");
  const path = `${server.folder}/late.tickrec`;
  const recording = server.recordings.record(core, path);
  expect(() => server.recordings.record(core, `${server.folder}/again.tickrec`)).toThrow(
    "is being recorded already",
  );
  const began = room.tick;
  room.input({ walk: 5 });
  await server.ticks(room, 20);
  await recording.stop();
  expect(server.ended).toMatchObject([{ file: path, end: "stopped" }]);
  await server.ticks(room, 5);
  await server.files();
  const { recording: late } = await opened(path);
  expect(late.firstTick).toBe(began + 1);
  expect((await late.stateAt(late.lastTick)).rows(0).get(1)?.[0]).toBe("Ada");
  expect(late.header.seats).toEqual([{ player: 1, row: 1 }]);
  expect(await verify(late, workshopRoom(), { pause })).toMatchObject({
    verdict: "impossible",
    why: expect.stringContaining("began in mid-game"),
  });
});

test("[REC-7] a file that was cut off anywhere is read to its last whole block", async () => {
  const { path } = await aDay();
  const whole = await readFile(path);
  const { file } = await opened(path);
  const blocks = await Promise.all(file.blocks.map((_, block) => file.read(block)));
  const left: number[] = [];
  for (let cut = whole.length - 1; cut > 0; cut -= 97) {
    await writeFile(path, whole.subarray(0, cut));
    const rest = await openRecording(path).catch((error: Error) => error.message);
    if (typeof rest === "string") {
      expect(rest).toMatch(cut < 16 ? /no recording/ : /cut off before its header/);
      continue;
    }
    expect(rest.epilogue).toBeUndefined();
    left.push(rest.blocks.length);
    for (let block = 0; block < rest.blocks.length; block++)
      expect(await rest.read(block)).toEqual(blocks[block]);
    await rest.close();
  }
  expect(left[0]).toBe(blocks.length);
  expect(left.at(-1)).toBe(0);
  expect(new Set(left).size).toBe(blocks.length + 1);
});

test("[REC-7] a byte that is another is told with the ticks that it costs", async () => {
  const { path } = await aDay();
  const bytes = await readFile(path);
  const { file } = await opened(path);
  const { firstTick, lastTick } = file.blocks[0] ?? { firstTick: 0, lastTick: 0 };
  bytes[file.storedHeader.length + 16 + 24 + 24 + 100] = (bytes[file.storedHeader.length + 164] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
  const damaged = await openRecording(path);
  await expect(damaged.read(0)).rejects.toThrow(`ticks ${firstTick} to ${lastTick} cannot be read`);
  await damaged.close();
});

test("[REC-8] a recording that hits a bound ends, is told, and is whole up to there; the game goes on", async () => {
  const server = await recordingServer([workshopRoom()], { maxSeconds: 1 });
  const { room } = await server.connect(workshop, "/workshop", { name: "Ada" });
  await server.ticks(room, 60);
  const [path = ""] = await server.files();
  expect(server.ended).toMatchObject([{ end: "max-seconds", ticks: 20 }]);
  const { recording } = await opened(path);
  expect([recording.lastTick, recording.epilogue]).toEqual([20, { end: "max-seconds", ticks: 20 }]);
  expect(room.tick).toBeGreaterThan(60);
});

test("[REC-8] bytes are bounded by whole blocks", async () => {
  const server = await recordingServer([workshopRoom()], { maxBytes: 4_000 });
  const { room } = await server.connect(workshop, "/workshop", { name: "Ada" });
  for (let i = 0; i < 40; i++) {
    room.input({ walk: i % 7, craft: true });
    await server.ticks(room, 20);
    await pause();
  }
  const [path = ""] = await server.files();
  expect(server.ended).toMatchObject([{ end: "max-bytes" }]);
  expect((await readFile(path)).length).toBeLessThan(4_200);
  expect((await opened(path)).recording.epilogue?.end).toBe("max-bytes");
});

test("[REC-8] a folder that cannot be written to ends the recording, and not the game", async () => {
  const server = await recordingServer([workshopRoom()], { folder: "/nowhere/at/all" });
  const { room } = await server.connect(workshop, "/workshop", { name: "Ada" });
  for (let i = 0; i < 20 && server.ended.length === 0; i++) {
    await server.ticks(room, 2);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(server.ended).toMatchObject([{ end: "disk-failed", error: { code: "ENOENT" } }]);
  await server.ticks(room, 5);
  await server.stop();
});

test("[REC-9] no secret of a seat is in a recording, and everything that players wrote is", async () => {
  const server = await recordingServer([workshopRoom()]);
  const { room } = await server.connect(
    workshop,
    "/workshop",
    { name: "Ada Lovelace" },
    { ticket: "a-ticket-of-hers" },
  );
  room.send("shout", { text: "what Ada wrote" });
  await server.ticks(room, 5);
  const { token } = room;
  const [path = ""] = await server.files();
  const { file } = await opened(path);
  const text = Buffer.concat([
    Buffer.from(JSON.stringify(file.header)),
    ...(await Promise.all(file.blocks.map((_, block) => file.read(block)))),
  ]).toString("latin1");
  expect(token).toMatch(/^secret1/);
  expect(text).not.toContain("secret1");
  expect(text).not.toContain("a-ticket-of-hers");
  expect(text).toContain("what Ada wrote");
});

test("[REC-10] events stand in it with whom they were told", async () => {
  const { path } = await aDay();
  const { recording } = await opened(path);
  const told = new Map<number, Set<unknown>>();
  for await (const step of recording.steps())
    if (step[0] === RecordType.tick)
      for (const [audience, where] of (step as TickRecord)[9])
        told.set(audience, (told.get(audience) ?? new Set()).add(where));
  expect([...(told.get(EventAudience.room) ?? [])]).toEqual([null]);
  expect([...(told.get(EventAudience.near) ?? [])][0]).toEqual([expect.any(Number), 500]);
  expect([...(told.get(EventAudience.group) ?? [])]).toContain("blue");
  expect([...(told.get(EventAudience.player) ?? [])]).toContain(1);
});

test("[REC-11] a summary counts what is in a recording", async () => {
  const { path } = await aDay();
  const { recording, file } = await opened(path);
  expect(await summaryOf(recording, file)).toMatchObject({
    game: "workshop",
    from: "room",
    end: "room-closed",
    players: 4,
    mostPlayers: 4,
    messages: 5,
    cutOffBytes: 0,
    startedAt: "2026-01-01T00:00:00.000Z",
  });
});
