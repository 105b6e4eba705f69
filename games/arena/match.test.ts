import { describe, expect, test } from "vitest";
import type { Match } from "./arena.ts";
import { endRound, KILLS_TO_WIN, leaderOf, PAUSE_TICKS, ROUND_TICKS, startRound, turnOf } from "./match.ts";
import { shipAt } from "./ship.fixture.ts";

const newMatch = (): Match => ({ id: 1, phase: "over", round: 0, endsAt: 0, players: 0, winner: "" });

describe("the match", () => {
  test("[ARE-17] a round ends when its time is over, or early for who has the kills to win", () => {
    const match = newMatch();
    startRound(match, 100);
    expect(match).toMatchObject({ phase: "live", round: 1, endsAt: 100 + ROUND_TICKS });
    expect(turnOf(match, KILLS_TO_WIN - 1, 100 + ROUND_TICKS - 1)).toBe("none");
    expect(turnOf(match, KILLS_TO_WIN, 101)).toBe("round-over");
    expect(turnOf(match, 0, 100 + ROUND_TICKS)).toBe("round-over");
  });

  test("[ARE-18] the winner is named through the pause, then the next round begins", () => {
    const match = newMatch();
    startRound(match, 0);
    const winner = shipAt(0, 0, { name: "Grace", score: 3 });
    endRound(match, winner, 500);
    expect(match).toMatchObject({ phase: "over", winner: "Grace", endsAt: 500 + PAUSE_TICKS });
    expect(winner.wins).toBe(1);
    expect(turnOf(match, KILLS_TO_WIN, 500 + PAUSE_TICKS - 1)).toBe("none");
    expect(turnOf(match, 0, 500 + PAUSE_TICKS)).toBe("round-started");
    startRound(match, 500 + PAUSE_TICKS);
    expect(match).toMatchObject({ phase: "live", round: 2, winner: "" });
  });

  test("[ARE-19] most kills lead; then fewer deaths; then the longer stay; nobody without a kill", () => {
    const a = shipAt(0, 0, { id: 1, score: 3, deaths: 4 });
    const b = shipAt(0, 0, { id: 2, score: 3, deaths: 2 });
    const c = shipAt(0, 0, { id: 3, score: 3, deaths: 2 });
    expect(leaderOf([a, c, b])).toBe(b);
    expect(leaderOf([shipAt(0, 0)])).toBeUndefined();
    expect(leaderOf([])).toBeUndefined();
  });
});
