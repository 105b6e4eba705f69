import { expect, test } from "vitest";
import { defineGame, ref, table, u8 } from "../../shared/game.ts";
import type { OutOfRangeWarning } from "../../shared/state/committed-state.ts";
import { type EventLayout, gameLayout } from "../../shared/state/game-layout.ts";
import { eventWire } from "./event-wire.ts";

const game = defineGame({
  name: "wire",
  tickRate: 20,
  state: { things: table({ hp: u8 }) },
  events: { hit: { on: ref("things"), damage: u8 } },
});
const noWarning = (): void => expect.fail("nothing was out of range");
const hit = gameLayout(game.description).events[0] as EventLayout;

test("[ROO-32] an event names the rows that it may, and of any other none: its id may be another's by now", () => {
  const on = { id: 7 };
  expect(eventWire(hit, { on, damage: 3 }, () => true, noWarning)).toEqual([7, 3]);
  expect(eventWire(hit, { on, damage: 3 }, () => false, noWarning)).toEqual([0, 3]);
});

test("[STA-3] a value of an event out of range is clamped, and told by the event's name", () => {
  const warnings: OutOfRangeWarning[] = [];
  const wire = eventWire(
    hit,
    { on: undefined, damage: 300 },
    () => true,
    (warning) => warnings.push(warning),
  );
  expect(wire).toEqual([0, 255]);
  expect(warnings).toEqual([{ table: "event hit", field: "damage", row: 0, value: 300, bounds: "0 to 255" }]);
});
