import { defineRoom, fail, type Player, type Room } from "tickcast/server";
import { freeName } from "../free-name.ts";
import { type ArenaSpec, arena, GRACE_SECONDS, NAME_LENGTH, type Ship, ticks } from "./arena.ts";
import { type Flight, flyOn, handOver, type LookBack, launch, shotsOf, WEAPONS } from "./bullets.ts";
import { expire, fall, isFlying, leaveAlone, revive, strike, takeUp, wasFlying } from "./combat.ts";
import { endRound, leaderOf, startRound, turnOf } from "./match.ts";
import {
  LEADERS,
  leadersOf,
  NO_SQUARE,
  OVERVIEW_TICKS,
  PLACE_TICKS,
  placesByScore,
  radarOf,
  squareOf,
} from "./overview.ts";
import { give, PADS, PICKUP_RADIUS, RESTOCK_TICKS, wants } from "./pickups.ts";
import { newPilot, type Pilot } from "./pilot.ts";
import { ShipGrid } from "./ship-grid.ts";
import { spawnPoint } from "./spawning.ts";
import { CELL, focusOf, RADIUS } from "./view.ts";
import { SHIP_RADIUS } from "./world.ts";

/** Up to so many players every kill is news to everybody; in a crowd it is to the two whom it concerns. */
const KILLS_ARE_NEWS = 12;

/** What a room remembers beside its state. */
interface Battle {
  readonly flights: Flight[];
  /** Who flies, as of this tick's moves. */
  readonly grid: ShipGrid;
  /** By the id of the ship. */
  readonly pilots: Map<number, ArenaPlayer>;
  /** In lower case: names are unique. */
  readonly names: Set<string>;
  /** Pads that wait for their next pickup: index in `PADS` to the tick it comes. */
  readonly restockAt: Map<number, number>;
  /** Which pad a pickup lies on, by the pickup's row id. */
  readonly padOf: Map<number, number>;
}

type ArenaRoom = Room<ArenaSpec, undefined, Battle, Pilot, "players">;
type ArenaPlayer = Player<ArenaSpec, Pilot>;

/** How an arena behaves. */
export const arenaRoom = defineRoom(arena, {
  maxPlayers: 3_000,
  emptyForMs: 30_000,
  graceMs: GRACE_SECONDS * 1_000,
  interest: { cellSize: CELL, radius: RADIUS },
  // A round trip of 300 ms with its margins. A dash goes 39 units in a tick, who returns appears elsewhere.
  rewind: { tables: ["players"], maxMs: 500 },
  metadata: { round: 1, champion: "" },
  data: (): Battle => ({
    flights: [],
    grid: new ShipGrid(),
    pilots: new Map(),
    names: new Set(),
    restockAt: new Map(),
    padOf: new Map(),
  }),
  admit: () => newPilot(),

  create(room) {
    PADS.forEach((_pad, index) => {
      stock(room, index);
    });
    startRound(room.state.match, room.tick);
    room.state.radar.leader = NO_SQUARE;
  },

  join(room, player, { name, colour, bot }) {
    const { names, pilots } = room.data;
    player.row.name = freeName(name, NAME_LENGTH, (wanted) => names.has(wanted.toLowerCase()));
    names.add(player.row.name.toLowerCase());
    pilots.set(player.row.id, player);
    player.row.colour = colour;
    player.row.bot = bot;
    place(room, player.row);
    // Bots come by the dozen; that is no news.
    if (!bot) room.broadcast("notice", { kind: "joined", name: player.row.name, before: undefined });
  },

  leave(room, player) {
    room.data.names.delete(player.row.name.toLowerCase());
    room.data.pilots.delete(player.row.id);
    if (player.row.bot) return;
    room.broadcast("notice", { kind: "left", name: player.row.name, before: undefined });
  },

  away(_room, { row }) {
    leaveAlone(row);
  },

  back(room, { row }) {
    takeUp(row, room.tick);
  },

  announce(room, text) {
    room.broadcast("announced", { text });
  },

  tick(room, dt) {
    for (const player of room.players) steer(room, player, dt);
    room.data.grid.fill(flying(room));
    flyBullets(room, dt);
    for (const player of room.players) shoot(room, player);
    collect(room);
    restock(room);
    keepTime(room);
    survey(room);
    for (const { row, data, lookAt } of room.players) lookAt(focusOf(row, data.shape));
  },

  on: {
    view(_room, player, { shape }) {
      player.data.shape = shape;
    },
    chat(room, player, { text }) {
      if (room.tick < player.data.chatsAgainAt) {
        player.send("notice", { kind: "chat-too-fast", name: player.row.name, before: undefined });
        return;
      }
      player.data.chatsAgainAt = room.tick + ticks(0.7);
      const { name, colour } = player.row;
      room.broadcast("chat", { from: player.row, name, colour, text });
    },
  },

  requests: {
    rename(room, player, { name }) {
      if (room.tick < player.data.renamesAgainAt) return fail("too-soon");
      const { names } = room.data;
      const [wanted, present] = [name.toLowerCase(), player.row.name.toLowerCase()];
      if (wanted !== present && names.has(wanted)) return fail("taken");
      names.delete(present);
      names.add(wanted);
      player.data.renamesAgainAt = room.tick + ticks(5);
      room.broadcast("notice", { kind: "renamed", name, before: player.row.name });
      player.row.name = name;
      return { name };
    },
  },
});

