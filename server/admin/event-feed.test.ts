import { describe, expect, test } from "vitest";
import { administer } from "../../tests/server-kit/administered.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../room/define-room.ts";
import type { EventsAnswer } from "./answers.ts";

describe("[ADM-8] the feed", () => {
  test("tells in sentences what happened, from before anybody looked", async () => {
    const hosted = await administer([
      defineRoom(probe, {
        ...quietHandlers,
        tick(room) {
          if (room.tick === 5) throw new Error("out of cheese");
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.ticks(10);
    const { events } = await hosted.answer<EventsAnswer>("events");
    expect(events.map(({ name, level, text, tick }) => ({ name, level, text, tick }))).toEqual([
      { name: "roomCreated", level: "info", text: "The room opened.", tick: 0 },
      { name: "playerJoined", level: "info", text: "Player 1 joined.", tick: 1 },
      { name: "hookFailed", level: "error", text: "The game's tick failed: out of cheese", tick: 5 },
      { name: "playerLeft", level: "info", text: "Player 1 left: room-failed.", tick: 5 },
      { name: "roomClosed", level: "error", text: "The room closed after 5 ticks: room-failed.", tick: 5 },
    ]);
    expect(events[2]?.detail).toContain("out of cheese\n    at ");
    expect(events.map(({ room }) => room)).toEqual(events.map(() => ({ id: "r1", game: "probe" })));
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    const later = await hosted.answer<EventsAnswer>("events?since=3");
    expect(later.events).toEqual(events.slice(3));
  });

  test("tells why players fell behind, went away and came back, and of ends that are no usual ones", async () => {
    const hosted = await administer([defineRoom(probe, quietHandlers)]);
    const slow = await hosted.join("/probe", probeGame);
    const rude = await hosted.join("/probe", probeGame);
    slow.acknowledges = false;
    await hosted.ticks(30);
    rude.socket.send(new Uint8Array([0xc1]));
    slow.socket.cut();
    await hosted.ticks(2);
    const { events } = await hosted.answer<EventsAnswer>("events?since=3");
    const texts = events.map(({ level, text }) => `${level}: ${text}`);
    expect(texts).toContain("warning: Player 1 fell behind: unacknowledged.");
    expect(texts).toContain("info: Player 1 is away: connection-lost.");
    expect(texts).toContainEqual(
      expect.stringMatching(/^warning: A connection from \S+ ended: bad-frame \(4702\)\.$/),
    );
    expect(texts.filter((text) => text.includes("ended")).length).toBe(1);
  });

  test("is bounded, and a storm of joins does not wash an error away", async () => {
    const hosted = await administer([probeRoom]);
    const room = { id: "r1", game: "probe" };
    const { bus } = hosted.server;
    bus.emit("hookFailed", { room, where: { hook: "join" }, error: new Error("the first") });
    for (let player = 1; player <= 5_000; player++) bus.emit("playerJoined", { room, player });
    const { events } = await hosted.answer<EventsAnswer>("events");
    expect(events.length).toBeLessThanOrEqual(1 + 800);
    expect(events[0]?.text).toContain("the first");
    expect(events.at(-1)?.text).toBe("Player 5000 joined.");
    for (let i = 0; i < 1_000; i++)
      bus.emit("hookFailed", { room, where: { hook: "join" }, error: "no Error" });
    expect((await hosted.answer<EventsAnswer>("events")).events.length).toBeLessThanOrEqual(400 + 800);
  });
});
