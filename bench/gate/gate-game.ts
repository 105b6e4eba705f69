import { defineRoom } from "../../server/room/define-room.ts";
import {
  angle,
  defineGame,
  fixed,
  held,
  oneOf,
  pressed,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";

const WIDTH = 2000;
const SPEED = 100;
const SHOT_SPEED = 300;
const SHOT_TICKS = 12;
export const GATE_HZ = 20;

/** Everything that costs: cells, a field of the owner's own, rows that come and go, events near and for all. */
export const gateGame = defineGame({
  name: "gate",
  tickRate: GATE_HZ,
  state: {
    walkers: table(
      {
        name: text(16),
        x: fixed(0, WIDTH, 0.1),
        y: fixed(0, WIDTH, 0.1),
        heading: angle(),
        hp: u8,
        coins: visibleTo("owner", u16),
      },
      { owner: "player", position: ["x", "y"] },
    ),
    shots: table(
      { x: fixed(0, WIDTH, 0.1), y: fixed(0, WIDTH, 0.1), by: ref("walkers") },
      { position: ["x", "y"] },
    ),
    match: record({ phase: oneOf("play", "rest"), shots: u16 }),
  },
  input: { walk: held(angle()), fire: pressed() },
  events: { fired: { by: ref("walkers") }, turn: { number: u16 } },
});

interface Flying {
  readonly vx: number;
  readonly vy: number;
  ticksLeft: number;
}

/** A seeded game in which much goes on in every tick: what it sends follows from its seed and its inputs. */
export const gateRoom = defineRoom(gateGame, {
  maxPlayers: 100,
  emptyForMs: 60_000,
  interest: { cellSize: 250, radius: 1 },
  data: () => new Map<number, Flying>(),
  join(room, { row, id }) {
    row.name = `walker ${id}`;
    row.x = room.random() * WIDTH;
    row.y = room.random() * WIDTH;
    row.hp = 100;
  },
  tick(room, dt) {
    const { match, shots } = room.state;
    for (const { row, input } of room.players) {
      row.heading = input.walk;
      row.x = (row.x + WIDTH + Math.cos(input.walk) * SPEED * dt) % WIDTH;
      row.y = (row.y + WIDTH + Math.sin(input.walk) * SPEED * dt) % WIDTH;
      if (room.random() < 0.05) row.coins = (row.coins + 1) % 1000;
      if (!input.fire) continue;
      const shot = shots.add({ x: row.x, y: row.y, by: row });
      room.data.set(shot.id, {
        vx: Math.cos(input.walk) * SHOT_SPEED,
        vy: Math.sin(input.walk) * SHOT_SPEED,
        ticksLeft: SHOT_TICKS,
      });
      match.shots = (match.shots + 1) % 1000;
      room.near(row.x, row.y).broadcast("fired", { by: row });
    }
    for (const shot of shots) {
      const flying = room.data.get(shot.id);
      if (flying === undefined) continue;
      flying.ticksLeft -= 1;
      if (flying.ticksLeft === 0) {
        room.data.delete(shot.id);
        shots.remove(shot);
        continue;
      }
      shot.x = (shot.x + WIDTH + flying.vx * dt) % WIDTH;
      shot.y = (shot.y + WIDTH + flying.vy * dt) % WIDTH;
    }
    if (room.tick % GATE_HZ === 0) {
      match.phase = match.phase === "play" ? "rest" : "play";
      room.broadcast("turn", { number: room.tick % 1000 });
    }
  },
});
