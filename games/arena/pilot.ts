import type { Shape } from "./view.ts";

/** What the room knows of a player and nobody else needs. */
export interface Pilot {
  /** How their window lies. */
  shape: Shape;
  // Ticks before which something is not allowed again.
  shootsAgainAt: number;
  chatsAgainAt: number;
  renamesAgainAt: number;
}

export function newPilot(): Pilot {
  return { shape: "wide", shootsAgainAt: 0, chatsAgainAt: 0, renamesAgainAt: 0 };
}
