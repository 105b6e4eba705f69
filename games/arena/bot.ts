import { defineBot } from "tickcast/bots";
import { type ArenaSpec, arena, COLOURS, type Ship, TICKS_PER_SECOND } from "./arena.ts";
import { BULLET_RANGE, BULLET_SPEED } from "./bullets.ts";
import { wants } from "./pickups.ts";
import { inSight, isClear, openDistance, type Point, SHIP_RADIUS, WORLD_SIZE } from "./world.ts";

const NAMES = ["Vega", "Orion", "Lyra", "Rigel", "Mira", "Altair", "Nova", "Cygnus", "Io", "Atlas"];
const REMARKS = [
  "gg",
  "nice shot",
  "ouch",
  "who took the shield?",
  "behind you",
  "one more round",
  "hello there",
];

/** How far a bot sees, and how often (in ticks) it looks around. */
const SIGHT = 900;
const THINK_TICKS = 6;
/** Fights at this distance: nearer it backs off, farther it closes in. */
const FIGHTING_DISTANCE = 320;
/** Directions tried when the way is blocked, relative to the wanted one. */
const DETOURS = [0, 0.6, -0.6, 1.2, -1.2, 1.9, -1.9, Math.PI];

type SeenShip = Readonly<Ship>;
type Aim = { readonly ship: SeenShip; readonly visible: boolean };

interface Mind {
  target: Aim | undefined;
  goal: Point;
  strafe: 1 | -1;
  /** Where the target was a tick ago, to lead the shot. */
  seen: Point | undefined;
  /** Of this moment, in radians; drifts, so that a miss is followed by a correction. */
  error: number;
}

interface Chance {
  random(): number;
}

interface Self extends Chance {
  readonly memory: Mind;
}

/** What a bot reads of the room, whichever kind of client it plays through. */
interface View {
  readonly tick: number;
  readonly me: SeenShip;
  readonly players: Iterable<SeenShip>;
  readonly pickups: Iterable<Readonly<Point & { kind: Parameters<typeof wants>[1] }>>;
}

/** Plays as a middling person does: roams, chases, strafes, shoots a little beside, fetches what lies near. */
export const bot = defineBot<ArenaSpec, Mind>(arena, {
  join: (self) => ({
    name: `${NAMES[self.index % NAMES.length] ?? "Bot"}-${self.index + 1}`,
    colour: Math.floor(self.random() * COLOURS),
    bot: true,
  }),
  memory: (self) => ({
    target: undefined,
    goal: somewhere(self),
    strafe: self.random() < 0.5 ? 1 : -1,
    seen: undefined,
    error: 0,
  }),
  tick(room, self) {
    const { me } = room;
    if (me === undefined) return;
    const { memory } = self;
    if (self.random() < 0.00012) room.send("chat", { text: remark(self) });
    if (me.life === "dead") {
      memory.target = undefined;
      room.input({ move: undefined, fire: false });
      return;
    }
    const view = { tick: room.tick, me, players: room.state.players, pickups: room.state.pickups };
    if ((room.tick + me.id) % THINK_TICKS === 0) think(view, self);
    room.input(act(view, self));
  },
});

function remark(chance: Chance): string {
  return REMARKS[Math.floor(chance.random() * REMARKS.length)] ?? "gg";
}

function think({ me, players, pickups }: View, self: Self): void {
  const { memory } = self;
  const target = nearestOf(me, players, SIGHT, (ship) => ship.id !== me.id && ship.life === "alive");
  if (target?.id !== memory.target?.ship.id) memory.seen = undefined;
  memory.target = target && { ship: target, visible: inSight(me, target) };
  memory.error = (self.random() + self.random() - 1) * 0.22;
  if (self.random() < 0.12) memory.strafe = memory.strafe === 1 ? -1 : 1;

  const find = nearestOf(me, pickups, me.hp < 50 ? SIGHT : 350, ({ kind }) => wants(me, kind));
  if (find !== undefined && inSight(me, find)) memory.goal = find;
  else if (Math.hypot(memory.goal.x - me.x, memory.goal.y - me.y) < 90 || self.random() < 0.03)
    memory.goal = destination(players, self);
}

