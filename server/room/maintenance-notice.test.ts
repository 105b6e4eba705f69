import { describe, expect, test } from "vitest";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../../shared/protocol/frames.ts";
import { host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { defineRoom } from "./define-room.ts";

async function played() {
  const hosted = await host([defineRoom(probe, { ...quietHandlers, maxPlayers: 8, graceMs: 20_000 })]);
  const ada = await hosted.join("/probe", probeGame);
  const bob = await hosted.join("/probe", probeGame);
  return { hosted, ada, bob };
}

const noticesTo = (client: RawClient): readonly number[] => client.of("maintenance").map(([, inMs]) => inMs);

/** The types of the frames that came last. */
const lastTypes = ({ frames }: RawClient, count: number) => frames.slice(-count).map(([type]) => type);

const tokenOf = (client: RawClient): string => client.of("welcome")[0]?.[9] ?? "";

describe("[PRO-300] when a server drains every player is told with the next tick", () => {
  test("once, behind the close of that tick, in one frame for all", async () => {
    const { hosted, ada, bob } = await played();
    const sent: string[] = [];
    const { transport } = hosted;
    const publish = transport.publish.bind(transport);
    transport.publish = (topic, frame) => {
      sent.push(topic);
      publish(topic, frame);
    };
    void hosted.server.drain(60_000);
    expect(noticesTo(ada)).toEqual([]);
    sent.length = 0;
    await hosted.ticks(1);
    for (const player of [ada, bob]) {
      expect(noticesTo(player)).toHaveLength(1);
      expect(lastTypes(player, 2)).toEqual([ServerFrame.tickEnd, ServerFrame.maintenance]);
    }
    expect(noticesTo(ada)).toEqual(noticesTo(bob));
    expect(noticesTo(ada)[0]).toBeGreaterThanOrEqual(60_000 - 50);
    expect(noticesTo(ada)[0]).toBeLessThanOrEqual(60_000);
    expect(sent).toHaveLength(2);
    await hosted.ticks(20);
    expect(noticesTo(ada)).toHaveLength(1);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });

  test("nobody where the server stops at once, or does not drain", async () => {
    const { hosted, ada } = await played();
    await hosted.ticks(20);
    await hosted.stop();
    expect(noticesTo(ada)).toEqual([]);
  });
});

describe("[PRO-301] who comes to follow the room meanwhile is told what is left", () => {
  test("who returns, and who takes the seat with a page that was loaded anew", async () => {
    const { hosted, ada, bob } = await played();
    void hosted.server.drain(60_000);
    await hosted.ticks(1);
    for (const player of [ada, bob]) player.socket.cut();
    await hosted.run(10_000);
    const hello = [ClientFrame.hello, PROTOCOL_VERSION, probe.hash, null, null] as const;
    const again = await hosted.connect("/probe/r1");
    again.send([...hello, tokenOf(ada), ada.tick, 1]);
    const anew = await hosted.connect("/probe/r1");
    anew.send([...hello, tokenOf(bob)]);
    await hosted.ticks(3);
    for (const player of [again, anew]) {
      const types = player.frames.map(([type]) => type);
      const [told = 0, ...more] = noticesTo(player);
      expect(more).toEqual([]);
      expect(told).toBeGreaterThan(49_000);
      expect(told).toBeLessThanOrEqual(50_000);
      expect(types.indexOf(ServerFrame.maintenance)).toBe(types.indexOf(ServerFrame.tickEnd) + 1);
    }
    await hosted.stop();
  });

  test("who was on the way in", async () => {
    const { hosted } = await played();
    const eve = await hosted.greet("/probe", probeGame);
    expect(eve.of("welcome")).toEqual([]);
    void hosted.server.drain(60_000);
    await hosted.ticks(2);
    expect([eve.ended, noticesTo(eve).length]).toEqual([undefined, 1]);
    await hosted.stop();
  });

  test("who is paused hears nothing until they are ready", async () => {
    const { hosted, ada, bob } = await played();
    ada.acknowledges = false;
    await hosted.run(2_000);
    const [pause] = ada.of("pause");
    expect(pause).toBeDefined();
    void hosted.server.drain(60_000);
    await hosted.ticks(4);
    expect([noticesTo(ada).length, noticesTo(bob).length]).toEqual([0, 1]);
    ada.send([ClientFrame.ready, pause?.[1]]);
    await hosted.ticks(2);
    expect(noticesTo(ada)).toHaveLength(1);
    await hosted.stop();
  });
});
