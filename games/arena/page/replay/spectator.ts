import type { View } from "tickcast/client";
import type { ArenaSpec, Ship } from "../../arena.ts";
import { type Point, WORLD_SIZE } from "../../world.ts";
import type { Camera } from "../camera.ts";
import type { GameRoom } from "../connection.ts";
import { element } from "../element.ts";

/** How near to a ship a click has to be, in CSS pixels. */
const REACH = 34;
/** A pointer that goes farther than this drags. */
const DRAG = 5;
const NEAREST = 1.8;

type Gaze =
  | { readonly at: "ship"; readonly id: number }
  | { readonly at: "place"; readonly x: number; readonly y: number };

interface Pointer {
  x: number;
  y: number;
  travelled: number;
}

/** Where a spectator looks: with a ship, or wherever they drag the view; from near, or at the whole map. */
export class Spectator {
  readonly #camera: Camera;
  readonly #canvas: HTMLCanvasElement;
  readonly #pointers = new Map<number, Pointer>();
  #room: GameRoom | undefined;
  /** As drawn last: what one clicks on is where one sees it. */
  #ships: readonly Readonly<Ship>[] = [];
  #gaze: Gaze | undefined;
  #zoomBefore = 1;

  constructor(canvas: HTMLCanvasElement, camera: Camera) {
    this.#camera = camera;
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => this.#land(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"] as const)
      canvas.addEventListener(end, (event) => this.#lift(event));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#zoomBy(Math.exp(-event.deltaY * 0.0015), event);
      },
      { passive: false },
    );
    element("leaderboard", HTMLOListElement).addEventListener("click", ({ target }) => {
      const line = target instanceof Element ? target.closest<HTMLElement>("[data-ship]") : null;
      if (line?.dataset.ship !== undefined) this.follow(Number(line.dataset.ship));
    });
    const map = element("minimap", HTMLCanvasElement);
    map.addEventListener("click", ({ offsetX, offsetY }) => {
      const scale = WORLD_SIZE / map.clientWidth;
      this.#gaze = { at: "place", x: offsetX * scale, y: offsetY * scale };
    });
  }

  /** The id of the ship that the view goes with. */
  get watched(): number | undefined {
    return this.#gaze?.at === "ship" ? this.#gaze.id : undefined;
  }

  get watchedShip(): Readonly<Ship> | undefined {
    return this.watched === undefined ? undefined : this.#room?.state.players.get(this.watched);
  }

  get seesAll(): boolean {
    return this.#camera.zoom <= this.#wholeMap * 1.01;
  }

  /** The same gaze, in another stretch of the recording. Whoever is not there in it may be again in the next. */
  enter(room: GameRoom): void {
    this.#room = room;
  }

  follow(id: number): void {
    this.#gaze = { at: "ship", id };
  }

  /** The next ship in the order of the room, or the one before. */
  step(by: 1 | -1): void {
    const ids = [...(this.#room?.state.players ?? [])].map(({ id }) => id).sort((a, b) => a - b);
    if (ids.length === 0) return;
    const at = ids.indexOf(this.watched ?? Number.NaN);
    this.follow(ids[(at + by + ids.length) % ids.length] as number);
  }

  /** The whole map, and back. */
  toggleMap(): void {
    if (this.seesAll) this.#camera.zoom = this.#zoomBefore;
    else {
      this.#zoomBefore = this.#camera.zoom;
      this.#camera.zoom = this.#wholeMap;
    }
  }

  /** Moves the camera for the next picture. */
  look(view: View<ArenaSpec>, seconds: number): void {
    this.#ships = [...view.state.players];
    // Before anybody has chosen: whoever leads, once there is somebody.
    const first = this.#gaze === undefined && this.#room ? leaderOf(this.#room) : undefined;
    if (first !== undefined) this.follow(first);
    const gaze = this.#gaze;
    if (gaze === undefined) return;
    if (gaze.at === "place") {
      this.#camera.moveTo(gaze);
      return;
    }
    const ship = this.#ships.find(({ id }) => id === gaze.id);
    if (ship !== undefined) this.#camera.follow(ship, undefined, seconds);
  }

  get #wholeMap(): number {
    const { width, height, scale, zoom } = this.#camera;
    return Math.min(width, height) / (WORLD_SIZE + 240) / (scale / zoom);
  }

  #zoomBy(factor: number, at: { readonly clientX: number; readonly clientY: number }): void {
    const camera = this.#camera;
    const pointed = camera.toWorld({ x: at.clientX, y: at.clientY });
    const before = camera.zoom;
    camera.zoom = Math.min(Math.max(before * factor, Math.min(this.#wholeMap, 1)), NEAREST);
    const part = 1 - before / camera.zoom;
    // Who goes with a ship keeps it in the middle; else what one points at stays there.
    if (this.#gaze?.at !== "ship")
      this.#gaze = {
        at: "place",
        x: camera.x + (pointed.x - camera.x) * part,
        y: camera.y + (pointed.y - camera.y) * part,
      };
  }

  #land(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, travelled: 0 });
  }

  #drag(event: PointerEvent): void {
    const pointer = this.#pointers.get(event.pointerId);
    if (pointer === undefined) return;
    const [dx, dy] = [event.clientX - pointer.x, event.clientY - pointer.y];
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const before = Math.hypot(pointer.x - other.x, pointer.y - other.y);
      const now = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (before > 0) this.#zoomBy(now / before, event);
    }
    pointer.x = event.clientX;
    pointer.y = event.clientY;
    pointer.travelled += Math.abs(dx) + Math.abs(dy);
    if (pointer.travelled < DRAG || other !== undefined) return;
    this.#canvas.classList.add("dragged");
    const { x, y, scale } = this.#camera;
    this.#gaze = { at: "place", x: x - dx / scale, y: y - dy / scale };
    this.#camera.moveTo(this.#gaze);
  }

  #lift(event: PointerEvent): void {
    const pointer = this.#pointers.get(event.pointerId);
    this.#pointers.delete(event.pointerId);
    if (this.#pointers.size === 0) this.#canvas.classList.remove("dragged");
    if (pointer === undefined || pointer.travelled >= DRAG || event.type === "pointercancel") return;
    const ship = this.#shipAt({ x: event.clientX, y: event.clientY });
    if (ship !== undefined) this.follow(ship);
  }

  #shipAt(point: Point): number | undefined {
    let nearest: number | undefined;
    let distance = REACH;
    for (const ship of this.#ships) {
      const at = this.#camera.toScreen(ship);
      const away = Math.hypot(at.x - point.x, at.y - point.y);
      if (ship.life === "dead" || away >= distance) continue;
      nearest = ship.id;
      distance = away;
    }
    return nearest;
  }
}

function leaderOf(room: GameRoom): number | undefined {
  for (const { place, ship } of room.state.leaders) if (place === 1) return ship?.id;
  return undefined;
}
