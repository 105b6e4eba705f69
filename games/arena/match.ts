import { type Match, type Ship, ticks } from "./arena.ts";

export const ROUND_TICKS = ticks(180);
export const PAUSE_TICKS = ticks(8);
/** A round ends early for who has so many kills. */
export const KILLS_TO_WIN = 25;

/** The one with the most kills, then the fewest deaths, then the longest in the room; nobody without a kill. */
export function leaderOf<S extends Pick<Ship, "id" | "score" | "deaths">>(ships: Iterable<S>): S | undefined {
  let leader: S | undefined;
  for (const ship of ships) {
    if (ship.score === 0) continue;
    if (leader === undefined || standing(ship, leader) < 0) leader = ship;
  }
  return leader;
}

/** Orders a leaderboard. */
export function standing(
  a: Pick<Ship, "id" | "score" | "deaths">,
  b: Pick<Ship, "id" | "score" | "deaths">,
): number {
  return b.score - a.score || a.deaths - b.deaths || a.id - b.id;
}

export type Turn = "none" | "round-over" | "round-started";

/** What the match comes to in this tick; the caller acts on it with {@link endRound} or {@link startRound}. */
export function turnOf(match: Readonly<Match>, leaderScore: number, tick: number): Turn {
  if (match.phase === "live")
    return tick >= match.endsAt || leaderScore >= KILLS_TO_WIN ? "round-over" : "none";
  return tick >= match.endsAt ? "round-started" : "none";
}

export function endRound(match: Match, winner: Ship | undefined, tick: number): void {
  match.phase = "over";
  match.endsAt = tick + PAUSE_TICKS;
  match.winner = winner?.name ?? "";
  if (winner !== undefined) winner.wins = Math.min(winner.wins + 1, 255);
}

export function startRound(match: Match, tick: number): void {
  match.phase = "live";
  match.round += 1;
  match.endsAt = tick + ROUND_TICKS;
  match.winner = "";
}
