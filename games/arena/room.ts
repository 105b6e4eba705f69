import { defineRoom, fail, type Player, type Room } from "tickcast/server";
import { type ArenaSpec, arena, NAME_LENGTH, type Ship, ticks } from "./arena.ts";
import { type Flight, flyOn, launch, shotsOf, WEAPONS } from "./bullets.ts";
import { expire, fall, revive, strike } from "./combat.ts";
import { endRound, leaderOf, startRound, turnOf } from "./match.ts";
import { give, PADS, PICKUP_RADIUS, RESTOCK_TICKS, wants } from "./pickups.ts";
import { freeName, newPilot, type Pilot } from "./pilot.ts";
import { ShipGrid } from "./ship-grid.ts";
import { spawnPoint } from "./spawning.ts";
import { step } from "./step.ts";
import { SHIP_RADIUS } from "./world.ts";

/** What a room remembers beside its state. */
interface Battle {
  readonly flights: Flight[];
  readonly grid: ShipGrid;
  /** Pads that wait for their next pickup: index in `PADS` to the tick it comes. */
  readonly restockAt: Map<number, number>;
  /** Which pad a pickup lies on, by the pickup's row id. */
  readonly padOf: Map<number, number>;
}

type ArenaRoom = Room<ArenaSpec, undefined, Battle, Pilot>;
type ArenaPlayer = Player<ArenaSpec, Pilot>;

/** How an arena behaves. */
export const arenaRoom = defineRoom(arena, {
  maxPlayers: 250,
  emptyForMs: 30_000,
  metadata: { round: 1, champion: "" },
  data: (): Battle => ({
    flights: [],
    grid: new ShipGrid(),
    restockAt: new Map(),
    padOf: new Map(),
  }),
  admit: () => newPilot(),

  create(room) {
    PADS.forEach((_pad, index) => {
      stock(room, index);
    });
    startRound(room.state.match, room.tick);
  },

  join(room, player, { name, colour, bot }) {
    player.row.name = freeName(name, NAME_LENGTH, (wanted) => isTaken(room, wanted, player.row));
    player.row.colour = colour;
    player.row.bot = bot;
    place(room, player.row);
    // Bots come by the dozen; that is no news.
    if (!bot) room.broadcast("notice", { kind: "joined", name: player.row.name, before: undefined });
  },

  leave(room, player) {
    if (player.row.bot) return;
    room.broadcast("notice", { kind: "left", name: player.row.name, before: undefined });
  },

  tick(room, dt) {
    for (const player of room.players) steer(room, player, dt);
    flyBullets(room, dt);
    for (const player of room.players) shoot(room, player);
    collect(room);
    restock(room);
    keepTime(room);
  },

  on: {
    chat(room, player, { text }) {
      if (room.tick < player.data.chatsAgainAt) {
        player.send("notice", { kind: "chat-too-fast", name: player.row.name, before: undefined });
        return;
      }
      player.data.chatsAgainAt = room.tick + ticks(0.7);
      room.broadcast("chat", { from: player.row, text });
    },
  },

  requests: {
    rename(room, player, { name }) {
      if (room.tick < player.data.renamesAgainAt) return fail("too-soon");
      if (isTaken(room, name, player.row)) return fail("taken");
      player.data.renamesAgainAt = room.tick + ticks(5);
      room.broadcast("notice", { kind: "renamed", name, before: player.row.name });
      player.row.name = name;
      return { name };
    },
  },
});

function isTaken(room: ArenaRoom, name: string, except: Ship): boolean {
  const wanted = name.toLowerCase();
  for (const { row } of room.players) if (row !== except && row.name.toLowerCase() === wanted) return true;
  return false;
}

function place(room: ArenaRoom, ship: Ship): void {
  const others: Ship[] = [];
  for (const { row } of room.players) if (row !== ship && row.life !== "dead") others.push(row);
  revive(
    ship,
    spawnPoint(() => room.random(), others),
    room.tick,
  );
}

