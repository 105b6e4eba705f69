import { describe, expect, test } from "vitest";
import { probe, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";

describe("[ROO-50] options that make no sense are refused where the room is defined", () => {
  for (const [options, problem] of [
    [{ maxPlayers: 0 }, "maxPlayers is 0; it must be a whole number of at least 1"],
    [{ maxPlayers: 2.5 }, "maxPlayers is 2.5; it must be a whole number of at least 1"],
    [{ maxPlayers: Number.NaN }, "maxPlayers is NaN; it must be a whole number of at least 1"],
    [{ emptyForMs: -1 }, "emptyForMs is -1; it must be 0 or more"],
    [{ emptyForMs: Number.NaN }, "emptyForMs is NaN; it must be 0 or more"],
    [{ admitWithinMs: 0 }, "admitWithinMs is 0; it must be a finite number above 0"],
    [
      { admitWithinMs: Number.POSITIVE_INFINITY },
      "admitWithinMs is Infinity; it must be a finite number above 0",
    ],
    [{ interest: { cellSize: 0 } }, "interest.cellSize is 0; it must be a finite number above 0"],
    [
      { interest: { cellSize: Number.POSITIVE_INFINITY } },
      "interest.cellSize is Infinity; it must be a finite number above 0",
    ],
    [
      { interest: { cellSize: 10, radius: 0.5 } },
      "interest.radius is 0.5; it must be a whole number of cells from 0 to 100",
    ],
    [
      { interest: { cellSize: 10, radius: 101 } },
      "interest.radius is 101; it must be a whole number of cells from 0 to 100",
    ],
  ] as const)
    test(
      JSON.stringify(options, (_key, value: unknown) => (typeof value === "number" ? `${value}` : value)),
      () => {
        expect(() => defineRoom(probe, { ...quietHandlers, ...options })).toThrow(
          new RangeError(`room of game "probe": ${problem}`),
        );
      },
    );

  test("an empty room may stay for ever", () => {
    const { config } = defineRoom(probe, { ...quietHandlers, emptyForMs: Number.POSITIVE_INFINITY });
    expect(config.emptyForMs).toBe(Number.POSITIVE_INFINITY);
  });
});
