import type { Ship } from "../arena.ts";

/** How a ship is drawn at a moment. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly aim: number;
  /** Where the hull points: the way it went last. */
  readonly heading: number;
  readonly moving: boolean;
  readonly life: Ship["life"];
}

interface Sample extends Pose {
  readonly tick: number;
}

const SAMPLES = 6;
/** Farther than any ship goes in a tick, dashing included: it appeared elsewhere. */
const JUMP = 120;
/** How far a hull turns in a tick, in radians. */
const TURN = 1.1;

/** Remembers the last ticks of every ship and tells where it is between two of them. */
export class Motion {
  readonly #tracks = new Map<number, Sample[]>();

  record(ships: Iterable<Readonly<Ship>>, tick: number): void {
    for (const ship of ships) {
      const track = this.#tracks.get(ship.id) ?? [];
      this.#tracks.set(ship.id, track);
      track.push(sampleOf(ship, track.at(-1), tick));
      if (track.length > SAMPLES) track.shift();
    }
    for (const [id, track] of this.#tracks)
      if ((track.at(-1)?.tick ?? 0) < tick - 40) this.#tracks.delete(id);
  }

  forget(id: number): void {
    this.#tracks.delete(id);
  }

  poseOf(id: number, tick: number): Pose | undefined {
    const track = this.#tracks.get(id);
    const newest = track?.at(-1);
    if (track === undefined || newest === undefined) return undefined;
    for (let index = track.length - 1; index > 0; index--) {
      const from = track[index - 1];
      const to = track[index];
      if (from === undefined || to === undefined || from.tick > tick) continue;
      return tick >= to.tick ? to : between(from, to, (tick - from.tick) / (to.tick - from.tick));
    }
    return track[0];
  }
}

function sampleOf(ship: Readonly<Ship>, last: Sample | undefined, tick: number): Sample {
  const { x, y, aim, life } = ship;
  if (last === undefined) return { tick, x, y, aim, heading: aim, moving: false, life };
  const dx = x - last.x;
  const dy = y - last.y;
  const distance = Math.hypot(dx, dy);
  const moving = distance > 1 && distance < JUMP;
  const heading = moving ? turned(last.heading, Math.atan2(dy, dx), TURN) : last.heading;
  return { tick, x, y, aim, heading, moving, life };
}

function between(from: Sample, to: Sample, part: number): Pose {
  if (Math.hypot(to.x - from.x, to.y - from.y) > JUMP) return part < 0.5 ? from : to;
  return {
    x: from.x + (to.x - from.x) * part,
    y: from.y + (to.y - from.y) * part,
    aim: from.aim + shortWay(from.aim, to.aim) * part,
    heading: from.heading + shortWay(from.heading, to.heading) * part,
    moving: to.moving,
    life: from.life,
  };
}

/** From one direction to another, the shorter way around. */
export function shortWay(from: number, to: number): number {
  const turn = (to - from) % (2 * Math.PI);
  if (turn > Math.PI) return turn - 2 * Math.PI;
  return turn < -Math.PI ? turn + 2 * Math.PI : turn;
}

function turned(from: number, to: number, most: number): number {
  return from + Math.min(Math.max(shortWay(from, to), -most), most);
}