/** Mostly where somebody is, more often than chance where a person is: a game is no fun without company. */
function destination(players: Iterable<SeenShip>, chance: Chance): Point {
  const all = [...players].filter((ship) => ship.life !== "dead");
  const people = all.filter((ship) => !ship.bot);
  const among = people.length > 0 && chance.random() < 0.15 ? people : all;
  const ship = chance.random() < 0.8 ? among[Math.floor(chance.random() * among.length)] : undefined;
  return ship === undefined ? somewhere(chance) : { x: ship.x, y: ship.y };
}

function act({ me, tick }: View, self: Self) {
  const { memory } = self;
  const { target } = memory;
  if (target === undefined || target.ship.life !== "alive") {
    const way = Math.atan2(memory.goal.y - me.y, memory.goal.x - me.x);
    return { move: passable(me, way), aim: way, fire: false, dash: false };
  }

  const { ship, visible } = target;
  const distance = Math.hypot(ship.x - me.x, ship.y - me.y);
  const towards = Math.atan2(ship.y - me.y, ship.x - me.x);
  const weak = me.hp < 35;
  const fetching = Math.hypot(memory.goal.x - me.x, memory.goal.y - me.y) < 350 && weak;
  const away = weak ? Math.PI * 0.8 : Math.PI * 0.65;
  const bend = visible ? (distance < FIGHTING_DISTANCE ? away : distance > 480 ? 0.4 : Math.PI / 2) : 0;
  const way = fetching
    ? Math.atan2(memory.goal.y - me.y, memory.goal.x - me.x)
    : towards + bend * memory.strafe;
  const move = passable(me, way);
  if (move !== way && tick % THINK_TICKS === 0) memory.strafe = memory.strafe === 1 ? -1 : 1;

  const aim = lead(me, ship, memory.seen) + memory.error;
  memory.seen = { x: ship.x, y: ship.y };
  const fire = visible && distance < BULLET_RANGE * 0.85;
  return { move, aim, fire, dash: visible && distance < 260 && self.random() < 0.03 };
}

/** Where to shoot so that the bullet and the target meet, if the target goes on as it went. */
function lead(me: Point, target: Point, before: Point | undefined): number {
  if (before === undefined) return Math.atan2(target.y - me.y, target.x - me.x);
  const ticks = (Math.hypot(target.x - me.x, target.y - me.y) / BULLET_SPEED) * TICKS_PER_SECOND + 1;
  const x = target.x + (target.x - before.x) * ticks;
  const y = target.y + (target.y - before.y) * ticks;
  return Math.atan2(y - me.y, x - me.x);
}

/** The wanted way, or the detour nearest to it that is open. */
function passable(me: Point, way: number): number {
  const reach = SHIP_RADIUS * 4;
  for (const detour of DETOURS) if (openDistance(me, way + detour, reach) >= reach) return way + detour;
  return way;
}

function somewhere(chance: Chance): Point {
  for (;;) {
    // Twice as likely in the middle as a uniform draw: that is where the others are.
    const x = (chance.random() + chance.random()) * (WORLD_SIZE / 2);
    const y = (chance.random() + chance.random()) * (WORLD_SIZE / 2);
    if (isClear(x, y, SHIP_RADIUS * 2)) return { x, y };
  }
}

function nearestOf<Thing extends Point>(
  from: Point,
  things: Iterable<Thing>,
  reach: number,
  fits: (thing: Thing) => boolean,
): Thing | undefined {
  let nearest: Thing | undefined;
  let least = reach * reach;
  for (const thing of things) {
    const distance = (thing.x - from.x) ** 2 + (thing.y - from.y) ** 2;
    if (distance >= least || !fits(thing)) continue;
    nearest = thing;
    least = distance;
  }
  return nearest;
}
