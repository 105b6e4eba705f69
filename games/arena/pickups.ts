import { type PickupKind, type Ship, ticks } from "./arena.ts";
import { FULL_HP, FULL_SHIELD } from "./combat.ts";
import { type Point, WORLD_SIZE } from "./world.ts";

export const PICKUP_RADIUS = 18;
export const HEALTH_GIVEN = 50;
export const WEAPON_TICKS = ticks(10);
/** A pad that was emptied is filled again after this. */
export const RESTOCK_TICKS = ticks(12);

/** A place where pickups of one kind appear. */
export interface Pad extends Point {
  readonly kind: PickupKind;
}

/** Relative to the centre; each comes four times, turned, with the next kind each time. */
const QUARTER: readonly (readonly [x: number, y: number])[] = [
  [330, 330],
  [480, 120],
  [700, 420],
  [860, 1240],
  [1080, 760],
  [1420, 1420],
  [1480, 200],
  [1800, 720],
];

const KINDS: readonly PickupKind[] = ["health", "rapid", "shield", "spread"];

function layPads(): readonly Pad[] {
  const pads: Pad[] = [];
  QUARTER.forEach(([x, y], place) => {
    let [dx, dy] = [x, y];
    for (let turn = 0; turn < 4; turn++) {
      const kind = KINDS[(place + turn) % KINDS.length] ?? "health";
      pads.push({ x: WORLD_SIZE / 2 + dx, y: WORLD_SIZE / 2 + dy, kind });
      [dx, dy] = [-dy, dx];
    }
  });
  return pads;
}

export const PADS: readonly Pad[] = layPads();

/** Whether the ship could use it: nobody takes a repair that they do not need from someone who does. */
export function wants(ship: Readonly<Pick<Ship, "hp" | "shield">>, kind: PickupKind): boolean {
  if (kind === "health") return ship.hp < FULL_HP;
  if (kind === "shield") return ship.shield < FULL_SHIELD;
  return true;
}

export function give(
  ship: Pick<Ship, "hp" | "shield" | "weapon" | "weaponUntil">,
  kind: PickupKind,
  tick: number,
): void {
  switch (kind) {
    case "health":
      ship.hp = Math.min(FULL_HP, ship.hp + HEALTH_GIVEN);
      return;
    case "shield":
      ship.shield = FULL_SHIELD;
      return;
    case "rapid":
    case "spread":
      ship.weapon = kind;
      ship.weaponUntil = tick + WEAPON_TICKS;
  }
}
