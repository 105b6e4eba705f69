import type { ClientRoom, View } from "tickcast/client";
import type { ArenaSpec, Ship } from "../../arena.ts";
import { PICKUP_RADIUS } from "../../pickups.ts";
import { type Point, SHIP_RADIUS } from "../../world.ts";
import type { Camera } from "../camera.ts";
import { contextOf, type Pen } from "../element.ts";
import type { Hulls } from "../hulls.ts";
import { SCENE, shipColour } from "../palette.ts";
import type { WatchedStream } from "../stream-watch.ts";
import type { Bubbles } from "./bubbles.ts";
import type { BulletTrails } from "./bullet-trails.ts";
import { drawCellLabels, drawCells } from "./cells.ts";
import type { Effects } from "./effects.ts";
import { drawFloor } from "./floor.ts";
import { drawFog } from "./fog.ts";
import { drawPickup } from "./pickup-sprites.ts";
import { drawPointers } from "./pointers.ts";
import { drawShipLabels, drawShips, type SeenShip } from "./ships.ts";
import { drawWallShadows, drawWalls } from "./walls.ts";

/** What a picture is made of. */
export interface Scene {
  readonly room: ClientRoom<ArenaSpec>;
  readonly hulls: Hulls;
  readonly trails: BulletTrails;
  readonly effects: Effects;
  readonly bubbles: Bubbles;
}

/** The moment that is drawn. */
export interface Moment {
  readonly now: number;
  /** Since the picture before. */
  readonly seconds: number;
  readonly view: View<ArenaSpec>;
  /** Where the visitor's ship is, or fell; undefined for a spectator, who sees everything. */
  readonly place: Point | undefined;
  /** The ship that a spectator's view goes with. */
  readonly watched?: number | undefined;
  /** Where the visitor aims at this instant, ahead of what the room knows. */
  readonly aim: number | undefined;
  /** The streams to show as cells; undefined: none, and no grid. */
  readonly streams: readonly WatchedStream[] | undefined;
}

/** Draws the arena, back to front. */
export class Renderer {
  readonly pen: Pen;
  readonly #camera: Camera;
  readonly #calm: boolean;

  constructor(canvas: HTMLCanvasElement, camera: Camera, calm: boolean) {
    this.pen = contextOf(canvas);
    this.#camera = camera;
    this.#calm = calm;
  }

  /** The map alone, for before one has joined. */
  drawEmpty(): void {
    this.#clear();
    drawFloor(this.pen, this.#camera);
    drawWallShadows(this.pen, this.#camera);
    drawWalls(this.pen, this.#camera);
  }

  draw(scene: Scene, moment: Moment): void {
    const { pen } = this;
    const camera = this.#camera;
    const ships = this.#shipsIn(scene, moment);
    this.#clear();
    drawFloor(pen, camera);
    if (moment.streams !== undefined) drawCells(pen, moment.streams, camera, moment.now);
    drawWallShadows(pen, camera);
    for (const { kind, x, y } of scene.room.state.pickups)
      if (camera.sees(x, y, PICKUP_RADIUS * 2)) drawPickup(pen, kind, x, y, moment.now, this.#calm);
    this.#drawWake(scene, ships, moment);
    drawShips(pen, ships, moment.now);
    scene.trails.draw(pen, camera, moment.view.tick, (at, colour) => this.#drawImpact(scene, at, colour));
    drawWalls(pen, camera);
    scene.effects.draw(pen, camera, moment.seconds);
    camera.enterScreen(pen);
    drawShipLabels(pen, ships, camera);
    scene.bubbles.draw(pen, ships, camera, moment.now);
    this.#drawOverAll(scene, moment, ships.find(({ mine }) => mine)?.ship);
  }

  #drawOverAll({ room }: Scene, { streams, place }: Moment, own: Point | undefined): void {
    const { pen } = this;
    const camera = this.#camera;
    camera.enterWorld(pen);
    if (place !== undefined) drawFog(pen, place, camera);
    camera.enterScreen(pen);
    if (own !== undefined) drawPointers(pen, room, own, camera);
    if (streams !== undefined) drawCellLabels(pen, streams, camera);
  }

  #clear(): void {
    this.#camera.enterScreen(this.pen);
    this.pen.fillStyle = SCENE.outside;
    this.pen.fillRect(0, 0, this.#camera.width, this.#camera.height);
    this.#camera.enterWorld(this.pen);
  }

  #shipsIn({ hulls }: Scene, { view, aim, watched }: Moment): SeenShip[] {
    const seen: SeenShip[] = [];
    hulls.turn(shipsOf(view), view.tick);
    for (const ship of shipsOf(view)) {
      if (ship.life === "dead" || !this.#camera.sees(ship.x, ship.y, SHIP_RADIUS * 4)) continue;
      const mine = ship === view.me;
      const ringed = mine || ship.id === watched;
      seen.push({
        ship,
        mine,
        ringed,
        aim: mine && aim !== undefined ? aim : ship.aim,
        hull: hulls.of(ship),
      });
    }
    return seen;
  }

  /** A breath of exhaust behind whoever moves, a streak behind whoever dashes. */
  #drawWake({ room, effects }: Scene, ships: readonly SeenShip[], { view, seconds }: Moment): void {
    if (this.#calm || seconds === 0 || room.connection.state !== "joined") return;
    for (const { ship, hull } of ships) {
      const dashing = view.tick < ship.dashUntil;
      if (!hull.moving || Math.random() > (dashing ? 0.9 : 0.22)) continue;
      const at = { x: ship.x - Math.cos(hull.heading) * 20, y: ship.y - Math.sin(hull.heading) * 20 };
      effects.sparks(at, shipColour(ship.colour).base, dashing ? 3 : 1, 40);
    }
  }

  #drawImpact({ effects }: Scene, at: Point, colour: string): void {
    if (this.#camera.sees(at.x, at.y, 0)) effects.sparks(at, colour, 5, 150);
  }
}

/** Everybody's ship as the view has it; one's own is `me`, ahead of the others. */
function* shipsOf({ state: { players }, me }: Moment["view"]): Iterable<Readonly<Ship>> {
  for (const ship of players) yield ship.id === me?.id ? me : ship;
}
