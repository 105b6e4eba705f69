import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";

/** A bus subscriber that tells a person at a terminal what matters: rooms, players, and what went wrong. */
export function consoleLog(bus: Bus, write: (line: string) => void = console.log): Release {
  const releases = [
    bus.on("roomCreated", ({ room }) => write(`${room.game}/${room.id} opened`)),
    bus.on("roomClosed", ({ room, reason, ticks }) =>
      write(`${room.game}/${room.id} closed after ${ticks} ticks: ${reason}`),
    ),
    bus.on("tickSlipped", ({ room, tick, skippedMs }) =>
      write(`${room.game}/${room.id} could not keep up: tick ${tick} slipped by ${Math.round(skippedMs)} ms`),
    ),
    bus.on("outOfRange", ({ room, table, field, row, value, bounds }) =>
      write(
        `${room.game}/${room.id}: ${table}.${field} of row ${row} was ${String(value)}, clamped to ${bounds} (told once)`,
      ),
    ),
    bus.on("hookFailed", ({ room, where, error }) => {
      const hook = "name" in where ? `${where.hook} "${where.name}"` : where.hook;
      write(`${room.game}/${room.id}: the game's ${hook} failed: ${detail(error)}`);
    }),
    bus.on("operatorActed", ({ room, address, text }) =>
      write(`${room.game}/${room.id}: ${text} (from ${address})`),
    ),
    bus.on("listenerFailed", ({ event, error }) =>
      write(`a listener of "${event}" failed: ${detail(error)}`),
    ),
    bus.on("transportFailed", ({ where, error }) => write(`an error in ${where}: ${detail(error)}`)),
  ];
  return () => {
    for (const release of releases) release();
  };
}

function detail(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
