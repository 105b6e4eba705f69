import { ticks } from "./arena.ts";
import { type Chance, lead, nearestOf, passable, somewhere, towards, type View } from "./bot-senses.ts";
import { BULLET_RANGE } from "./bullets.ts";
import { HOT_SPOTS, hotSpot } from "./hot-spots.ts";
import { inSight, type Point, WORLD_SIZE } from "./world.ts";

/** One of thousands decides so often, in ticks: its input changes five times a second at most. */
export const DECIDE_TICKS = ticks(0.2);
/** How far from a hot spot its crowd goes around. */
const SPREAD = 420;
/** The part of the goals that are at the hot spot; the others are anywhere. */
const GATHERING = 0.65;
const ARRIVED = 90;

/** What one of a crowd keeps in mind. */
export interface Wander {
  /** The crowd that it belongs to. */
  readonly spot: number;
  goal: Point | undefined;
  seen: { readonly ship: number; readonly x: number; readonly y: number } | undefined;
}

export function newWander(chance: Chance): Wander {
  return { spot: Math.floor(chance.random() * HOT_SPOTS), goal: undefined, seen: undefined };
}

/**
 * The input of one of a crowd: strolls about where the crowd gathers and shoots at whoever comes near. It costs
 * a look at those in sight every few ticks, and nothing (`undefined`: as before) in between.
 */
export function wander(view: View, mind: Wander, chance: Chance) {
  const { me, tick, players } = view;
  if ((tick + me.id) % DECIDE_TICKS !== 0) return undefined;
  if (
    mind.goal === undefined ||
    Math.hypot(mind.goal.x - me.x, mind.goal.y - me.y) < ARRIVED ||
    chance.random() < 0.01
  )
    mind.goal = nextGoal(mind.spot, tick, chance);
  const way = towards(me, mind.goal);
  const target = nearestOf(
    me,
    players,
    BULLET_RANGE * 0.8,
    ({ id, life }) => id !== me.id && life === "alive",
  );
  const visible = target !== undefined && inSight(me, target);
  if (!visible) {
    mind.seen = undefined;
    return { move: passable(me, way), aim: way, fire: false };
  }
  const before = mind.seen?.ship === target.id ? mind.seen : undefined;
  mind.seen = { ship: target.id, x: target.x, y: target.y };
  const error = (chance.random() + chance.random() - 1) * 0.3;
  const fire = chance.random() < 0.6;
  return { move: passable(me, way), aim: lead(me, target, before, DECIDE_TICKS) + error, fire };
}

function nextGoal(spot: number, tick: number, chance: Chance): Point {
  if (chance.random() >= GATHERING) return somewhere(chance);
  const { x, y } = hotSpot(spot, tick);
  return { x: inside(x + offset(chance)), y: inside(y + offset(chance)) };
}

/** Denser towards the middle. */
function offset(chance: Chance): number {
  return (chance.random() + chance.random() - 1) * SPREAD;
}

function inside(coordinate: number): number {
  return Math.min(Math.max(coordinate, ARRIVED), WORLD_SIZE - ARRIVED);
}
