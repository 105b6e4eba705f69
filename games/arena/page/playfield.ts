import type { Bullet, Ship } from "../arena.ts";
import type { Shape } from "../view.ts";
import type { Point } from "../world.ts";
import type { Camera } from "./camera.ts";
import type { GameRoom } from "./connection.ts";
import { Cues } from "./cues.ts";
import type { Feed, Words } from "./hud/feed.ts";
import type { Overlay } from "./hud/overlay.ts";
import type { Sound } from "./hud/sound.ts";
import { Hulls } from "./hulls.ts";
import { PICKUP_COLOURS, shipColour } from "./palette.ts";
import { Bubbles } from "./render/bubbles.ts";
import { BulletTrails } from "./render/bullet-trails.ts";
import { Effects } from "./render/effects.ts";
import type { Renderer } from "./render/renderer.ts";

/** What of the page takes part in the game. */
export interface Stage {
  readonly renderer: Renderer;
  readonly camera: Camera;
  readonly feed: Feed;
  readonly overlay: Overlay;
  readonly sound: Sound;
  readonly calm: boolean;
  /** Milliseconds, as the pictures are timed by. */
  readonly now: () => number;
}

/** How far one hears, in units. */
const EARSHOT = 800;

/** One stay in one room: what the room tells becomes picture, sound and words, at the drawn tick. */
export class Playfield {
  readonly room: GameRoom;
  readonly hulls = new Hulls();
  readonly trails: BulletTrails;
  readonly effects: Effects;
  readonly bubbles = new Bubbles();
  readonly #cues = new Cues();
  readonly #stage: Stage;
  /** As the room knows it; a seat that is taken again was another page's. */
  #shape: Shape | undefined;
  #resyncs: number;
  readonly #since: number;

  constructor(room: GameRoom, stage: Stage) {
    this.room = room;
    this.#stage = stage;
    this.#resyncs = room.statistics.resyncs;
    this.#since = room.tick;
    this.effects = new Effects(stage.calm);
    this.trails = new BulletTrails(room, (bullet) => this.#fired(bullet));
    room.onTick(() => {
      this.#resyncs = room.statistics.resyncs;
    });
    for (const gone of ["onLeaveSight", "onRemove"] as const)
      room.state.players[gone](({ id }) => this.hulls.forget(id));
    this.#listen();
  }

  /** Tells the room how the window lies, where that is news: one sees farther along its longer side. */
  turnTo(shape: Shape): void {
    if (shape === this.#shape || this.room.connection.state !== "joined") return;
    this.#shape = shape;
    this.room.send("view", { shape });
  }

  playCues(tick: number): void {
    this.#cues.play(tick);
  }

  #listen(): void {
    const { room } = this;
    const { feed, overlay, sound, renderer } = this.#stage;
    room.onLost((lost) => {
      if (lost.what === "events") feed.notice("You were away for too long to be told all that happened");
      else if (lost.what === "calls") feed.notice("Something that you did just before was undone");
      else feed.notice("Too much waits for the connection: something that you sent is lost");
    });
    room.onRolledBack(() => feed.notice("The server was started again: the last moment was undone"));
    room.on("hit", ({ on, by, damage, shielded }) => {
      if (on === undefined || this.#isCatchingUp) return;
      const [at, mine, own] = [placeOf(on), by?.id === room.me?.id, on.id === room.me?.id];
      this.#cues.at(room.tick, () => this.#hit(at, damage, shielded, mine, own));
    });
    room.on("died", ({ who }) => {
      if (who === undefined || this.#isCatchingUp) return;
      const [at, colour, own] = [placeOf(who), shipColour(who.colour).base, who.id === room.me?.id];
      this.#cues.at(room.tick, () => this.#died(at, colour, own));
    });
    room.on("killed", ({ who, whoColour, by, byColour }) => {
      if (who === room.me?.name) overlay.destroyed(by);
      feed.notice(named(by, byColour), " destroyed ", named(who, whoColour));
    });
    room.on("pickedUp", ({ who, kind }) => {
      if (who === undefined || this.#isCatchingUp) return;
      const [at, own] = [placeOf(who), who.id === room.me?.id];
      this.#cues.at(room.tick, () => {
        this.effects.ring(at, PICKUP_COLOURS[kind], 60);
        sound.play("pickup", own ? 1 : 0.4 * this.#nearness(at));
      });
    });
    room.on("chat", ({ from, name, colour, text }) => {
      feed.say(named(name, colour), text);
      if (from !== undefined) this.bubbles.say(renderer.pen, from.id, text, this.#stage.now());
    });
    room.on("announced", ({ text }) => feed.say("Announcement", text));
    room.on("notice", ({ kind, name, before }) => {
      const crowded = room.state.match.players > 30;
      if (kind === "joined" && name === room.me?.name) return;
      if (kind === "joined" && !crowded) feed.notice(`${name} joined`);
      else if (kind === "left" && !crowded) feed.notice(`${name} left`);
      else if (kind === "renamed") feed.notice(`${before ?? "Somebody"} is now ${name}`);
      else if (kind === "chat-too-fast") feed.notice("Not so fast: your last message was not sent.");
      else if (kind === "round-started" || kind === "round-over") {
        feed.notice(
          kind === "round-started" ? "A new round begins" : name === "" ? "Time is up" : `${name} wins`,
        );
        sound.play("round");
      }
    });
  }

  /** In the tick that brings all that was missed: what happened is told in words, and neither shown nor heard. */
  get #isCatchingUp(): boolean {
    return this.room.statistics.resyncs !== this.#resyncs;
  }

  #fired(bullet: Readonly<Bullet>): void {
    // Of those that fly already when one comes nobody heard the shot.
    if (this.#isCatchingUp || bullet.bornAt < this.#since) return;
    const own = bullet.by?.id === this.room.me?.id;
    const { x, y } = bullet;
    this.#cues.at(bullet.bornAt, () =>
      this.#stage.sound.play("shot", own ? 1 : 0.55 * this.#nearness({ x, y })),
    );
  }

  #hit(at: Point, damage: number, shielded: boolean, mine: boolean, own: boolean): void {
    const colour = shielded ? "#7db5ff" : "#ffd9a0";
    this.effects.sparks(at, colour, own || mine ? 9 : 5, 190);
    if (shielded) this.effects.ring(at, colour, 42);
    if (mine) this.effects.number(at, String(damage), colour);
    if (own && !this.#stage.calm) this.#stage.camera.shake(6);
    if (own || mine) this.#stage.sound.play(own ? "hurt" : "hit");
  }

  #died(at: Point, colour: string, own: boolean): void {
    this.effects.explosion(at, colour);
    if (!this.#stage.calm) this.#stage.camera.shake(own ? 20 : 7 * this.#nearness(at));
    this.#stage.sound.play("boom", own ? 1 : this.#nearness(at));
  }

  #nearness(at: Point): number {
    const { camera } = this.#stage;
    return Math.max(0, 1 - Math.hypot(at.x - camera.x, at.y - camera.y) / EARSHOT);
  }
}

function placeOf({ x, y }: Readonly<Ship>): Point {
  return { x, y };
}

function named(name: string, colour: number): Words {
  return { name, colour: shipColour(colour).light };
}
