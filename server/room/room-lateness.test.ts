import { describe, expect, test } from "vitest";
import { type Hosted, host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers, SAID } from "../../tests/server-kit/probe-game.ts";
import { TickWitness } from "../../tests/server-kit/tick-witness.ts";
import { defineRoom } from "./define-room.ts";

describe("[ROO-34] a room that runs late", () => {
  /** A room whose tick 5 takes as long as the test says. */
  async function blocking(ms: number) {
    let hosted: Hosted | undefined;
    hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick(room) {
          room.state.match.round = room.tick;
          for (const player of room.players) if (player.input.fire) player.row.shots += 1;
          if (room.tick === 5) hosted?.clock.block(ms);
          if (room.tick === 7) room.broadcast("said", { by: undefined, text: "seven" });
        },
      }),
    ]);
    const slips: unknown[] = [];
    hosted.server.bus.on("tickSlipped", (event) => slips.push(event));
    const ada = await hosted.join("/probe", probeGame);
    const witness = TickWitness.watch(ada, probeGame);
    ada.input(6, 0, true);
    ada.input(7, 0, true);
    await hosted.run(5 * 50 + ms);
    await hosted.ticks(5);
    return { hosted, ada, witness, slips, ends: ada.of("tickEnd") };
  }

  test("catches up, sends the last tick alone, and that spans those it left out", async () => {
    const { hosted, witness, slips, ends, ada } = await blocking(3 * 50);
    expect(ends.slice(0, 7).map(([, tick, base]) => [tick, base])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [8, 5],
      [9, 8],
    ]);
    expect(witness.faults).toEqual([]);
    expect(slips).toEqual([]);
    // What happened in ticks that were not sent is in the one that was.
    expect(ada.events).toEqual([{ tick: 8, event: SAID, values: [0, "seven"] }]);
    expect(hosted.room().state.find("players", 1)?.shots).toBe(2);
    expect(witness.hash).toBe(hosted.room().state.hash());
  });

  test("beyond five ticks slips: the frame and the bus say from which tick, and no tick is left out", async () => {
    const { hosted, witness, slips, ends } = await blocking(10 * 50);
    const told = ends.flatMap(([, tick, , , , , slip]) => (slip == null ? [] : [[tick, slip[0]]]));
    expect(told).toEqual([[6, 6]]);
    expect(slips).toEqual([
      { room: { id: "r1", game: "probe" }, tick: 6, skippedMs: expect.closeTo(9 * 50, 6) as number },
    ]);
    expect(ends.map(([, tick]) => tick)).toEqual(ends.map((_, i) => i + 1));
    expect(witness.faults).toEqual([]);
    expect(hosted.faults).toEqual([]);
  });

  test("the new epoch holds from the slip on, for those who come later, too", async () => {
    const { hosted, ada, ends } = await blocking(10 * 50);
    const slip = ends.find(([, , , , , , part]) => part !== undefined && part !== null)?.[6];
    const bob = await hosted.join("/probe", probeGame);
    expect(bob.welcome.epoch).toBeCloseTo(slip?.[1] ?? 0, 6);
    expect(bob.welcome.epoch - ada.welcome.epoch).toBeCloseTo(9 * 50, 6);
  });

  test("one that is closed while it catches up closes in that tick, and sends it", async () => {
    let hosted: Hosted | undefined;
    hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: (room) => {
          if (room.tick === 3) hosted?.clock.block(200);
          if (room.tick === 4) room.close();
        },
      }),
    ]);
    const closed: unknown[] = [];
    hosted.server.bus.on("roomClosed", (event) => closed.push(event));
    const ada = await hosted.join("/probe", probeGame);
    await hosted.run(500);
    expect(closed).toMatchObject([{ reason: "room-closed", ticks: 4 }]);
    expect(ada.tick).toBe(4);
    expect(ada.ended?.name).toBe("room-closed");
  });

  test("one who joins while it catches up is welcomed in the tick that is sent", async () => {
    let hosted: Hosted | undefined;
    hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: (room) => {
          if (room.tick === 3) hosted?.clock.block(200);
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(1);
    const bob = await hosted.connect("/probe");
    hosted.clock.after(60, () => bob.hello(probeGame));
    await hosted.ticks(12);
    const first = bob.of("tickEnd")[0]?.[1];
    expect(bob.welcome.tick).toBe(first);
    expect(ada.of("tickEnd").map(([, tick]) => tick)).toContain(first);
    expect(TickWitness.watch(bob, probeGame).faults).toEqual([]);
  });
});
