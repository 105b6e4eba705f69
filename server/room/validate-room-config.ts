import type { InterestOptions } from "./interest.ts";
import type { QueueOptions } from "./match-queue.ts";

/** The options of a room that are numbers. */
interface RoomNumbers {
  readonly maxPlayers?: number;
  readonly emptyForMs?: number;
  readonly admitWithinMs?: number;
  readonly graceMs?: number;
  readonly interest?: InterestOptions;
  readonly queue?: QueueOptions;
}

/** @throws RangeError that names the game, the option, its value and what is allowed */
export function validateRoomConfig(
  game: string,
  {
    emptyForMs = 0,
    admitWithinMs = 1,
    graceMs = 0,
    interest,
    queue,
    maxPlayers = queue?.players ?? 1,
  }: RoomNumbers,
): void {
  const refuse = (name: string, value: number, allowed: string): never => {
    throw new RangeError(`room of game "${game}": ${name} is ${value}; it must be ${allowed}`);
  };
  if (!(Number.isInteger(maxPlayers) && maxPlayers >= 1))
    refuse("maxPlayers", maxPlayers, "a whole number of at least 1");
  if (!(emptyForMs >= 0)) refuse("emptyForMs", emptyForMs, "0 or more");
  if (!(admitWithinMs > 0 && Number.isFinite(admitWithinMs)))
    refuse("admitWithinMs", admitWithinMs, "a finite number above 0");
  if (!(graceMs >= 0 && Number.isFinite(graceMs))) refuse("graceMs", graceMs, "a finite number of 0 or more");
  if (queue !== undefined) validateQueue(queue, maxPlayers, refuse);
  if (interest === undefined) return;
  const { cellSize, radius = 1 } = interest;
  if (!(cellSize > 0 && Number.isFinite(cellSize)))
    refuse("interest.cellSize", cellSize, "a finite number above 0");
  if (!(Number.isInteger(radius) && radius >= 0 && radius <= 100))
    refuse("interest.radius", radius, "a whole number of cells from 0 to 100");
}

function validateQueue(
  { players, withinMs = 1 }: QueueOptions,
  maxPlayers: number,
  refuse: (name: string, value: number, allowed: string) => never,
): void {
  if (!(Number.isInteger(players) && players >= 1 && players <= maxPlayers))
    refuse("queue.players", players, `a whole number from 1 to maxPlayers, which is ${maxPlayers}`);
  if (!(withinMs > 0 && Number.isFinite(withinMs)))
    refuse("queue.withinMs", withinMs, "a finite number above 0");
}
