import { describe, expect, test } from "vitest";
import { host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";

describe("[ROO-33] inputs", () => {
  test("a press acts in the one tick that it names, and the frame of that tick shows it", async () => {
    const hosted = await host([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    ada.input(4, 3, true);
    await hosted.ticks(6);
    const SHOTS = 0b0100 * 2;
    const shotIn = ada.of("tickEnd").flatMap(([, tick, , rows = []]) => {
      const row = rows[1] as readonly number[] | undefined;
      const [, header = 0] = row ?? [];
      return tick > ada.welcome.tick && (header & SHOTS) !== 0 ? [tick] : [];
    });
    expect(shotIn).toEqual([4]);
    expect(
      ada
        .of("tickEnd")
        .find(([, tick]) => tick === 4)?.[3]
        ?.slice(0, 2),
    ).toEqual([0, [1, 0b0110 * 2, 3, 1]]);
    expect(ada.late).toEqual([]);
  });

  test("presses of two samples in one batch are two shots, in their own ticks", async () => {
    const hosted = await host([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    ada.input(3, 0, true);
    ada.input(4, 0, true);
    ada.input(4, 0, true);
    await hosted.ticks(8);
    expect(hosted.room().state.find("players", 1)?.shots).toBe(2);
  });

  test("one that missed its tick acts in the next; its player alone is told, and the bus", async () => {
    const hosted = await host([probeRoom]);
    const told: unknown[] = [];
    hosted.server.bus.on("inputLate", (event) => told.push(event));
    const ada = await hosted.join("/probe", probeGame);
    const bob = await hosted.join("/probe", probeGame);
    await hosted.ticks(3);
    ada.input(4, 0, true);
    await hosted.ticks(2);
    expect(ada.late).toEqual([[4, 6]]);
    expect(bob.late).toEqual([]);
    expect(told).toEqual([{ room: { id: "r1", game: "probe" }, player: 1, inputTick: 4, appliedTick: 6 }]);
    expect(hosted.room().state.find("players", 1)?.shots).toBe(1);
  });

  test("a game may drop late presses", async () => {
    const shots: boolean[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        latePresses: "drop",
        tick: (room) => {
          for (const player of room.players) shots.push(player.input.fire);
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(2);
    ada.input(2, 0, true);
    await hosted.ticks(2);
    expect(shots).not.toContain(true);
    expect(ada.late).toEqual([[2, 4]]);
  });

  test("250 ms without any are neutral", async () => {
    const hosted = await host([probeRoom]);
    const ada = await hosted.join("/probe", probeGame);
    ada.input(2, 1, false);
    await hosted.ticks(20);
    expect(hosted.room().state.find("players", 1)?.x).toBe(5);
  });
});
