import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { probeGame } from "../../tests/server-kit/probe-game.ts";
import { Bus } from "../bus.ts";
import { OverrunPolicy } from "./overrun-policy.ts";

const room = { id: "r1", game: "probe" };

/** A room of 20 Hz whose ticks cost what the test says, and who is told. */
function watching(onOverrun: "close" | "report") {
  const clock = new ManualClock();
  const bus = new Bus();
  const told: string[] = [];
  const policy = new OverrunPolicy({
    bus,
    clock,
    limits: { maxOverrunMs: 1_000, onOverrun },
    room: (id) => (id === room.id ? { game: probeGame, close: (reason) => told.push(reason) } : undefined),
  });
  bus.on("roomOverran", ({ tickMs, periodMs }) => told.push(`${tickMs} of ${periodMs} ms`));
  let tick = 0;
  const ticks = (count: number, tickMs: number, id = room.id): void => {
    for (let n = 0; n < count; n++) {
      clock.advance(Math.max(50, tickMs));
      const cost = { stepMs: tickMs / 2, commitMs: tickMs / 4, publishMs: tickMs / 4 };
      const sent = { frames: 1, bytes: 1, keyframes: 0 };
      tick += 1;
      bus.emit("tickDone", {
        room: { id, game: "probe" },
        tick,
        players: 1,
        latenessMs: 0,
        ...cost,
        ...sent,
      });
    }
  };
  return { bus, told, ticks, policy };
}

test("[LIM-22] every tick for so long: the bus is told, and the room closed", () => {
  const { told, ticks } = watching("close");
  ticks(10, 100);
  expect(told).toEqual([]);
  ticks(1, 100);
  expect(told).toEqual(["100 of 50 ms", "room-overloaded"]);
});

test("[LIM-22] or only told, once in that time", () => {
  const { told, ticks } = watching("report");
  ticks(32, 100);
  expect(told).toEqual(["100 of 50 ms", "100 of 50 ms"]);
});

test("[LIM-22] a tick of just its period is in time, and one in time lets it start anew", () => {
  const { told, ticks } = watching("close");
  ticks(100, 50);
  for (let n = 0; n < 10; n++) {
    ticks(10, 100);
    ticks(1, 50);
  }
  expect(told).toEqual([]);
});

test("[LIM-22] rooms do not count for each other, and a room that closed is forgotten", () => {
  const { bus, told, ticks } = watching("close");
  ticks(100, 100, "another");
  ticks(10, 100);
  bus.emit("roomClosed", { room, reason: "room-closed", ticks: 10 });
  ticks(10, 100);
  expect(told).toEqual([]);
});

test("[LIM-22] released, it says nothing", () => {
  const { told, ticks, policy } = watching("close");
  policy.release();
  ticks(100, 100);
  expect(told).toEqual([]);
});
