import { expect, test } from "vitest";
import { load } from "./contract/kit.contract.ts";
import { pressureOf } from "./pressure.ts";

const node = { maxRooms: 100, maxPlayers: 1_000 };

test("[DIR-10] a node is as busy as its worst measure says", () => {
  expect(pressureOf(load(), node)).toBe(0);
  expect(pressureOf(load({ rooms: 30, players: 100 }), node)).toBe(0.3);
  expect(pressureOf(load({ rooms: 30, players: 500 }), node)).toBe(0.5);
  expect(pressureOf(load({ rooms: 30, eventLoopUse: 0.8 }), node)).toBe(0.8);
  expect(pressureOf(load({ players: 1_000, tickLatenessMs: 60 }), node)).toBeGreaterThan(1);
});
