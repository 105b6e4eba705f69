import type { RunSpec } from "./messages.ts";

/** The id of a run's room, from 0 on. */
export function roomId(index: number): string {
  return `bench-${index + 1}`;
}

/** Which room a client plays in: neighbours sit in different ones, so that all fill alike. */
export function roomOfClient({ rooms }: Pick<RunSpec, "rooms">, client: number): number {
  return client % rooms;
}

/** The room that an address names, from 0 on; −1 for none. */
export function roomAt(path: string): number {
  return Number(/\/bench-(\d+)$/.exec(path)?.[1] ?? 0) - 1;
}

/** Where the players of that room connect. Every scenario's game has the scenario's name. */
export function roomPath({ scenario }: Pick<RunSpec, "scenario">, index: number): string {
  return `/${scenario}/${roomId(index)}`;
}

/** Seats of each room, so that all clients of the run find one. */
export function playersPerRoom({ clients, rooms }: Pick<RunSpec, "clients" | "rooms">): number {
  return Math.ceil(clients / rooms);
}