function steer(room: ArenaRoom, { row, input }: ArenaPlayer, dt: number): void {
  expire(row, room.tick);
  if (row.life === "dead") {
    row.aim = input.aim;
    if (room.tick >= row.respawnAt) place(room, row);
    return;
  }
  step(row, input, room.tick, dt);
}

function shoot(room: ArenaRoom, player: ArenaPlayer): void {
  const { row, input, data } = player;
  if (!input.fire || row.life === "dead" || room.tick < data.shootsAgainAt) return;
  if (room.state.match.phase === "over") return;
  row.life = "alive";
  data.shootsAgainAt = room.tick + WEAPONS[row.weapon].cooldownTicks;
  for (const shot of shotsOf(row)) {
    const { x, y, heading } = shot;
    const bullet = room.state.bullets.add({ x, y, heading, bornAt: room.tick, by: row });
    room.data.flights.push(launch(bullet, shot, row));
  }
}

function flyBullets(room: ArenaRoom, dt: number): void {
  const { flights, grid } = room.data;
  if (flights.length === 0) return;
  grid.fill(solid(room));
  for (const { flight, struck } of flyOn(flights, grid, dt)) {
    room.state.bullets.remove(flight.row);
    if (struck !== undefined) hit(room, struck, flight);
  }
}

function* solid(room: ArenaRoom): Iterable<Ship> {
  for (const ship of room.state.players) if (ship.life !== "dead") yield ship;
}

function hit(room: ArenaRoom, ship: Ship, { by, damage }: Flight): void {
  const blow = strike(ship, damage);
  if (blow === "nothing") return;
  room.broadcast("hit", { on: ship, by, damage, shielded: blow === "absorbed" });
  if (blow !== "killed") return;
  fall(ship, room.tick);
  by.score += 1;
  room.broadcast("died", { who: ship, by });
}

function collect(room: ArenaRoom): void {
  const reach = SHIP_RADIUS + PICKUP_RADIUS;
  for (const pickup of room.state.pickups) {
    for (const ship of room.state.players) {
      if (ship.life === "dead" || !wants(ship, pickup.kind)) continue;
      if (Math.abs(ship.x - pickup.x) > reach || Math.abs(ship.y - pickup.y) > reach) continue;
      if (Math.hypot(ship.x - pickup.x, ship.y - pickup.y) > reach) continue;
      give(ship, pickup.kind, room.tick);
      room.broadcast("pickedUp", { who: ship, kind: pickup.kind });
      const pad = room.data.padOf.get(pickup.id);
      room.data.padOf.delete(pickup.id);
      room.state.pickups.remove(pickup);
      if (pad !== undefined) room.data.restockAt.set(pad, room.tick + RESTOCK_TICKS);
      break;
    }
  }
}

function restock(room: ArenaRoom): void {
  for (const [pad, at] of room.data.restockAt) {
    if (room.tick < at) continue;
    room.data.restockAt.delete(pad);
    stock(room, pad);
  }
}

function stock(room: ArenaRoom, index: number): void {
  const pad = PADS[index];
  if (pad === undefined) return;
  const pickup = room.state.pickups.add({ x: pad.x, y: pad.y, kind: pad.kind });
  room.data.padOf.set(pickup.id, index);
}

function keepTime(room: ArenaRoom): void {
  const { match, players } = room.state;
  const leader = leaderOf(players);
  switch (turnOf(match, leader?.score ?? 0, room.tick)) {
    case "none":
      return;
    case "round-over":
      endRound(match, leader, room.tick);
      room.broadcast("notice", { kind: "round-over", name: match.winner, before: undefined });
      return;
    case "round-started":
      startRound(match, room.tick);
      for (const ship of players) {
        ship.score = 0;
        ship.deaths = 0;
        place(room, ship);
      }
      room.broadcast("notice", { kind: "round-started", name: "", before: undefined });
      room.setMetadata({ round: match.round, champion: leader?.name ?? "" });
  }
}
