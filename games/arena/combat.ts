import { type Ship, ticks } from "./arena.ts";
import type { Point } from "./world.ts";

export const FULL_HP = 100;
export const FULL_SHIELD = 60;
export const RESPAWN_TICKS = ticks(3);
export const GHOST_TICKS = ticks(2);

export type Blow = "nothing" | "absorbed" | "hurt" | "killed";

/** Whether a ship takes part in the game: those who do not are neither shot nor counted, and find nothing. */
export function isFlying({ life }: Pick<Ship, "life">): boolean {
  return life === "alive" || life === "ghost";
}

/** Whether a ship that flies now did so at an earlier tick, less than {@link GHOST_TICKS} ago, where it was then. */
export function wasFlying({ respawnAt }: Pick<Ship, "respawnAt">, tick: number): boolean {
  return tick >= respawnAt - GHOST_TICKS;
}

/** Takes damage from the shield first, then from the hull. Nobody but the living takes any. */
export function strike(ship: Pick<Ship, "life" | "hp" | "shield">, damage: number): Blow {
  if (ship.life !== "alive") return "nothing";
  const absorbed = Math.min(ship.shield, damage);
  ship.shield -= absorbed;
  ship.hp = Math.max(0, ship.hp - (damage - absorbed));
  if (ship.hp === 0) return "killed";
  return absorbed === damage ? "absorbed" : "hurt";
}

/** The end of a ship for now: it waits, and leaves its finds behind. */
export function fall(ship: Ship, tick: number): void {
  ship.life = "dead";
  ship.hp = 0;
  ship.shield = 0;
  ship.weapon = "single";
  ship.weaponUntil = 0;
  ship.dashUntil = 0;
  ship.deaths += 1;
  ship.respawnAt = tick + RESPAWN_TICKS;
}

/** A fresh ship at a place, untouchable until {@link GHOST_TICKS} have passed or it shoots. */
export function revive(ship: Ship, at: Point, tick: number): void {
  ship.x = at.x;
  ship.y = at.y;
  ship.hp = FULL_HP;
  ship.shield = 0;
  ship.weapon = "single";
  ship.weaponUntil = 0;
  ship.dashUntil = 0;
  shelter(ship, tick);
}

/** Out of the game while the pilot is away, as it is. The dead wait as they did. */
export function leaveAlone(ship: Ship): void {
  if (ship.life !== "dead") ship.life = "away";
}

/** Back in the game where it stood, and untouchable for a moment: its pilot has to look around first. */
export function takeUp(ship: Ship, tick: number): void {
  if (ship.life === "away") shelter(ship, tick);
}

function shelter(ship: Ship, tick: number): void {
  ship.life = "ghost";
  ship.respawnAt = tick + GHOST_TICKS;
}

/** Gives up what has run out: a ghost becomes solid, a found weapon is spent. */
export function expire(ship: Ship, tick: number): void {
  if (ship.life === "ghost" && tick >= ship.respawnAt) ship.life = "alive";
  if (ship.weapon !== "single" && tick >= ship.weaponUntil) ship.weapon = "single";
}
