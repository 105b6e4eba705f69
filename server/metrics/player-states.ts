import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { PresenceName } from "../room/presence.ts";

/** A bus subscriber that knows how each player stands to their room, for whoever counts them. */
export class PlayerStates {
  readonly #rooms = new Map<string, { readonly game: string; readonly players: Map<number, PresenceName> }>();
  readonly #releases: readonly Release[];

  constructor(bus: Bus) {
    this.#releases = [
      bus.on("roomCreated", ({ room: { id, game } }) => {
        this.#rooms.set(id, { game, players: new Map() });
      }),
      bus.on("roomRestored", ({ room, players }) => {
        const states = this.#rooms.get(room.id)?.players;
        for (const player of players) if (!states?.has(player)) states?.set(player, "away");
      }),
      bus.on("roomClosed", ({ room }) => void this.#rooms.delete(room.id)),
      bus.on("playerJoined", ({ room, player }) => {
        this.#rooms.get(room.id)?.players.set(player, "entering");
      }),
      bus.on("presenceChanged", ({ room, player, to }) => {
        const players = this.#rooms.get(room.id)?.players;
        // Whose `join` failed was never a player.
        if (players?.has(player)) players.set(player, to);
      }),
      bus.on("playerLeft", ({ room, player }) => void this.#rooms.get(room.id)?.players.delete(player)),
    ];
  }

  /** Rooms that are open, by game; a game without rooms is left out. */
  rooms(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { game } of this.#rooms.values()) counts.set(game, (counts.get(game) ?? 0) + 1);
    return counts;
  }

  /** Players by game, then by state. */
  players(): Map<string, Map<PresenceName, number>> {
    const games = new Map<string, Map<PresenceName, number>>();
    for (const { game, players } of this.#rooms.values()) {
      const counts = games.get(game) ?? new Map<PresenceName, number>();
      games.set(game, counts);
      for (const state of players.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return games;
  }

  release(): void {
    for (const release of this.#releases) release();
  }
}
