import { describe, expect, test } from "vitest";
import { administer, problemOf } from "../../tests/server-kit/administered.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { BotLauncher } from "../development/bot-launcher.ts";
import { defineRoom } from "../room/define-room.ts";

test("[ADM-11] a room is locked and unlocked", async () => {
  const hosted = await administer([probeRoom]);
  await hosted.join("/probe", probeGame);
  expect((await hosted.act("rooms/r1/lock")).status).toBe(200);
  expect((await hosted.greet("/probe/r1", probeGame)).ended?.name).toBe("room-locked");
  expect(await (await hosted.act("rooms/r1/unlock")).json()).toEqual({
    done: "The operator unlocked the room.",
  });
  expect((await hosted.join("/probe/r1", probeGame)).welcome.room).toBe("r1");
});

describe("[ADM-12] a room is closed with a message", () => {
  test("which everybody is told, after a last tick", async () => {
    const hosted = await administer([probeRoom]);
    const players = [await hosted.join("/probe", probeGame), await hosted.join("/probe", probeGame)];
    await hosted.act("rooms/r1/close", { message: " Back at noon: new maps. " });
    await hosted.ticks(2);
    for (const { ended } of players)
      expect(ended).toEqual({ code: 4503, name: "room-closed", reason: "Back at noon: new maps." });
    expect(hosted.roomIds).toEqual([]);
  });

  test("or without one", async () => {
    const hosted = await administer([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.act("rooms/r1/close");
    await hosted.ticks(2);
    expect(ada.ended?.reason).toBe("The room was closed. Join another room.");
  });

  test("but not with one that no close frame can carry", async () => {
    const hosted = await administer([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    for (const message of ["ä".repeat(62), 5, ["x"]])
      expect(await problemOf(await hosted.act("rooms/r1/close", { message }))).toMatchObject({
        status: 400,
        message: '"message" is text of at most 123 bytes.',
      });
    await hosted.ticks(2);
    expect(ada.ended).toBeUndefined();
  });

  test("those who leave for another reason meanwhile are told that", async () => {
    const hosted = await administer([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.act("rooms/r1/close", { message: "Goodbye." });
    for (const seat of hosted.room().seats) seat.player.close("kicked");
    await hosted.ticks(2);
    expect(ada.ended?.reason).toBe(
      "The game removed the player from the room. Join another room, or ask the host.",
    );
  });
});

test("[ADM-13] a player is kicked, with a message, and nobody else", async () => {
  const hosted = await administer([probeRoom]);
  const ada = await hosted.join("/probe", probeGame);
  const bob = await hosted.join("/probe", probeGame);
  await hosted.act("rooms/r1/kick", { player: bob.welcome.player, message: "Play fair." });
  await hosted.ticks(2);
  expect(bob.ended).toEqual({ code: 4501, name: "kicked", reason: "Play fair." });
  expect(ada.ended).toBeUndefined();
  expect(hosted.room().seats.size).toBe(1);
  for (const player of [99, "1", undefined])
    expect(await problemOf(await hosted.act("rooms/r1/kick", { player }))).toMatchObject({
      status: 404,
      code: "no-such-player",
    });
});

describe("[ADM-14] an announcement", () => {
  test("reaches the game's hook in the next tick", async () => {
    const heard: string[] = [];
    const hosted = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        announce(room, text) {
          heard.push(`${room.tick}: ${text}`);
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.act("rooms/r1/announce", { text: " A restart at noon " });
    expect(heard).toEqual([]);
    const next = hosted.room().tick + 1;
    await hosted.ticks(2);
    expect(heard).toEqual([`${next}: A restart at noon`]);
    for (const text of ["", "  ", "x".repeat(241), 5, undefined])
      expect((await hosted.act("rooms/r1/announce", { text })).status).toBe(400);
  });

  test("is off where the game has no hook, and a hook that throws harms nobody", async () => {
    const quiet = await administer([probeRoom]);
    await quiet.join("/probe", probeGame);
    expect(await quiet.answer("rooms/r1")).toMatchObject({ announces: false });
    expect(await problemOf(await quiet.act("rooms/r1/announce", { text: "hello" }))).toMatchObject({
      status: 409,
      code: "no-announcements",
    });
    const failing = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        announce() {
          throw new Error("no voice");
        },
      }),
    ]);
    const ada = await failing.join("/probe", probeGame);
    expect(await failing.answer("rooms/r1")).toMatchObject({ announces: true });
    await failing.act("rooms/r1/announce", { text: "hello" });
    await failing.ticks(2);
    expect(failing.failedHooks.map(({ where }) => where)).toEqual([{ hook: "announce" }]);
    expect(ada.ended).toBeUndefined();
  });
});

describe("[ADM-15] bots are added", () => {
  test("in development only", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.join("/probe", probeGame);
    expect(await hosted.answer("rooms/r1")).toMatchObject({ bots: false });
    expect(await problemOf(await hosted.act("rooms/r1/bots", { bots: 5 }))).toMatchObject({
      status: 409,
      code: "development-only",
    });
  });

  test("as the launcher allows", async () => {
    // It knows no server yet, so nothing here starts a process.
    const hosted = await administer([probeRoom], {}, { bots: new BotLauncher() });
    await hosted.join("/probe", probeGame);
    expect(await hosted.answer("rooms/r1")).toMatchObject({ bots: true });
    expect((await hosted.act("rooms/r1/bots", { bots: 101 })).status).toBe(400);
    expect((await hosted.act("rooms/r1/bots", { bots: 5 })).status).toBe(503);
  });
});

test("[ADM-16] what an operator did is told on the bus, with the address it came from", async () => {
  const hosted = await administer([probeRoom]);
  const told: unknown[] = [];
  hosted.server.bus.on("operatorActed", (event) => told.push(event));
  await hosted.join("/probe", probeGame);
  await hosted.act("rooms/r1/lock");
  await hosted.act("rooms/r1/kick", { player: 99 });
  await hosted.act("rooms/r1/close", { message: "Goodbye." });
  const room = { id: "r1", game: "probe" };
  const address = "127.0.0.1";
  expect(told).toEqual([
    { room, address, action: "lock", text: "The operator locked the room." },
    { room, address, action: "close", text: "The operator closed the room, saying: Goodbye." },
  ]);
});

describe("[ADM-17] what makes no sense is answered with what is wrong", () => {
  for (const path of [
    "",
    "nothing",
    "overview/x",
    "rooms",
    "rooms/r1/nothing",
    "rooms/r1/rows",
    "rooms/r1/rows/__proto__",
    "rooms/r9",
    "rooms/r9/players",
  ])
    test(`GET ${path || "nothing"}: 404`, async () => {
      const hosted = await administer([probeRoom]);
      await hosted.join("/probe", probeGame);
      expect((await hosted.ask(path)).status).toBe(404);
    });

  test("other methods, unknown actions, unknown rooms and bodies that are no objects", async () => {
    const hosted = await administer([probeRoom]);
    await hosted.join("/probe", probeGame);
    expect((await hosted.ask("overview", { method: "POST" })).headers.get("allow")).toBe("GET, HEAD");
    expect((await hosted.ask("rooms/r1", { method: "DELETE" })).status).toBe(405);
    expect((await hosted.act("rooms/r1/explode")).status).toBe(404);
    expect((await hosted.act("rooms/r9/lock")).status).toBe(404);
    for (const body of ["{", "[]", "null", "5"])
      expect((await hosted.ask("rooms/r1/lock", { method: "POST", body })).status).toBe(400);
    expect(hosted.room().locked).toBe(false);
  });
});
