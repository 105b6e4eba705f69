import {
  type Chance,
  lead,
  nearestOf,
  passable,
  type SeenShip,
  somewhere,
  towards,
  type View,
  whereSomebodyIs,
} from "./bot-senses.ts";
import { BULLET_RANGE } from "./bullets.ts";
import { isFlying } from "./combat.ts";
import { wants } from "./pickups.ts";
import { inSight, type Point } from "./world.ts";

/** How far a bot looks, and how often (in ticks) it looks around. */
const SIGHT = 620;
const THINK_TICKS = 6;
/** Fights at this distance: nearer it backs off, farther it closes in. */
const FIGHTING_DISTANCE = 250;
const CLOSING_DISTANCE = 380;
const DASH_DISTANCE = 220;

type Aim = { readonly ship: SeenShip; readonly visible: boolean };

/** What a fighter keeps in mind. */
export interface Fight {
  target: Aim | undefined;
  goal: Point;
  strafe: 1 | -1;
  /** Where the target was a tick ago, to lead the shot. */
  seen: Point | undefined;
  /** Of this moment, in radians; drifts, so that a miss is followed by a correction. */
  error: number;
}

export function newFight(chance: Chance): Fight {
  return {
    target: undefined,
    goal: somewhere(chance),
    strafe: chance.random() < 0.5 ? 1 : -1,
    seen: undefined,
    error: 0,
  };
}

/** A middling person's input: roams, chases, strafes, shoots a little beside, fetches what lies near. */
export function fight(view: View, mind: Fight, chance: Chance) {
  if ((view.tick + view.me.id) % THINK_TICKS === 0) think(view, mind, chance);
  return act(view, mind, chance);
}

function think({ me, players, pickups, radar }: View, mind: Fight, chance: Chance): void {
  const target = nearestOf(me, players, SIGHT, (ship) => ship.id !== me.id && ship.life === "alive");
  if (target?.id !== mind.target?.ship.id) mind.seen = undefined;
  mind.target = target && { ship: target, visible: inSight(me, target) };
  mind.error = (chance.random() + chance.random() - 1) * 0.22;
  if (chance.random() < 0.12) mind.strafe = mind.strafe === 1 ? -1 : 1;

  const find = nearestOf(me, pickups, me.hp < 50 ? SIGHT : 350, ({ kind }) => wants(me, kind));
  if (find !== undefined && inSight(me, find)) mind.goal = find;
  else if (Math.hypot(mind.goal.x - me.x, mind.goal.y - me.y) < 90 || chance.random() < 0.03)
    mind.goal = destination(players, radar, chance);
}

/** Mostly where somebody is, more often than chance where a person is: a game is no fun without company. */
function destination(players: Iterable<SeenShip>, radar: Uint8Array, chance: Chance): Point {
  if (chance.random() < 0.15)
    for (const ship of players) if (!ship.bot && isFlying(ship)) return { x: ship.x, y: ship.y };
  return (chance.random() < 0.8 ? whereSomebodyIs(radar, chance) : undefined) ?? somewhere(chance);
}

function act({ me, tick }: View, mind: Fight, chance: Chance) {
  const { target } = mind;
  if (target === undefined || target.ship.life !== "alive") {
    const way = towards(me, mind.goal);
    return { move: passable(me, way), aim: way, fire: false, dash: false };
  }

  const { ship, visible } = target;
  const distance = Math.hypot(ship.x - me.x, ship.y - me.y);
  const weak = me.hp < 35;
  const fetching = Math.hypot(mind.goal.x - me.x, mind.goal.y - me.y) < 350 && weak;
  const away = weak ? Math.PI * 0.8 : Math.PI * 0.65;
  const bend = visible
    ? distance < FIGHTING_DISTANCE
      ? away
      : distance > CLOSING_DISTANCE
        ? 0.4
        : Math.PI / 2
    : 0;
  const way = fetching ? towards(me, mind.goal) : towards(me, ship) + bend * mind.strafe;
  const move = passable(me, way);
  if (move !== way && tick % THINK_TICKS === 0) mind.strafe = mind.strafe === 1 ? -1 : 1;

  const aim = lead(me, ship, mind.seen, 1) + mind.error;
  mind.seen = { x: ship.x, y: ship.y };
  const fire = visible && distance < BULLET_RANGE * 0.85;
  return { move, aim, fire, dash: visible && distance < DASH_DISTANCE && chance.random() < 0.03 };
}