function place(room: ArenaRoom, ship: Ship): void {
  const { grid } = room.data;
  revive(
    ship,
    spawnPoint(() => room.random(), grid),
    room.tick,
  );
  // Who comes next in this tick keeps away from it.
  grid.add(ship);
}

function steer(room: ArenaRoom, { row, input, away }: ArenaPlayer, dt: number): void {
  expire(row, room.tick);
  // The dead wait for their pilot, too.
  if (away) return;
  arena.spec.predict.step(row, input, dt, room);
  if (row.life === "dead" && room.tick >= row.respawnAt) place(room, row);
}

function shoot(room: ArenaRoom, player: ArenaPlayer): void {
  const { row, input, data } = player;
  if (!input.fire || !isFlying(row) || room.tick < data.shootsAgainAt) return;
  if (room.state.match.phase === "over") return;
  row.life = "alive";
  data.shootsAgainAt = room.tick + WEAPONS[row.weapon].cooldownTicks;
  const lag = room.tick - player.viewTick;
  for (const shot of shotsOf(row)) {
    const { x, y, heading } = shot;
    const bullet = room.state.bullets.add({ x, y, heading, bornAt: room.tick, by: row });
    room.data.flights.push(launch(bullet, shot, row, lag));
  }
}

function flyBullets(room: ArenaRoom, dt: number): void {
  const { flights, grid } = room.data;
  const lookBack: LookBack = (lag, fly) => {
    const then = room.tick - lag;
    return room.rewind(then, ({ players }) =>
      fly(then, (ship) => (wasFlying(ship, then) ? players.get(ship.id) : undefined)),
    );
  };
  for (const { flight, struck } of flyOn(flights, grid, dt, lookBack)) {
    room.state.bullets.remove(flight.row);
    if (struck !== undefined) hit(room, struck, flight);
  }
  for (const flight of flights) handOver(flight, room.tick);
}

function* flying(room: ArenaRoom): Iterable<Ship> {
  for (const ship of room.state.players) if (isFlying(ship)) yield ship;
}

function hit(room: ArenaRoom, ship: Ship, { by, damage }: Flight): void {
  const blow = strike(ship, damage);
  if (blow === "nothing") return;
  const witnesses = room.near(ship.x, ship.y);
  witnesses.broadcast("hit", { on: ship, by, damage, shielded: blow === "absorbed" });
  if (blow !== "killed") return;
  fall(ship, room.tick);
  by.score += 1;
  witnesses.broadcast("died", { who: ship, by });
  const news = { who: ship.name, whoColour: ship.colour, by: by.name, byColour: by.colour };
  if (room.players.size <= KILLS_ARE_NEWS) room.broadcast("killed", news);
  else for (const { id } of [ship, by]) room.data.pilots.get(id)?.send("killed", news);
}

function collect(room: ArenaRoom): void {
  const reach = SHIP_RADIUS + PICKUP_RADIUS;
  for (const pickup of room.state.pickups) {
    const { x, y, kind } = pickup;
    const ship = room.data.grid.nearest(x, y, reach, (near) => isFlying(near) && wants(near, kind));
    if (ship === undefined) continue;
    give(ship, kind, room.tick);
    room.near(x, y).broadcast("pickedUp", { who: ship, kind });
    const pad = room.data.padOf.get(pickup.id);
    room.data.padOf.delete(pickup.id);
    room.state.pickups.remove(pickup);
    if (pad !== undefined) room.data.restockAt.set(pad, room.tick + RESTOCK_TICKS);
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
        // Where they are: thousands who appear elsewhere at once would all need all of their new surroundings.
        if (ship.life === "dead") place(room, ship);
        else revive(ship, ship, room.tick);
        if (room.data.pilots.get(ship.id)?.away) leaveAlone(ship);
      }
      room.broadcast("notice", { kind: "round-started", name: "", before: undefined });
      room.setMetadata({ round: match.round, champion: leader?.name ?? "" });
  }
}

/** Tells everybody of the whole room: as much for thousands of players as for ten. */
function survey(room: ArenaRoom): void {
  const { match, players, radar } = room.state;
  match.players = room.players.size;
  const placeOf = placesByScore(players);
  // One after the other, since what is told to one alone is a frame of its own.
  for (const ship of players) if ((room.tick + ship.id) % PLACE_TICKS === 0) ship.place = placeOf(ship.score);
  if (room.tick % OVERVIEW_TICKS !== 0) return;
  const leaders = leadersOf(players, LEADERS);
  radar.ships = radarOf(players);
  radar.leader = leaderSquare(leaders[0]);
  showLeaders(room, leaders);
}

function leaderSquare(leader: Ship | undefined): number {
  return leader === undefined || leader.score === 0 ? NO_SQUARE : squareOf(leader);
}

function showLeaders(room: ArenaRoom, leaders: readonly Ship[]): void {
  const rows = [...room.state.leaders];
  leaders.forEach((ship, index) => {
    const row = rows[index] ?? room.state.leaders.add({ place: index + 1 });
    row.ship = ship;
    row.name = ship.name;
    row.colour = ship.colour;
    row.bot = ship.bot;
    row.score = ship.score;
    row.deaths = ship.deaths;
    row.wins = ship.wins;
  });
  for (const row of rows.slice(leaders.length)) room.state.leaders.remove(row);
}
