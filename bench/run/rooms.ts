import type { RunSpec } from "./messages.ts";

/** The id of a run's room, from 0 on. */
export function roomId(index: number): string {
  return `bench-${index + 1}`;
}

/** Where the players of that room connect. Every scenario's game has the scenario's name. */
export function roomPath({ scenario }: Pick<RunSpec, "scenario">, index: number): string {
  return `/${scenario}/${roomId(index)}`;
}

/** Seats of each room, so that all clients of the run find one. */
export function playersPerRoom({ clients, rooms }: Pick<RunSpec, "clients" | "rooms">): number {
  return Math.ceil(clients / rooms);
}
